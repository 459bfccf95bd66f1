/** Eight bits a channel, row by row, with alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/** Enough for a thumbnail: a larger picture is not decoded in a Worker. */
const mostPixels = 128 * 128;
/** Bytes for each pixel by PNG's colour type: grey, RGB, palette, grey with alpha, RGBA. */
const bytesPerPixelOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * The pixels of a small PNG of eight bits a channel that is not interlaced: what the Images binding gives. Null for
 * any other.
 */
export async function pngPixels(file: Uint8Array<ArrayBuffer>): Promise<Pixels | null> {
  const chunks = chunksOf(file);
  const header = chunks.find(({ type }) => type === 'IHDR')?.bytes;
  if (header?.length !== 13) return null;
  const view = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const colourType = view.getUint8(9);
  const bytesPerPixel = bytesPerPixelOf[colourType];
  const isPlain = view.getUint8(8) === 8 && view.getUint8(12) === 0;
  if (bytesPerPixel === undefined || !isPlain || width * height > mostPixels) return null;
  const filtered = await inflate(chunks.filter(({ type }) => type === 'IDAT').map(({ bytes }) => bytes));
  const stride = width * bytesPerPixel;
  if (filtered.length !== (stride + 1) * height) return null;
  const rows = unfilter(filtered, stride, bytesPerPixel);
  const bytesOf = (name: string) => chunks.find(({ type }) => type === name)?.bytes ?? new Uint8Array();
  const paint = { colourType, palette: bytesOf('PLTE'), alphas: bytesOf('tRNS') };
  return { width, height, rgba: paintPixels(rows, bytesPerPixel, paint) };
}

interface Chunk {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function chunksOf(file: Uint8Array<ArrayBuffer>): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  for (let start = 8; start + 12 <= file.length; ) {
    const length = view.getUint32(start);
    const type = String.fromCharCode(...file.subarray(start + 4, start + 8));
    chunks.push({ type, bytes: file.subarray(start + 8, start + 8 + length) });
    start += 12 + length;
  }
  return chunks;
}

async function inflate(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = new Blob([...parts]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfilter(filtered: Uint8Array, stride: number, back: number): Uint8Array {
  const height = filtered.length / (stride + 1);
  const rows = new Uint8Array(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = filtered[row * (stride + 1)] ?? 0;
    for (let index = 0; index < stride; index += 1) {
      const here = row * stride + index;
      const left = index < back ? 0 : (rows[here - back] ?? 0);
      const up = row === 0 ? 0 : (rows[here - stride] ?? 0);
      const corner = index < back || row === 0 ? 0 : (rows[here - stride - back] ?? 0);
      rows[here] = (filtered[here + row + 1] ?? 0) + predicted(filter, { left, up, corner });
    }
  }
  return rows;
}

function predicted(filter: number, { left, up, corner }: { left: number; up: number; corner: number }): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function paintPixels(
  rows: Uint8Array,
  bytesPerPixel: number,
  { colourType, palette, alphas }: { colourType: number; palette: Uint8Array; alphas: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array((rows.length / bytesPerPixel) * 4);
  for (let pixel = 0; pixel * bytesPerPixel < rows.length; pixel += 1) {
    const [first = 0, second = 255, third = 0, fourth = 255] = rows.subarray(
      pixel * bytesPerPixel,
      (pixel + 1) * bytesPerPixel,
    );
    const isGrey = colourType === 0 || colourType === 4;
    if (isGrey) rgba.set([first, first, first, second], pixel * 4);
    else if (colourType !== 3) rgba.set([first, second, third, fourth], pixel * 4);
    else rgba.set([...palette.subarray(first * 3, first * 3 + 3), alphas[first] ?? 255], pixel * 4);
  }
  return rgba;
}
