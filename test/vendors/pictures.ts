import type { Sale, Shop, SimulatedReply } from './simulator.ts';

/** A PNG of one colour, which its seed decides: a palette of that colour, and every pixel its first entry. */
export function pngOf({
  width,
  height,
  seed,
}: {
  width: number;
  height: number;
  seed: number;
}): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([1, 3, 0, 0, 0], 8);
  const palette = Uint8Array.of(seed & 255, (seed >> 8) & 255, (seed >> 16) & 255);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const pixels = zlibOfZeros(height * (1 + Math.ceil(width / 8)));
  const chunks = [
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', pixels),
    chunk('IEND', new Uint8Array()),
  ];
  return joined([signature, ...chunks]);
}

/** The file of a sale, or the trouble that it was sold with. The first two downloads fail, then all is well. */
export function pictureReply(sale: Sale, shop: Shop): SimulatedReply {
  sale.downloads += 1;
  if (shop.stateOf(sale) !== 'ready') return { status: 404, body: 'no such file' };
  const bytes = pngOf(sale);
  if (sale.downloads <= 2) {
    if (sale.failure === 'truncated-picture')
      return { status: 200, headers: png, body: bytes.subarray(0, bytes.length / 2) };
    if (sale.failure === 'corrupt-picture') return { status: 200, headers: png, body: corrupt(bytes) };
    if (sale.failure === 'wrong-type') return { status: 200, headers: png, body: '<html>not a picture</html>' };
    if (sale.failure === 'expired-url')
      return { status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error>Expired</Error>' };
    if (sale.failure === 'redirect-private')
      return { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } };
  }
  return { status: 200, headers: png, body: bytes };
}

const png = { 'content-type': 'image/png' };

/** A PNG of which one bit of the pixels is another, and all that is around them as it was. */
function corrupt(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1);
}

/** So many zero bytes in zlib's format, stored as they are: simulators run where there is no `node:zlib`. */
function zlibOfZeros(length: number): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  for (let left = length; left > 0; left -= 0xffff) {
    const size = Math.min(left, 0xffff);
    const block = new Uint8Array(5 + size);
    block[0] = left > size ? 0 : 1;
    new DataView(block.buffer).setUint16(1, size, true);
    new DataView(block.buffer).setUint16(3, ~size & 0xffff, true);
    blocks.push(block);
  }
  const checksum = (((length % 65_521) << 16) | 1) >>> 0;
  return joined([Uint8Array.of(0x78, 0x01), ...blocks, bigEndian(checksum)]);
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = joined([new TextEncoder().encode(type), data]);
  return joined([bigEndian(data.length), body, bigEndian(crc32(body))]);
}

function bigEndian(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
