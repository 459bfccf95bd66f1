import { joinBytes, textBytes, uintBytes } from '../../core/containers/byte-parts';
import { pngChunkBytes, pngSignature } from '../../core/containers/png-chunks';

/** A text to be kept inside a PNG file. `isInternational` takes any Unicode text (iTXt), otherwise Latin-1 (tEXt). */
export interface PngText {
  readonly keyword: string;
  readonly text: string;
  readonly isInternational: boolean;
}

/** Pixels in rows from the top, four bytes each: red, green, blue and opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** How many bytes of rows are handed to the compressor at a time: an isolate has no room for all of them once more. */
const batchBytes = 256 * 1024;
/** Eight bits a channel, with opacity; the only methods of compression and filtering there are; from top to bottom. */
const format = [8, 6, 0, 0, 0];
const unfiltered = 0;

/**
 * A PNG of pixels, with texts. The platform's compressor takes a third of the time of the rasteriser's own, and makes
 * less of large areas of one colour, without any filter. https://www.w3.org/TR/png-3/
 */
export async function pngFile(pixels: Pixels, texts: readonly PngText[]): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Response(rowsOf(pixels).pipeThrough(new CompressionStream('deflate')));
  return joinBytes([
    pngSignature,
    pngChunkBytes(
      'IHDR',
      joinBytes([uintBytes(pixels.width, 4), uintBytes(pixels.height, 4), Uint8Array.from(format)]),
    ),
    ...texts.map(textChunk),
    pngChunkBytes('IDAT', new Uint8Array(await compressed.arrayBuffer())),
    pngChunkBytes('IEND', new Uint8Array()),
  ]);
}

/** Each row with its filter before it, many of them at a time. */
function rowsOf({ width, height, data }: Pixels): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rowBytes = width * 4;
  const rowsAtOnce = Math.max(1, Math.floor(batchBytes / rowBytes));
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const count = Math.min(rowsAtOnce, height - next);
      const batch = new Uint8Array(count * (rowBytes + 1));
      for (let row = 0; row < count; row += 1) {
        batch[row * (rowBytes + 1)] = unfiltered;
        batch.set(data.subarray((next + row) * rowBytes, (next + row + 1) * rowBytes), row * (rowBytes + 1) + 1);
      }
      controller.enqueue(batch);
      next += count;
      if (next === height) controller.close();
    },
  });
}

/** https://www.w3.org/TR/png-3/#11textinfo */
function textChunk({ keyword, text, isInternational }: PngText): Uint8Array {
  // iTXt: no compression, no language, no translated keyword.
  return isInternational
    ? pngChunkBytes('iTXt', textBytes(`${keyword}\0\0\0\0\0${text}`))
    : pngChunkBytes('tEXt', textBytes(`${keyword}\0${text}`));
}
