import { describe, expect, it } from 'vitest';
import { isSoundPng } from '../../src/core/png-soundness';
import { type PictureName, pictureBytes } from '../fixtures/pictures/picture-bytes';
import { deflated } from '../support/zlib-data';

const pngs: readonly PictureName[] = ['png', 'pngAlpha', 'pngPalette'];

/** The PNG with its data replaced by `data`, deflated or as it is. */
async function withData(
  bytes: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const header = bytes.slice(0, 8 + 25);
  const end = bytes.slice(-12);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, data.length);
  expect(view.getUint32(12)).toBe(0x49484452);
  const parts = [header, length, new TextEncoder().encode('IDAT'), data, new Uint8Array(4), end];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

describe('isSoundPng', () => {
  it.each(pngs)('is true of %s', async (name) => {
    expect(await isSoundPng(pictureBytes(name))).toBe(true);
  });

  it('is false of data that inflates to far more than the header promises', async () => {
    const bomb = await withData(pictureBytes('png'), await deflated(new Uint8Array(50_000_000)));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await isSoundPng(bomb)).toBe(false);
  });

  it('is false of data that inflates to less, and of data that does not inflate', async () => {
    expect(await isSoundPng(await withData(pictureBytes('png'), await deflated(new Uint8Array(10))))).toBe(false);
    expect(
      await isSoundPng(await withData(pictureBytes('png'), Uint8Array.from(new TextEncoder().encode('garbage')))),
    ).toBe(false);
  });
});
