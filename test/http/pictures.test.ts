import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint';
import { probePicture } from '../../src/core/picture-probe';
import { bytesAt, call } from '../support/front-door';
import { fingerprintOf, generate } from '../support/openai-caller';

const extensions = ['png', 'jpg', 'webp', 'avif'] as const;
const types = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp', avif: 'image/avif' };
let fingerprint = '';

beforeAll(async () => {
  fingerprint = fingerprintOf(await generate({ prompt: 'pictures: "ONE"', seed: 1, size: '320x192' }));
});

/** A picture's URL without a key, as a web page asks for it. */
const get = (rest: string, headers: Record<string, string> = {}, method = 'GET') =>
  call(`/images/${fingerprint}${rest}`, { key: null, headers, method });

describe('a picture', () => {
  it.each(extensions)('as %s is public, immutable and tagged', async (extension) => {
    const response = await get(`.${extension}`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': types[extension],
      'content-length': String((await response.arrayBuffer()).byteLength),
      'cache-control': 'public, max-age=31536000, s-maxage=86400, immutable',
      'cache-tag': `picture-${fingerprint}`,
      etag: expect.stringMatching(/^"[^"]+"$/),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  it('tolerates a stray key, right or wrong', async () => {
    for (const key of [env.DEV_API_KEY, 'fg_wrong']) {
      expect((await call(`/images/${fingerprint}.png`, { key })).status).toBe(200);
    }
  });

  it('as PNG is the master itself, byte for byte', async () => {
    const recipe = await (await get('.json')).json<{ master: { sha256: string } }>();
    const bytes = new Uint8Array(await (await get('.png')).arrayBuffer());
    expect(await sha256Hex(bytes)).toBe(recipe.master.sha256);
  });

  it.each(['jpg', 'webp', 'avif', 'png?w=64'])('as .%s says in the file that a machine made it', async (rest) => {
    const text = new TextDecoder('latin1').decode(await (await get(`.${rest}`)).arrayBuffer());
    expect(text).toContain('http://cv.iptc.org/newscodes/digitalsourcetype/');
    expect(text).toContain('lgorithmicMedia');
    expect(text).toContain(fingerprint);
  });

  it('is answered from the store alone: one read, nothing written, no object and no table asked', async () => {
    await get('.webp');
    const { PICTURES, LEDGER, RENDERS } = env;
    const [read, head, put] = (['get', 'head', 'put'] as const).map((name) =>
      vi.spyOn(Object.getPrototypeOf(PICTURES), name),
    );
    const others = [
      vi.spyOn(Object.getPrototypeOf(LEDGER), 'prepare'),
      vi.spyOn(Object.getPrototypeOf(RENDERS), 'getByName'),
    ];
    try {
      await (await get('.webp')).arrayBuffer();
      expect(read).toHaveBeenCalledTimes(1);
      for (const spy of [head, put, ...others]) expect(spy).not.toHaveBeenCalled();
      await generate({ prompt: 'pictures: what a miss touches' });
      for (const spy of [read, head, put, ...others]) expect(spy).toHaveBeenCalled();
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('answers HEAD as GET, without the body', async () => {
    const [head, whole] = [await get('.png', {}, 'HEAD'), await get('.png')];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    const told = (response: Response) =>
      Object.fromEntries([...response.headers].filter(([name]) => name !== 'x-request-id'));
    expect(told(head)).toEqual(told(whole));
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('does not take %s', async (method) => {
    const response = await get('.png', {}, method);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('may be read by a script of any site', async () => {
    const headers = {
      origin: 'https://a.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'range',
    };
    const response = await get('.png', headers, 'OPTIONS');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toContain('range');
    const exposed = (await get('.png', { origin: 'https://a.example' })).headers.get('access-control-expose-headers');
    expect(exposed).toBeTruthy();
  });
});

describe('a copy that is still good', () => {
  const forms = {
    'the tag': (tag: string) => tag,
    'the weak tag': (tag: string) => `W/${tag}`,
    'a list with it': (tag: string) => `"other", ${tag}`,
    'anything at all': () => '*',
  };
  it.each(Object.entries(forms))('is not sent again for %s', async (_, form) => {
    for (const extension of ['png', 'jpg']) {
      const tag = (await get(`.${extension}`)).headers.get('etag') ?? '';
      const response = await get(`.${extension}`, { 'if-none-match': form(tag) });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe('');
      expect(response.headers.get('etag')).toBe(tag);
      expect(response.headers.get('cache-control')).toContain('immutable');
    }
  });

  it.each(['"other"', 'W/"other"', '"a", "b"', 'nonsense', ''])('is sent for %s', async (tag) => {
    const response = await get('.png', { 'if-none-match': tag });
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
  });

  it('wins over a range', async () => {
    const tag = (await get('.png')).headers.get('etag') ?? '';
    expect((await get('.png', { 'if-none-match': tag, range: 'bytes=0-9' })).status).toBe(304);
    expect((await get('.png', { 'if-none-match': tag, range: 'bytes=99999999-' })).status).toBe(304);
  });
});

describe('the same picture in several sizes', () => {
  const sizes = [
    { query: 'w=160', size: [160, 96] },
    { query: 'h=96', size: [160, 96] },
    { query: 'w=64&h=64', size: [64, 38] },
    { query: 'w=64&h=64&fit=contain', size: [64, 38] },
    { query: 'w=64&h=64&fit=cover', size: [64, 64] },
    // Never enlarged, and of the shape that was asked for all the same.
    { query: 'w=256&h=256&fit=cover', size: [192, 192] },
    { query: 'w=640&h=128&fit=cover', size: [320, 64] },
    { query: 'w=4096&h=16&fit=cover', size: [320, 1] },
    { query: 'w=256&h=256&fit=contain', size: [256, 154] },
    { query: 'w=4096', size: [320, 192] },
  ];
  it.each(sizes)('$query', async ({ query, size }) => {
    for (const [extension, format] of [
      ['png', 'png'],
      ['jpg', 'jpeg'],
    ] as const) {
      const bytes = new Uint8Array(await (await get(`.${extension}?${query}`)).arrayBuffer());
      expect(probePicture(bytes)).toMatchObject({ format, width: size[0], height: size[1], isComplete: true });
    }
  });

  it('is cut to the size that was ordered, at the URL that the order answered and at no other', async () => {
    const json = { prompt: 'an exact size of its own', size: '310x180', seed: 3, output_format: 'jpeg' };
    const response = await call('/v1/images/generations', { json });
    const url = new URL((await response.json<{ data: { url: string }[] }>()).data[0]?.url ?? '');
    const unsigned = `${url.pathname}?crop=310x180&q=100`;
    expect((await call(unsigned, { key: null })).status).toBe(400);
    const bytes = await bytesAt(url.href);
    expect(probePicture(bytes)).toMatchObject({ format: 'jpeg', width: 310, height: 180, isComplete: true });
    const another = url.pathname + url.search.replace('310x180', '309x180');
    expect((await call(another, { key: null })).status).toBe(400);
  });

  it('has one file for each, made once', async () => {
    const [first, second] = [await get('.webp?w=128&q=80'), await get('.webp?w=128&q=80')];
    expect(first.headers.get('etag')).toBe(second.headers.get('etag'));
    expect(await first.arrayBuffer()).toEqual(await second.arrayBuffer());
    const other = await get('.webp?w=160&q=80');
    expect(other.headers.get('etag')).not.toBe(first.headers.get('etag'));
  });

  it('is made once for all who ask at the same time', async () => {
    const put = vi.spyOn(Object.getPrototypeOf(env.PICTURES), 'put');
    try {
      const answers = await Promise.all(Array.from({ length: 8 }, () => get('.webp?w=96&q=60')));
      expect(new Set(answers.map((answer) => answer.headers.get('etag'))).size).toBe(1);
      expect(put).toHaveBeenCalledTimes(1);
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    } finally {
      put.mockRestore();
    }
  });
});
