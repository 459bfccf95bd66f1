import { joinBytes, uintBytesLittleEndian } from '../containers/byte-parts';
import { ByteReader } from '../containers/byte-reader';
import { firstChunkType, firstDataAt, riffChunkBytes, riffChunks, webpBytes } from '../containers/riff-chunks';
import { readWebpSize } from '../probe/webp-header';

const flags = { xmp: 0x04, alpha: 0x10 } as const;
const headerBytes = 10;

/**
 * A WebP file in the extended format with the packet as its one XMP chunk, which is the last.
 * @throws RangeError where the file is not a whole WebP file.
 */
export function markWebp(bytes: Uint8Array<ArrayBuffer>, packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(bytes);
  const kept = [...riffChunks(reader)]
    .filter((chunk) => chunk.type !== 'VP8X' && chunk.type !== 'XMP ')
    .map((chunk) => riffChunkBytes(chunk.type, reader.slice(chunk.dataStart, chunk.dataEnd)));
  return webpBytes([riffChunkBytes('VP8X', extendedHeader(reader)), ...kept, riffChunkBytes('XMP ', packet)]);
}

/** The file's own extended header with the XMP flag, or one made for a simple file. */
function extendedHeader(reader: ByteReader): Uint8Array {
  if (firstChunkType(reader) === 'VP8X') {
    const header = reader.slice(firstDataAt, firstDataAt + headerBytes).slice();
    header[0] = reader.uint8(firstDataAt) | flags.xmp;
    return header;
  }
  const { width, height } = readWebpSize(reader);
  const firstByte = flags.xmp | (usesAlpha(reader) ? flags.alpha : 0);
  const edges = [uintBytesLittleEndian(width - 1, 3), uintBytesLittleEndian(height - 1, 3)];
  return joinBytes([new Uint8Array([firstByte, 0, 0, 0]), ...edges]);
}

/** In a simple file only a lossless frame can have alpha, and says so in the bit behind its size. */
function usesAlpha(reader: ByteReader): boolean {
  return firstChunkType(reader) === 'VP8L' && ((reader.uintLittleEndian(firstDataAt + 1, 4) >>> 28) & 1) === 1;
}
