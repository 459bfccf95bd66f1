import { eachPngRow, type PngChunk, type PngHeader, pngChunks, pngHeader } from './png-rows';

/** Eight bits a channel, row by row, with alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/** As large as a picture can be ordered, and some more: what is larger is not decoded in a Worker. */
const mostPixels = 8_000_000;
/** Pixels of the picture, in each direction, that a pixel of the thumbnail is made of at the most. */
const samples = 4;

/**
 * A thumbnail of a PNG, no larger than `edge` pixels each way and never larger than the picture: the means of pixels
 * spread over it, which is all that a placeholder needs. It holds two rows at a time. Null for what is interlaced, too
 * large, cut short or no PNG.
 */
export async function pngThumbnail(file: Uint8Array<ArrayBuffer>, edge: number): Promise<Pixels | null> {
  const chunks = pngChunks(file);
  const header = pngHeader(chunks);
  if (header === null || header.isInterlaced || header.width * header.height > mostPixels) return null;
  const size = sizeWithin(header, edge);
  const sums = new Float64Array(size.width * size.height * 4);
  const step = Math.max(1, Math.floor(header.width / size.width / samples));
  const read = pixelReader(header, chunks);
  const isWhole = await eachPngRow(chunks, header, (row, y) => {
    if (y % step !== 0) return;
    const target = Math.floor((y * size.height) / header.height) * size.width;
    for (let x = 0; x < header.width; x += step) {
      add(sums, 4 * (target + Math.floor((x * size.width) / header.width)), read(row, x));
    }
  }).catch(() => false);
  return isWhole ? { ...size, rgba: meansOf(sums, samplesIn(header, size, step)) } : null;
}

function sizeWithin({ width, height }: PngHeader, edge: number) {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A pixel as `0xrrggbbaa`. */
type PixelReader = (row: Uint8Array, x: number) => number;

function pixelReader({ depth, colourType }: PngHeader, chunks: readonly PngChunk[]): PixelReader {
  // Of a channel with sixteen bits, the upper eight.
  const bytes = depth === 16 ? 2 : 1;
  if (colourType === 2)
    return (row, x) =>
      pixelOf(row[3 * bytes * x] ?? 0, row[3 * bytes * x + bytes] ?? 0, row[3 * bytes * x + 2 * bytes] ?? 0, 255);
  if (colourType === 6) {
    return (row, x) => {
      const at = 4 * bytes * x;
      return pixelOf(row[at] ?? 0, row[at + bytes] ?? 0, row[at + 2 * bytes] ?? 0, row[at + 3 * bytes] ?? 0);
    };
  }
  if (colourType === 4) return (row, x) => greyOf(row[2 * bytes * x] ?? 0, row[2 * bytes * x + bytes] ?? 0);
  const valueAt = (row: Uint8Array, x: number) => (depth >= 8 ? (row[bytes * x] ?? 0) : bitsAt(row, x * depth, depth));
  if (colourType === 0)
    return (row, x) => greyOf(depth >= 8 ? valueAt(row, x) : (valueAt(row, x) * 255) / (2 ** depth - 1), 255);
  const palette = paletteOf(chunks);
  return (row, x) => palette[valueAt(row, x)] ?? 0;
}

function bitsAt(row: Uint8Array, bit: number, depth: number): number {
  return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

function paletteOf(chunks: readonly PngChunk[]): number[] {
  const bytesOf = (name: string) => chunks.find(({ type }) => type === name)?.bytes ?? new Uint8Array();
  const [colours, alphas] = [bytesOf('PLTE'), bytesOf('tRNS')];
  return Array.from({ length: colours.length / 3 }, (_, index) => {
    const [red = 0, green = 0, blue = 0] = colours.subarray(3 * index, 3 * index + 3);
    return pixelOf(red, green, blue, alphas[index] ?? 255);
  });
}

const pixelOf = (red: number, green: number, blue: number, alpha: number) =>
  ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;
const greyOf = (grey: number, alpha: number) => pixelOf(grey, grey, grey, alpha);

/** What is transparent has no colour: each counts by its alpha. */
function add(sums: Float64Array, at: number, pixel: number): void {
  const alpha = pixel & 255;
  sums[at] = (sums[at] ?? 0) + (pixel >>> 24) * alpha;
  sums[at + 1] = (sums[at + 1] ?? 0) + ((pixel >>> 16) & 255) * alpha;
  sums[at + 2] = (sums[at + 2] ?? 0) + ((pixel >>> 8) & 255) * alpha;
  sums[at + 3] = (sums[at + 3] ?? 0) + alpha;
}

/** How many pixels each of the thumbnail's is made of. */
function samplesIn(
  from: PngHeader,
  to: { readonly width: number; readonly height: number },
  step: number,
): Uint32Array {
  const across = (length: number, bins: number) => {
    const counts = new Uint32Array(bins);
    for (let at = 0; at < length; at += step) {
      const bin = Math.floor((at * bins) / length);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  const [columns, rows] = [across(from.width, to.width), across(from.height, to.height)];
  // Loops: `from` with a function takes twenty times as long.
  const counts = new Uint32Array(to.width * to.height);
  for (let index = 0; index < counts.length; index += 1)
    counts[index] = (columns[index % to.width] ?? 0) * (rows[Math.floor(index / to.width)] ?? 0);
  return counts;
}

function meansOf(sums: Float64Array, counts: Uint32Array): Uint8Array<ArrayBuffer> {
  const means = new Uint8Array(sums.length);
  for (let index = 0; index < means.length; index += 1) {
    const weight = index % 4 === 3 ? (counts[index >> 2] ?? 1) : (sums[index | 3] ?? 0);
    means[index] = Math.round((sums[index] ?? 0) / Math.max(1, weight));
  }
  return means;
}
