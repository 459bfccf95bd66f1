import { inflated } from './inflated';

/** What a PNG says of its pixels. https://www.w3.org/TR/png-3/#11IHDR */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a channel, or of a place in the palette. */
  readonly depth: number;
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

export interface PngChunk {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Encoders leave a few bytes behind the last row; a file that has gigabytes there was made to. */
export const mostSurplusBytes = 4_096;

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function pngChunks(file: Uint8Array<ArrayBuffer>): PngChunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: PngChunk[] = [];
  for (let start = 8; start + 12 <= file.length; ) {
    const length = view.getUint32(start);
    const type = String.fromCharCode(...file.subarray(start + 4, start + 8));
    chunks.push({ type, bytes: file.subarray(start + 8, start + 8 + length) });
    start += 12 + length;
  }
  return chunks;
}

/** Null where there is none, or one that makes no sense. */
export function pngHeader(chunks: readonly PngChunk[]): PngHeader | null {
  const bytes = chunks.find(({ type }) => type === 'IHDR')?.bytes;
  if (bytes?.length !== 13) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height, depth, colourType] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)];
  if (width === 0 || height === 0) return null;
  if (channelsOf[colourType] === undefined || ![1, 2, 4, 8, 16].includes(depth)) return null;
  return { width, height, depth, colourType, isInterlaced: view.getUint8(12) !== 0 };
}

/**
 * Inflates the rows of a PNG that is not interlaced, one after the other: no more than two of them are ever held.
 * `take` gets each row's bytes, which are good until the next one.
 * @returns whether all were there. Behind the last it reads on to the checksum, and gives up where there is much more.
 * @throws TypeError when the data is not zlib's, or not what its checksum is of.
 */
export async function eachPngRow(
  chunks: readonly PngChunk[],
  { width, height, depth, colourType }: PngHeader,
  take: (row: Uint8Array, index: number) => void,
): Promise<boolean> {
  const bits = (channelsOf[colourType] ?? 0) * depth;
  const stride = Math.ceil((width * bits) / 8);
  const back = Math.max(1, bits / 8);
  let [row, above] = [new Uint8Array(1 + stride), new Uint8Array(1 + stride)];
  let [filled, index, surplus] = [0, 0, 0];
  const data = chunks.filter(({ type }) => type === 'IDAT').map(({ bytes }) => bytes);
  for await (const chunk of inflated(data)) {
    let start = 0;
    while (start < chunk.length && index < height) {
      const part = chunk.subarray(start, start + row.length - filled);
      row.set(part, filled);
      filled += part.length;
      start += part.length;
      if (filled < row.length) break;
      unfilters[row[0] ?? 0]?.(row, above, back);
      take(row.subarray(1), index);
      [row, above, filled, index] = [above, row, 0, index + 1];
    }
    surplus += chunk.length - start;
    if (index === height && surplus > mostSurplusBytes) return false;
  }
  return index === height;
}

type Unfilter = (row: Uint8Array, above: Uint8Array, back: number) => void;

/** In place. The first byte of a row names its filter. https://www.w3.org/TR/png-3/#9Filters */
const unfilters: readonly Unfilter[] = [() => undefined, addLeft, addAbove, addMean, addPaeth];

function addLeft(row: Uint8Array, _above: Uint8Array, back: number): void {
  for (let at = 1 + back; at < row.length; at += 1) row[at] = valueAt(row, at) + valueAt(row, at - back);
}

function addAbove(row: Uint8Array, above: Uint8Array): void {
  for (let at = 1; at < row.length; at += 1) row[at] = valueAt(row, at) + valueAt(above, at);
}

function addMean(row: Uint8Array, above: Uint8Array, back: number): void {
  for (let at = 1; at < row.length; at += 1) {
    const left = at > back ? valueAt(row, at - back) : 0;
    row[at] = valueAt(row, at) + ((left + valueAt(above, at)) >> 1);
  }
}

function addPaeth(row: Uint8Array, above: Uint8Array, back: number): void {
  for (let at = 1; at < row.length; at += 1) {
    const isFirst = at <= back;
    const left = isFirst ? 0 : valueAt(row, at - back);
    const up = valueAt(above, at);
    const corner = isFirst ? 0 : valueAt(above, at - back);
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    const nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    row[at] = valueAt(row, at) + nearest;
  }
}

const valueAt = (bytes: Uint8Array, index: number) => bytes[index] ?? 0;
