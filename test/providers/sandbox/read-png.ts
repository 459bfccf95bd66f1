/** A PNG taken apart: eight bits a channel, RGB or RGBA, as the rasteriser writes it. */
export interface ReadPng {
  readonly width: number;
  readonly height: number;
  /** The keys of its text chunks, in order, with their texts. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many pixels have exactly this colour, given as `#rrggbb`. */
  count(colour: string): number;
  /** The colour at a place, as `#rrggbb`. */
  at(x: number, y: number): string;
}

export async function readPng(file: Uint8Array<ArrayBuffer>): Promise<ReadPng> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks = chunksOf(file, view);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const bytesPerPixel = view.getUint8(25) === 6 ? 4 : 3;
  const data = chunks.filter(({ type }) => type === 'IDAT').map(({ bytes }) => bytes);
  const rows = unfilter(await inflate(data), width * bytesPerPixel, bytesPerPixel);
  const at = (x: number, y: number) => {
    const start = y * width * bytesPerPixel + x * bytesPerPixel;
    return `#${Array.from(rows.subarray(start, start + 3), (value) => value.toString(16).padStart(2, '0')).join('')}`;
  };
  const count = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map((digit) => Number.parseInt(colour.slice(digit, digit + 2), 16));
    let found = 0;
    for (let start = 0; start < rows.length; start += bytesPerPixel) {
      if (rows[start] === red && rows[start + 1] === green && rows[start + 2] === blue) found++;
    }
    return found;
  };
  return { width, height, texts: textsOf(chunks), count, at };
}

interface Chunk {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function chunksOf(file: Uint8Array<ArrayBuffer>, view: DataView): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 8; start < file.length; ) {
    const length = view.getUint32(start);
    const type = new TextDecoder().decode(file.subarray(start + 4, start + 8));
    chunks.push({ type, bytes: file.subarray(start + 8, start + 8 + length) });
    start += 12 + length;
  }
  return chunks;
}

function textsOf(chunks: readonly Chunk[]): ReadonlyMap<string, string> {
  const texts = chunks
    .filter(({ type }) => type === 'tEXt' || type === 'iTXt')
    .map(({ bytes }) => {
      const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
      const [key = ''] = text.split('\0');
      return [key, text.slice(text.lastIndexOf('\0') + 1)] as const;
    });
  return new Map(texts);
}

async function inflate(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array> {
  const inflated = new Blob([...parts]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfilter(filtered: Uint8Array, stride: number, back: number): Uint8Array {
  const height = filtered.length / (stride + 1);
  const rows = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = filtered[row * (stride + 1)] ?? 0;
    for (let index = 0; index < stride; index++) {
      const here = row * stride + index;
      const left = index < back ? 0 : (rows[here - back] ?? 0);
      const up = row === 0 ? 0 : (rows[here - stride] ?? 0);
      const corner = index < back || row === 0 ? 0 : (rows[here - stride - back] ?? 0);
      rows[here] = (filtered[row * (stride + 1) + 1 + index] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
