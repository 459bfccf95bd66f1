/** A text to be kept inside a PNG file. `isInternational` takes any Unicode text (iTXt), otherwise Latin-1 (tEXt). */
export interface PngText {
  readonly keyword: string;
  readonly text: string;
  readonly isInternational: boolean;
}

/** The PNG with texts added after its header. https://www.w3.org/TR/png-3/#11textinfo */
export function withTexts(png: Uint8Array<ArrayBuffer>, texts: readonly PngText[]): Uint8Array<ArrayBuffer> {
  const chunks = texts.map(textChunk);
  const added = chunks.reduce((sum, bytes) => sum + bytes.length, 0);
  const result = new Uint8Array(png.length + added);
  result.set(png.subarray(0, headerEnd));
  let offset = headerEnd;
  for (const bytes of chunks) {
    result.set(bytes, offset);
    offset += bytes.length;
  }
  result.set(png.subarray(headerEnd), offset);
  return result;
}

/** The signature (8 bytes) and the IHDR chunk (25 bytes), which must stay first. */
const headerEnd = 33;
const encoder = new TextEncoder();

function textChunk({ keyword, text, isInternational }: PngText): Uint8Array {
  // iTXt: no compression, no language, no translated keyword.
  return isInternational
    ? chunk('iTXt', encoder.encode(`${keyword}\0\0\0\0\0${text}`))
    : chunk('tEXt', encoder.encode(`${keyword}\0${text}`));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(encoder.encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
