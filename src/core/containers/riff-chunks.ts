import { bounded } from './bounded';
import { joinBytes, textBytes, uintBytesLittleEndian } from './byte-parts';
import type { ByteReader } from './byte-reader';

const headerBytes = 12;

export interface RiffChunk {
  readonly type: string;
  readonly start: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

export function isWebp(reader: ByteReader): boolean {
  return reader.text(0, 4) === 'RIFF' && reader.text(8, 4) === 'WEBP';
}

/** The first chunk's type: `VP8 `, `VP8L` or `VP8X`. Its data starts at {@link firstDataAt}. */
export function firstChunkType(reader: ByteReader): string {
  return reader.text(headerBytes, 4);
}
export const firstDataAt = headerBytes + 8;

/**
 * The chunks of a WebP file within the size that its header states.
 * @throws RangeError where the file is shorter than that, or a chunk does not fit.
 * https://developers.google.com/speed/webp/docs/riff_container
 */
export function riffChunks(reader: ByteReader): Generator<RiffChunk> {
  return bounded(walk(reader));
}

/** A whole chunk, padded to an even length. */
export function riffChunkBytes(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const padding = new Uint8Array(data.byteLength % 2);
  return joinBytes([textBytes(type), uintBytesLittleEndian(data.byteLength, 4), data, padding]);
}

/** A whole WebP file of these chunks. */
export function webpBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return riffChunkBytes('RIFF', joinBytes([textBytes('WEBP'), ...chunks]));
}

function* walk(reader: ByteReader): Generator<RiffChunk> {
  const riffEnd = 8 + reader.uintLittleEndian(4, 4);
  if (riffEnd > reader.length) throw new RangeError('the file is shorter than it says');
  for (let at = headerBytes; at < riffEnd; ) {
    const dataStart = at + 8;
    const dataEnd = dataStart + reader.uintLittleEndian(at + 4, 4);
    if (dataEnd > riffEnd) throw new RangeError('the chunk does not fit');
    yield { type: reader.text(at, 4), start: at, dataStart, dataEnd };
    at = dataEnd + (dataEnd % 2);
  }
}
