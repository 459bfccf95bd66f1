import { joinBytes, textBytes } from '../containers/byte-parts';
import { ByteReader } from '../containers/byte-reader';
import { type JpegSegment, jpegMarkers, jpegSegmentBytes, jpegSegments } from '../containers/jpeg-segments';

/** What starts the data of an APP1 segment says what it holds. */
const names = {
  xmp: 'http://ns.adobe.com/xap/1.0/\0',
  moreXmp: 'http://ns.adobe.com/xmp/extension/\0',
  exif: 'Exif\0\0',
};

/**
 * A JPEG with the packet as its one XMP segment, behind the segments of JFIF and EXIF, which have to be first.
 * @throws RangeError where the file has no scan, or the packet does not fit in a segment (65,502 bytes).
 */
export function markJpeg(bytes: Uint8Array<ArrayBuffer>, packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(bytes);
  const segments = segmentsBeforeScan(reader);
  const scanStart = segments.at(-1)?.end ?? 2;
  const kept = segments.filter((segment) => !startsWith(reader, segment, names.xmp, names.moreXmp));
  const leading = kept.findIndex((segment) => !isFirst(reader, segment));
  const headCount = leading === -1 ? kept.length : leading;
  const parts = kept.map(({ start, end }) => reader.slice(start, end));
  const xmp = jpegSegmentBytes(jpegMarkers.app1, joinBytes([textBytes(names.xmp), packet]));
  const startOfImage = reader.slice(0, 2);
  const rest = reader.slice(scanStart, reader.length);
  return joinBytes([startOfImage, ...parts.slice(0, headCount), xmp, ...parts.slice(headCount), rest]);
}

/** @throws RangeError where no scan follows. */
function segmentsBeforeScan(reader: ByteReader): readonly JpegSegment[] {
  const segments: JpegSegment[] = [];
  for (const segment of jpegSegments(reader)) {
    if (segment.marker === jpegMarkers.startOfScan) return segments;
    segments.push(segment);
  }
  throw new RangeError('no scan');
}

function isFirst(reader: ByteReader, segment: JpegSegment): boolean {
  return segment.marker === jpegMarkers.app0 || startsWith(reader, segment, names.exif);
}

function startsWith(reader: ByteReader, segment: JpegSegment, ...starts: readonly string[]): boolean {
  const lengthBytes = segment.end - segment.dataStart;
  return (
    segment.marker === jpegMarkers.app1 &&
    starts.some((start) => lengthBytes >= start.length && reader.text(segment.dataStart, start.length) === start)
  );
}
