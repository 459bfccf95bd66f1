export interface PngRecipe {
  readonly colourType: number;
  readonly width: number;
  /** The bytes of each row before they are filtered. */
  readonly rows: readonly (readonly number[])[];
  readonly height?: number;
  readonly filter?: number;
  readonly depth?: number;
  readonly interlace?: number;
  readonly chunks?: Readonly<Record<string, Iterable<number>>>;
}

const bytesPerPixelOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A PNG of one's own making, without checksums: for a reader of pixels. */
export async function pngFile(recipe: PngRecipe): Promise<Uint8Array<ArrayBuffer>> {
  const { colourType, width, rows, height = rows.length, depth = 8, interlace = 0, chunks = {} } = recipe;
  const header = [...bigEndian(width), ...bigEndian(height), depth, colourType, 0, 0, interlace];
  const filtered = Uint8Array.from(rows.flatMap((row, index) => filteredRow(recipe, row, rows[index - 1])));
  const data = new Response(new Blob([filtered]).stream().pipeThrough(new CompressionStream('deflate')));
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', header),
    ...Object.entries(chunks).flatMap(([name, bytes]) => chunk(name, bytes)),
    ...chunk('IDAT', [...new Uint8Array(await data.arrayBuffer())]),
    ...chunk('IEND', []),
  ]);
}

function filteredRow({ colourType, filter = 0 }: PngRecipe, row: readonly number[], above: readonly number[] = []) {
  const back = bytesPerPixelOf[colourType] ?? 1;
  const bytes = row.map((value, index) => {
    const [left = 0, up = 0, corner = 0] = [row[index - back], above[index], above[index - back]];
    const guess = left + up - corner;
    const nearest = [left, up, corner].toSorted((one, other) => Math.abs(guess - one) - Math.abs(guess - other))[0];
    const predicted = [0, left, up, Math.floor((left + up) / 2), nearest][filter] ?? 0;
    return (value - predicted) & 255;
  });
  return [filter, ...bytes];
}

const bigEndian = (value: number) => [24, 16, 8, 0].map((shift) => (value >> shift) & 255);
const chunk = (type: string, given: Iterable<number>, bytes = [...given]) => [
  ...bigEndian(bytes.length),
  ...new TextEncoder().encode(type),
  ...bytes,
  ...[0, 0, 0, 0],
];
