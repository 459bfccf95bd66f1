import { joinBytes, textBytes } from '../containers/byte-parts';
import { ByteReader } from '../containers/byte-reader';
import { type PngChunk, pngChunkBytes, pngChunks } from '../containers/png-chunks';

const keyword = 'XML:com.adobe.xmp\0';
/** The specification of XMP names the first; some encoders write it compressed, in the third. */
const textChunks: ReadonlySet<string> = new Set(['iTXt', 'tEXt', 'zTXt']);
/** Behind the keyword: not compressed, no method, no language, no translated keyword. */
const plainText = new Uint8Array(4);

/**
 * A PNG with the packet as its one XMP text, behind the header.
 * @throws RangeError where the file is not a whole PNG.
 */
export function markPng(bytes: Uint8Array<ArrayBuffer>, packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(bytes);
  const [header, ...others] = pngChunks(reader);
  if (header === undefined) throw new RangeError('no header');
  const kept = others.filter((chunk) => !isXmp(reader, chunk)).map(({ start, end }) => reader.slice(start, end));
  const text = pngChunkBytes('iTXt', joinBytes([textBytes(keyword), plainText, packet]));
  return joinBytes([reader.slice(0, header.end), text, ...kept]);
}

function isXmp(reader: ByteReader, chunk: PngChunk): boolean {
  const isLongEnough = chunk.dataEnd - chunk.dataStart >= keyword.length;
  return textChunks.has(chunk.type) && isLongEnough && reader.text(chunk.dataStart, keyword.length) === keyword;
}
