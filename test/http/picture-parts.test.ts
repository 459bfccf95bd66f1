import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { call } from '../support/front-door';
import { fingerprintOf, generate } from '../support/openai-caller';

let path = '';
let bytes = new Uint8Array();
let tag = '';

beforeAll(async () => {
  path = `/images/${fingerprintOf(await generate({ prompt: 'parts', seed: 1 }))}.png`;
  const whole = await call(path);
  bytes = new Uint8Array(await whole.arrayBuffer());
  tag = whole.headers.get('etag') ?? '';
});

const get = (range: string, headers: Record<string, string> = {}, method = 'GET') =>
  call(path, { key: null, headers: { range, ...headers }, method });

describe('a part of a picture', () => {
  const parts = {
    'bytes=0-9': [0, 10],
    'bytes=0-0': [0, 1],
    'bytes=5-': [5, undefined],
    'bytes=-10': [-10, undefined],
    'bytes=100-199': [100, 200],
    'bytes=100-99999999': [100, undefined],
    'bytes=-99999999': [0, undefined],
  } as const;
  it.each(Object.entries(parts))('%s', async (range, [start, end]) => {
    const response = await get(range);
    const part = bytes.slice(start, end);
    const offset = start < 0 ? bytes.length + start : start;
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${offset}-${offset + part.length - 1}/${bytes.length}`);
    expect(response.headers.get('content-length')).toBe(String(part.length));
    expect(response.headers.get('etag')).toBe(tag);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(part);
  });

  it('takes one read', async () => {
    const read = vi.spyOn(Object.getPrototypeOf(env.PICTURES), 'get');
    try {
      await (await get('bytes=0-9')).arrayBuffer();
      expect(read).toHaveBeenCalledTimes(1);
    } finally {
      read.mockRestore();
    }
  });

  it('may be asked for of a rendition that is not made yet', async () => {
    const response = await call(path.replace('.png', '.webp?w=48'), { key: null, headers: { range: 'bytes=0-3' } });
    expect(response.status).toBe(206);
    expect(await response.text()).toBe('RIFF');
  });

  it.each(['bytes=0-9', 'bytes=99999999-'])('is nothing to HEAD, which tells of the whole: %s', async (range) => {
    const response = await get(range, {}, 'HEAD');
    const told = [response.status, response.headers.get('content-length'), response.headers.get('content-range')];
    expect([...told, await response.text()]).toEqual([200, String(bytes.length), null, '']);
  });
});

describe('the whole picture', () => {
  it.each([
    'bytes=0-9,20-29',
    'bytes=0-0,-1',
    'bytes=9-0',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'items=0-9',
    'nonsense',
    `bytes=${'0-1,'.repeat(2000)}0-1`,
  ])('is the answer to %s', async (range) => {
    const response = await get(range);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-range')).toBeNull();
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });
});

describe('a part that does not exist', () => {
  it.each(['bytes=99999999-', 'bytes=99999999-99999999999', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])(
    '%s',
    async (range) => {
      const response = await get(range);
      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect(await response.json()).toMatchObject({ error: { code: 'range_not_satisfiable' } });
    },
  );

  it('is one byte after the last', async () => {
    expect((await get(`bytes=${bytes.length - 1}-`)).status).toBe(206);
    expect((await get(`bytes=${bytes.length}-`)).status).toBe(416);
  });

  it('of a picture that does not exist is not found', async () => {
    const response = await call(`/images/${'0'.repeat(64)}.png`, { headers: { range: 'bytes=0-9' } });
    expect(response.status).toBe(404);
  });
});

describe('If-Range', () => {
  it('gives the part of a picture that is still the same', async () => {
    const response = await get('bytes=0-9', { 'if-range': tag });
    expect(response.status).toBe(206);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes.slice(0, 10));
    expect((await get('bytes=99999999-', { 'if-range': tag })).status).toBe(416);
  });

  it.each(['"other"', 'W/"other"', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
    'gives the whole of it otherwise: %s',
    async (ifRange) => {
      for (const range of ['bytes=0-9', 'bytes=99999999-']) {
        const response = await get(range, { 'if-range': ifRange });
        expect(response.status).toBe(200);
        expect(response.headers.get('content-length')).toBe(String(bytes.length));
        expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
      }
    },
  );
});
