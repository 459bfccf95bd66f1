import { ByteReader } from './containers/byte-reader';
import { type PngChunk, pngChunks } from './containers/png-chunks';
import { inflated, mostRatio, sliceBytes } from './inflated';

/** What libpng takes of a compressed text or profile unless it is told otherwise; real ones are far smaller. */
const mostBytes = 8_000_000;
/** Compressed texts and profiles that are looked into: each costs a start, however small. Real pictures have a few. */
const mostParts = 256;

/**
 * Whether what a PNG has compressed beside its pixels (texts and a colour profile) inflates to no more than decoders
 * bear, all together, and is in no more parts than anybody needs. We never inflate it to use it; whoever decodes what we
 * serve may. It costs nothing where there is none, or so little that it cannot matter. What does not inflate is no
 * danger: decoders pass over it.
 */
export async function isSideDataSound(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const parts = compressedParts(bytes);
  const compressed = parts.reduce((sum, part) => sum + part.length, 0);
  if (compressed * mostRatio <= mostBytes) return true;
  if (parts.length > mostParts) return false;
  let left = mostBytes;
  for (const part of parts) {
    left -= await inflatedLength(part, left);
    if (left < 0) return false;
  }
  return true;
}

/** As far as it can be inflated, and no further than just beyond `most`. */
async function inflatedLength(part: Uint8Array<ArrayBuffer>, most: number): Promise<number> {
  let length = 0;
  try {
    for await (const chunk of inflated([part])) {
      length += chunk.length;
      if (length > most) break;
    }
  } catch {
    // Up to there it was data all the same. The slice that broke off is counted for the most that it may have come to.
    return length + mostRatio * Math.min(part.length, sliceBytes);
  }
  return length;
}

function compressedParts(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const reader = new ByteReader(bytes);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const chunk of pngChunks(reader)) {
    const start = dataStarts[chunk.type]?.(bytes, chunk) ?? null;
    if (start !== null && start < chunk.dataEnd) parts.push(bytes.subarray(start, chunk.dataEnd));
  }
  return parts;
}

/** Where the compressed data of a chunk begins; null: it has none. https://www.w3.org/TR/png-3/#11textinfo */
type DataStart = (bytes: Uint8Array, chunk: PngChunk) => number | null;
const dataStarts: Readonly<Record<string, DataStart>> = { iCCP: behindName, zTXt: behindName, iTXt: behindTranslation };

/** A name that ends with a zero, and a byte for the method. */
function behindName(bytes: Uint8Array, { dataStart, dataEnd }: PngChunk): number | null {
  const end = zeroFrom(bytes, dataStart, dataEnd);
  return end === null ? null : end + 2;
}

/** A name, two bytes of which the first says whether the text is compressed, a language and a translated name. */
function behindTranslation(bytes: Uint8Array, { dataStart, dataEnd }: PngChunk): number | null {
  const end = zeroFrom(bytes, dataStart, dataEnd);
  if (end === null || bytes[end + 1] === 0) return null;
  const language = zeroFrom(bytes, end + 3, dataEnd);
  const translation = language === null ? null : zeroFrom(bytes, language + 1, dataEnd);
  return translation === null ? null : translation + 1;
}

function zeroFrom(bytes: Uint8Array, start: number, end: number): number | null {
  const at = bytes.indexOf(0, start);
  return at === -1 || at >= end ? null : at;
}
