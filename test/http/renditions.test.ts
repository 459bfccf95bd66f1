import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { call } from '../support/front-door';
import { fingerprintOf, generate } from '../support/openai-caller';

let fingerprint = '';
let large = '';
beforeAll(async () => {
  const [small, wide] = await Promise.all([
    generate({ prompt: 'renditions', seed: 1, size: '640x320' }),
    generate({ prompt: 'renditions: wide', seed: 1, size: '1280x128' }),
  ]);
  fingerprint = fingerprintOf(small);
  large = fingerprintOf(wide);
});

const get = (rest: string, accept?: string, name = fingerprint) =>
  call(`/images/${name}${rest}`, { key: null, headers: accept === undefined ? {} : { accept } });
const probed = async (response: Response) => probePicture(new Uint8Array(await response.arrayBuffer()));
const chrome = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

describe('dpr', () => {
  const sizes = [
    { query: 'w=160&dpr=2', size: [320, 160] },
    { query: 'w=160&dpr=1', size: [160, 80] },
    { query: 'w=100&dpr=1.5', size: [160, 80] },
    { query: 'w=160&dpr=3', size: [480, 240] },
    { query: 'h=64&dpr=2', size: [256, 128] },
    { query: 'w=64&h=64&dpr=2&fit=cover', size: [128, 128] },
    { query: 'w=4096&dpr=3', size: [640, 320] },
    { query: 'dpr=2', size: [640, 320] },
  ];
  it.each(sizes)('$query is told as it is', async ({ query, size }) => {
    const response = await get(`.jpg?${query}`);
    expect(response.headers.get('x-fluxgate-width')).toBe(String(size[0]));
    expect(response.headers.get('x-fluxgate-height')).toBe(String(size[1]));
    expect(await probed(response)).toMatchObject({ width: size[0], height: size[1], isComplete: true });
  });

  it('makes nothing that the ladder does not have', async () => {
    const [scaled, plain] = [await get('.webp?w=160&dpr=2'), await get('.webp?w=320')];
    expect(scaled.headers.get('etag')).toBe(plain.headers.get('etag'));
  });

  it.each([
    ['dpr=0', 'dpr'],
    ['dpr=4', 'dpr'],
    ['dpr=1.7', 'dpr'],
    ['dpr=-1', 'dpr'],
    ['dpr=1e1', 'dpr'],
    ['w=64&dpr=2&dpr=3', 'dpr'],
    ['w=64&h=100&dpr=2', 'h'],
    ['w=100&h=100&dpr=1.5', 'w'],
    ['format=avif', 'format'],
    ['format=', 'format'],
  ])('does not take %s', async (query, field) => {
    const response = await get(`.jpg?${query}`);
    expect(response.status).toBe(400);
    const { error } = await response.json<{ error: { message: string } }>();
    expect(error.message).toContain(`${field}:`);
  });
});

describe.each(['png', 'jpg', 'webp', 'avif'])('q of %s', (extension) => {
  it.each([10, 75, 100])('may be %i, which is on the ladder', async (q) => {
    expect((await get(`.${extension}?w=64&q=${q}`)).status).toBe(200);
  });

  it.each(['0', '1', '11', '74', '99', '101', 'high', '75&q=75', ''])('may not be "%s"', async (q) => {
    for (const size of ['', 'w=64&']) {
      const response = await get(`.${extension}?${size}q=${q}`);
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('q: ')]);
    }
  });
});

it('q changes nothing in PNG, nor where PNG is what format=auto comes to', async () => {
  const tags = ['.png', '.png?q=50', '.png?q=50&format=auto'].map(async (rest) => {
    const response = await get(rest, '*/*');
    return [response.status, response.headers.get('etag')];
  });
  const [plain, ...others] = await Promise.all(tags);
  expect(plain?.[0]).toBe(200);
  expect(others).toEqual([plain, plain]);
  expect((await get('.png?q=51&format=auto', '*/*')).status).toBe(400);
});

describe('format=auto', () => {
  const accepts = [
    { accept: chrome, type: 'image/avif' },
    { accept: 'image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5', type: 'image/webp' },
    { accept: 'image/png,image/*;q=0.8,*/*;q=0.5', type: 'image/jpeg' },
    { accept: '*/*', type: 'image/jpeg' },
    { accept: undefined, type: 'image/jpeg' },
    { accept: '', type: 'image/jpeg' },
    { accept: 'image/avif;q=0, image/webp', type: 'image/webp' },
    { accept: 'image/avif;q=0.1, image/webp', type: 'image/webp' },
    { accept: 'IMAGE/AVIF', type: 'image/avif' },
    { accept: 'image/avif;q=x;;,,image', type: 'image/jpeg' },
    { accept: `${'a/b,'.repeat(5_000)}image/avif`, type: 'image/jpeg' },
  ];
  it.each(accepts)('is $type to "$accept"', async ({ accept, type }) => {
    for (const rest of ['.auto?w=64', '.jpg?w=64&format=auto']) {
      const response = await get(rest, accept);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('vary')).toBe('Accept');
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, s-maxage=86400, immutable');
      expect((await probed(response))?.contentType).toBe(type);
    }
  });

  it('falls back to the format of the extension', async () => {
    expect((await get('.png?w=64&format=auto', '*/*')).headers.get('content-type')).toBe('image/png');
    expect((await get('.webp?w=64&format=auto', '*/*')).headers.get('content-type')).toBe('image/webp');
  });

  it('is told of with a copy that is still good, which is one of that format', async () => {
    const tag = async (accept: string) => (await get('.auto?w=64', accept)).headers.get('etag') ?? '';
    const [avif, webp] = [await tag(chrome), await tag('image/webp')];
    expect(avif).not.toBe(webp);
    const same = await call(`/images/${fingerprint}.auto?w=64`, { headers: { accept: chrome, 'if-none-match': avif } });
    expect([same.status, same.headers.get('vary')]).toEqual([304, 'Accept']);
    const other = await call(`/images/${fingerprint}.auto?w=64`, {
      headers: { accept: chrome, 'if-none-match': webp },
    });
    expect(other.status).toBe(200);
  });

  it('does not answer AVIF where Cloudflare could not make it', async () => {
    expect((await get('.auto', chrome, large)).headers.get('content-type')).toBe('image/webp');
    expect((await get('.auto?w=640', chrome, large)).headers.get('content-type')).toBe('image/avif');
  });

  it('varies nothing where it is not asked for', async () => {
    const response = await get('.jpg?w=64', chrome);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('vary')).toBeNull();
  });

  it('is one read once it is made, and is bounded by the ladder as any other', async () => {
    await get('.auto?w=96', chrome);
    const read = vi.spyOn(Object.getPrototypeOf(env.PICTURES), 'get');
    const head = vi.spyOn(Object.getPrototypeOf(env.PICTURES), 'head');
    try {
      await (await get('.auto?w=96', chrome)).arrayBuffer();
      expect([read.mock.calls.length, head.mock.calls.length]).toEqual([1, 0]);
    } finally {
      vi.restoreAllMocks();
    }
    expect((await get('.auto?w=97', chrome)).status).toBe(400);
    expect((await get('.auto', chrome, '0'.repeat(64))).status).toBe(404);
  });
});

describe('a binding that answers another format than it was asked for', () => {
  it('has nothing stored under a wrong name', async () => {
    const prototype = Object.getPrototypeOf(env.IMAGES);
    const { input } = prototype;
    vi.spyOn(prototype, 'input').mockImplementation(function (this: ImagesBinding, ...given: unknown[]) {
      const transformer = input.apply(this, given);
      const { output } = transformer;
      transformer.output = () => output.call(transformer, { format: 'image/jpeg' });
      return transformer;
    });
    try {
      expect((await get('.webp?q=20')).status).toBe(503);
    } finally {
      vi.restoreAllMocks();
    }
    expect((await probed(await get('.webp?q=20')))?.format).toBe('webp');
  });
});
