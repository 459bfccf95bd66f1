import { deflateSync } from 'node:zlib';
import type { Sale, Shop, SimulatedReply } from './simulator.ts';

/** A PNG of one colour, which its seed decides. */
export function pngOf({ width, height, seed }: { width: number; height: number; seed: number }): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x += 1) row.set([seed & 255, (seed >> 8) & 255, (seed >> 16) & 255], 1 + x * 3);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)), { level: 1 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** The file of a sale, or the trouble that it was sold with. The first two downloads fail, then all is well. */
export function pictureReply(sale: Sale, shop: Shop): SimulatedReply {
  sale.downloads += 1;
  if (shop.stateOf(sale) !== 'ready') return { status: 404, body: 'no such file' };
  const bytes = pngOf(sale);
  if (sale.downloads <= 2) {
    if (sale.failure === 'truncated-picture')
      return { status: 200, headers: png, body: bytes.subarray(0, bytes.length / 2) };
    if (sale.failure === 'wrong-type') return { status: 200, headers: png, body: '<html>not a picture</html>' };
    if (sale.failure === 'expired-url')
      return { status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error>Expired</Error>' };
    if (sale.failure === 'redirect-private')
      return { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } };
  }
  return { status: 200, headers: png, body: bytes };
}

const png = { 'content-type': 'image/png' };

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
