import { bounded } from './bounded';
import { joinBytes, textBytes, uintBytes } from './byte-parts';
import type { ByteReader } from './byte-reader';

const signature = '\x89PNG\r\n\x1a\n';
export const pngSignature: Uint8Array = Uint8Array.from(signature, (character) => character.charCodeAt(0));

export interface PngChunk {
  readonly type: string;
  readonly start: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  readonly end: number;
}

export function isPng(reader: ByteReader): boolean {
  return reader.text(0, signature.length) === signature;
}

/**
 * The chunks of a PNG up to and with IEND. What follows IEND is not looked at.
 * @throws RangeError at a chunk that does not fit in the file. https://www.w3.org/TR/png-3/#5Chunk-layout
 */
export function pngChunks(reader: ByteReader): Generator<PngChunk> {
  return bounded(walk(reader));
}

/** A whole chunk: length, type, data and the CRC over type and data. */
export function pngChunkBytes(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const checked = joinBytes([textBytes(type), data]);
  return joinBytes([uintBytes(data.byteLength, 4), checked, uintBytes(crc32(checked), 4)]);
}

/** https://www.w3.org/TR/png-3/#D-CRCAppendix */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function* walk(reader: ByteReader): Generator<PngChunk> {
  for (let at = signature.length; ; ) {
    const dataStart = at + 8;
    const dataEnd = dataStart + reader.uint(at, 4);
    const chunk = { type: reader.text(at + 4, 4), start: at, dataStart, dataEnd, end: dataEnd + 4 };
    if (chunk.end > reader.length) throw new RangeError('the chunk does not fit');
    yield chunk;
    if (chunk.type === 'IEND') return;
    at = chunk.end;
  }
}
