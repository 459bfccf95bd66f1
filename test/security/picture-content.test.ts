import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { joinBytes } from '../../src/core/containers/byte-parts';
import { pngChunkBytes } from '../../src/core/containers/png-chunks';
import { squareMegapixel } from '../../src/core/price';
import { PictureStore } from '../../src/storage/picture-store';
import { storePicture } from '../../src/storage/store-picture';
import { made, submit } from '../support/bfl-caller';
import { bombPng } from '../support/bomb-png';
import { call } from '../support/front-door';
import { pngFile } from '../support/png-file';
import { objectsOf } from '../support/stored-objects';
import { deflated } from '../support/zlib-data';

const encoder = new TextEncoder();
const disguises: Readonly<Record<string, Uint8Array>> = {
  svg: encoder.encode('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  'svg with a declaration': encoder.encode(
    '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"/>',
  ),
  html: encoder.encode('<!doctype html><script>alert(1)</script>'),
  'html behind the mark of a PNG': Uint8Array.from([
    ...Uint8Array.fromHex('89504e470d0a1a0a'),
    ...encoder.encode('<script>alert(1)</script>'),
  ]),
  'html behind the mark of a GIF': encoder.encode('GIF89a/*<script>alert(1)</script>'),
  pdf: encoder.encode('%PDF-1.7\n'),
  'xml with an entity': encoder.encode('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>'),
};

describe('what is no raster picture', () => {
  it.each(Object.entries(disguises))('is no reference: %s', async (name, bytes) => {
    for (const type of ['image/png', 'image/svg+xml', 'text/html']) {
      const input_image = `data:${type};base64,${bytes.toBase64()}`;
      const response = await submit({ prompt: `disguised ${name}`, input_image });
      expect(response.status).toBe(422);
      expect(await response.text()).toContain('input_image');
    }
  });

  it.each(Object.entries(disguises))('is no upload: %s', async (_, bytes) => {
    const form = new FormData();
    form.set('content', new File([new Uint8Array(bytes)], 'picture.png', { type: 'image/png' }));
    const response = await call('/replicate/v1/files', { body: form });
    expect([400, 415, 422]).toContain(response.status);
  });

  it.each([
    [60_000, 60_000],
    [1, 4_000_000_000],
    [20_000, 20_000],
  ])('or is a bomb of %i×%i pixels is refused by its header, and nothing is bought', async (width, height) => {
    const input_image = bombPng(width, height).toBase64();
    const response = await submit({ prompt: `bomb ${width}`, seed: 1, input_image });
    expect(response.status).toBe(422);
    expect(response.headers.get('x-fluxgate-source')).toBeNull();
  });
});

describe('a picture whose text inflates to far more than anybody needs', () => {
  const bomb = async (width: number, height: number) => {
    const text = [...encoder.encode('Comment\0\0'), ...(await deflated(new Uint8Array(60_000_000)))];
    const rows = Array.from({ length: height }, () => Array.from({ length: width }, () => 7));
    return await pngFile({ colourType: 0, width, rows, chunks: { zTXt: text } });
  };

  it('is no reference', async () => {
    const input_image = (await bomb(64, 64)).toBase64();
    const response = await submit({ prompt: 'text bomb: reference', seed: 1, input_image });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('beyond measure')]);
  });

  it('is not taken from a provider: it fails, and nothing of it is stored', async () => {
    const bytes = await bomb(64, 64);
    expect(bytes.length).toBeLessThan(100_000);
    const store = new PictureStore(env.PICTURES);
    const request = { ...squareMegapixel, prompt: 'text bomb: bought', width: 64, height: 64 };
    const delivered = {
      ...{ fingerprint: 'b'.repeat(64), request, bytes, provider: 'bfl', isSandbox: false },
      ...{ quotedMicros: 1, actualMicros: 1, startedAt: 1, endedAt: 2 },
    };
    const witnesses = {
      glimpse: async () => null,
      past: async () => ({ firstDigest: null, firstBuyer: null, isBoughtByOthers: false }),
    };
    await expect(storePicture(store, delivered, witnesses)).rejects.toMatchObject({
      code: 'provider_failed',
      message: expect.stringContaining('beyond measure'),
    });
    expect(await objectsOf(delivered.fingerprint)).toEqual([]);
  });
});

describe('a picture in thousands of parts', () => {
  const rows = Array.from({ length: 64 }, () => Array.from({ length: 64 }, () => 7));
  const withParts = async (count: number, type: string, data: Uint8Array) => {
    const file = await pngFile({ colourType: 0, width: 64, rows });
    const part = pngChunkBytes(type, data);
    return joinBytes([file.subarray(0, 33), ...Array.from({ length: count }, () => part), file.subarray(33)]);
  };

  it.each([
    ['compressed texts', 20_000, 'zTXt', 'texts or colour profile are too many'],
    ['chunks that say nothing', 65_536, 'IDAT', 'cut into more parts than any needs'],
  ])('is no reference where it has that many %s, and says why', async (name, count, type, why) => {
    const data = type === 'zTXt' ? [...encoder.encode('Comment\0\0'), ...(await deflated(new Uint8Array(300)))] : [];
    const input_image = (await withParts(count, type, Uint8Array.from(data))).toBase64();
    const response = await submit({ prompt: `parts: ${name}`, seed: 1, input_image });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining(why)]);
  });
});

describe('what is served as a picture', () => {
  it('can run nothing in a page, and is never taken for anything else', async () => {
    const { sample } = await made({ prompt: 'served as it is', seed: 1 });
    for (const extension of ['png', 'webp', 'jpg']) {
      const response = await call(new URL(sample).pathname.replace('png', extension), { key: null });
      expect(response.headers.get('content-type')).toMatch(/^image\/(png|webp|jpeg)$/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      await response.body?.cancel();
    }
  });
});
