import type { ByteReader } from '../containers/byte-reader';
import { firstChunkType, firstDataAt, isWebp, riffChunks } from '../containers/riff-chunks';
import type { Size } from '../size';
import type { PictureHeader } from './picture-header';

export const webpHeader: PictureHeader = { format: 'webp', matches: isWebp, readSize: readWebpSize, isComplete };

const pixelChunks: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ANMF']);

/**
 * The canvas size of a WebP file of any kind.
 * @throws RangeError where the first chunk is none that starts a WebP file.
 */
export function readWebpSize(reader: ByteReader): Size {
  switch (firstChunkType(reader)) {
    case 'VP8 ':
      return readLossySize(reader);
    case 'VP8L':
      return readLosslessSize(reader);
    case 'VP8X':
      return {
        width: reader.uintLittleEndian(firstDataAt + 4, 3) + 1,
        height: reader.uintLittleEndian(firstDataAt + 7, 3) + 1,
      };
    default:
      throw new RangeError('unknown first chunk');
  }
}

/** RFC 6386, 9.1: a start code, then 14 bits for each edge and 2 for a scale that nobody applies. */
function readLossySize(reader: ByteReader): Size {
  if (reader.uint(firstDataAt + 3, 3) !== 0x9d012a) throw new RangeError('not a key frame');
  return {
    width: reader.uintLittleEndian(firstDataAt + 6, 2) & 0x3fff,
    height: reader.uintLittleEndian(firstDataAt + 8, 2) & 0x3fff,
  };
}

/** RFC 9649, 3.4: a signature byte, then 14 bits for each edge less one. */
function readLosslessSize(reader: ByteReader): Size {
  if (reader.uint8(firstDataAt) !== 0x2f) throw new RangeError('not a lossless frame');
  const bits = reader.uintLittleEndian(firstDataAt + 1, 4);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function isComplete(reader: ByteReader): boolean {
  let hasPixels = false;
  for (const chunk of riffChunks(reader)) hasPixels ||= pixelChunks.has(chunk.type);
  return hasPixels;
}
