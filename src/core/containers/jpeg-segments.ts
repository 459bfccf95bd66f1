import { bounded } from './bounded';
import { joinBytes, uintBytes } from './byte-parts';
import type { ByteReader } from './byte-reader';

/** The marker codes that our readers tell apart; each is written after a byte 0xFF. */
export const jpegMarkers = { startOfScan: 0xda, endOfImage: 0xd9, app0: 0xe0, app1: 0xe1 } as const;

export interface JpegSegment {
  readonly marker: number;
  /** Where the 0xFF of the marker is, behind any fill bytes. */
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
}

export function isJpeg(reader: ByteReader): boolean {
  return reader.uint(0, 3) === 0xffd8ff;
}

/**
 * The segments of a JPEG behind its start, up to and with the end of the image; coded data is skipped.
 * What follows the end (padding, a camera's second picture) is not looked at.
 * @throws RangeError at a segment that does not fit in the file. https://www.w3.org/Graphics/JPEG/itu-t81.pdf annex B
 */
export function jpegSegments(reader: ByteReader): Generator<JpegSegment> {
  return bounded(walk(reader));
}

/** A whole segment with its marker and length. */
export function jpegSegmentBytes(marker: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return joinBytes([new Uint8Array([0xff, marker]), uintBytes(data.byteLength + 2, 2), data]);
}

function readSegment(reader: ByteReader, at: number): JpegSegment {
  if (reader.uint8(at) !== 0xff) throw new RangeError('no marker where one is due');
  let codeAt = at + 1;
  while (reader.uint8(codeAt) === 0xff) codeAt += 1;
  const marker = reader.uint8(codeAt);
  const start = codeAt - 1;
  const afterCode = codeAt + 1;
  if (isAlone(marker)) return { marker, start, dataStart: afterCode, end: afterCode };
  const lengthBytes = reader.uint(afterCode, 2);
  const end = afterCode + lengthBytes;
  if (lengthBytes < 2 || end > reader.length) throw new RangeError('the segment does not fit');
  return { marker, start, dataStart: afterCode + 2, end };
}

/** Markers without a length: TEM, RSTn, SOI and EOI. */
function isAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

/** In coded data 0xFF is followed by 0 (a stuffed byte) or by a restart marker; anything else ends the scan. */
function endOfScan(reader: ByteReader, start: number): number {
  const { bytes, length } = reader;
  for (let at = start; at + 1 < length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const next = reader.uint8(at + 1);
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw new RangeError('the scan does not end');
}

function* walk(reader: ByteReader): Generator<JpegSegment> {
  for (let at = 2; ; ) {
    const segment = readSegment(reader, at);
    yield segment;
    if (segment.marker === jpegMarkers.endOfImage) return;
    at = segment.marker === jpegMarkers.startOfScan ? endOfScan(reader, segment.end) : segment.end;
  }
}
