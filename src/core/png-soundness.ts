import { limits } from './image-request';
import { inflated } from './inflated';
import { mostSurplusBytes } from './png-rows';

/** Bits of a pixel by PNG colour type, for each bit of depth. https://www.w3.org/TR/png/#6Colour-values */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Adam7 adds a filter byte for each row of its seven passes, and rounds each row up to bytes. */
const interlaceSlack = 1.2;

/**
 * Whether a PNG's pixels inflate to what its header promises: neither to nothing that can be read, nor to gigabytes
 * behind a small header. Reads no further than that.
 * @param bytes a PNG whose chunks are in order (`probePicture`).
 */
export async function isSoundPng(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expected = inflatedBytes(view);
  if (expected === null) return false;
  try {
    return await hasLength(inflated(dataOf(bytes, view)), expected);
  } catch {
    return false;
  }
}

async function hasLength(
  chunks: AsyncIterable<Uint8Array>,
  { min, max }: { min: number; max: number },
): Promise<boolean> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > max) return false;
  }
  return length >= min;
}

function inflatedBytes(view: DataView): { min: number; max: number } | null {
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colourType, interlace] = [view.getUint8(24), view.getUint8(25), view.getUint8(28)];
  const perPixel = (channels[colourType] ?? 0) * depth;
  if (perPixel === 0 || width * height > limits.referencePixels) return null;
  const exact = height * (1 + Math.ceil((width * perPixel) / 8));
  if (interlace === 0) return { min: exact, max: exact + mostSurplusBytes };
  return {
    min: Math.floor((width * height * perPixel) / 8),
    max: Math.ceil(exact * interlaceSlack) + mostSurplusBytes + 8 * height,
  };
}

/** The bodies of all IDAT chunks: together they are one zlib stream. */
function dataOf(bytes: Uint8Array<ArrayBuffer>, view: DataView): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const length = view.getUint32(offset);
    const isData = view.getUint32(offset + 4) === idat;
    if (isData) parts.push(bytes.subarray(offset + 8, offset + 8 + length));
    offset += 12 + length;
  }
  return parts;
}

const idat = 0x49444154;
