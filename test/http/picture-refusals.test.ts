import { beforeAll, describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { call, origin } from '../support/front-door';
import { fingerprintOf, firstUrl, generate, generated } from '../support/openai-caller';

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly issues: readonly { field: string }[] };
}

let fingerprint = '';
beforeAll(async () => {
  fingerprint = fingerprintOf(await generate({ prompt: 'refusals', seed: 1, size: '300x200' }));
});
const get = (rest: string) => call(`/images/${fingerprint}${rest}`, { key: null });

describe('what anybody may ask for', () => {
  const refused = [
    { query: 'w=65', field: 'w' },
    { query: 'w=5000', field: 'w' },
    { query: 'w=0', field: 'w' },
    { query: 'w=-1', field: 'w' },
    { query: 'w=1e3', field: 'w' },
    { query: 'w=', field: 'w' },
    { query: 'w=64&w=128', field: 'w' },
    { query: 'h=65', field: 'h' },
    { query: 'q=37', field: 'q' },
    { query: 'q=101', field: 'q' },
    { query: 'q=high', field: 'q' },
    { query: 'fit=fill&w=64', field: 'fit' },
    { query: 'crop=64x64', field: 'crop' },
    { query: 'crop=300x200', field: 'crop' },
    { query: 'crop=300x200&s=AAAAAAAAAAAAAAAAAAAAAA', field: 'crop' },
    { query: 'crop=305x201', field: 'crop' },
    { query: 'crop=1x1', field: 'crop' },
    { query: 'crop=304x208x1', field: 'crop' },
    { query: 's=forged&w=65', field: 'w' },
    { query: 's=forged&q=37', field: 'q' },
    { query: `s=${'a'.repeat(65)}`, field: 's' },
    { query: 'width=64', field: 'width' },
    { query: 'v=2', field: 'v' },
    { query: '__proto__=x', field: '__proto__' },
    { query: `download=${'a'.repeat(201)}`, field: 'download' },
  ];
  it.each(refused)('does not include $query', async ({ query, field }) => {
    const response = await get(`.jpg?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const { error } = await response.json<Refusal>();
    expect(error.code).toBe('invalid_request');
    expect(error.message).toContain(field);
  });

  it.each(['w=64', 'w=4096', 'h=48', 'q=80', 'w=64&h=64&fit=cover&q=10'])('includes %s', async (query) => {
    expect((await get(`.jpg?${query}`)).status).toBe(200);
  });
});

describe('a picture that is not there', () => {
  const paths = [
    `/images/${'0'.repeat(64)}.png`,
    `/images/${'0'.repeat(64)}.jpg?w=64`,
    `/images/${'0'.repeat(64)}.jpg?w=65`,
    `/images/${'0'.repeat(64)}.webp?crop=100x100`,
    `/images/${'0'.repeat(64)}.json`,
    '/images/x.png',
    '/images/.png',
    '/images/..%2f..%2fsecret.png',
    `/images/${'A'.repeat(64)}.png`,
    `/images/${'0'.repeat(63)}.png`,
    `/images/${'0'.repeat(64)}.gif`,
    `/images/${'0'.repeat(64)}`,
    `/images/${'0'.repeat(64)}.png/more`,
    `/images/${'0'.repeat(64)}%00.png`,
    '/images/',
  ];
  it.each(paths)('is a 404 that nobody caches: %s', async (path) => {
    const response = await call(path, { key: null });
    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  });

  it('is there once it has been made', async () => {
    const body = { prompt: 'refusals: later', seed: 1 };
    const later = fingerprintOf(await generate(body));
    expect((await call(`/images/${later}.avif`)).status).toBe(200);
  });
});

describe('a URL that we signed', () => {
  it('may be off the ladder, and is refused once it is changed', async () => {
    const body = { prompt: 'signed', seed: 1, output_format: 'jpeg', output_compression: 37 };
    const url = new URL(firstUrl(await generated(body)));
    expect(url.origin).toBe(origin);
    expect([...url.searchParams.keys()].toSorted()).toEqual(['q', 's']);
    for (const [name, value] of [
      ['q', '38'],
      ['w', '65'],
      ['s', 'AAAAAAAAAAAAAAAAAAAAAA'],
      ['s', ''],
    ] as const) {
      const changed = new URL(url);
      changed.searchParams.set(name, value);
      expect((await call(changed.pathname + changed.search, { key: null })).status).toBe(400);
    }
    const elsewhere = url.pathname.replace('.jpg', '.webp');
    expect((await call(elsewhere + url.search, { key: null })).status).toBe(400);
    const first = await call(url.pathname + url.search, { key: null });
    expect(first.status).toBe(200);
    expect(probePicture(new Uint8Array(await first.arrayBuffer()))).toMatchObject({ format: 'jpeg', width: 64 });
  });

  it('is not refused because another, at the same time, is', async () => {
    const body = { prompt: 'signed: together', seed: 1, output_format: 'jpeg', output_compression: 41 };
    const { pathname, search } = new URL(firstUrl(await generated(body)));
    const queries = ['?q=41', search, '?q=41', search];
    const answers = await Promise.all(queries.map((query) => call(pathname + query, { key: null })));
    expect([answers[1]?.status, answers[3]?.status]).toEqual([200, 200]);
  });

  it('may be downloaded', async () => {
    const body = { prompt: 'signed: download', seed: 1, output_format: 'webp', output_compression: 43 };
    const url = new URL(firstUrl(await generated(body)));
    const response = await call(`${url.pathname}${url.search}&download=poster`, { key: null });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="poster.webp"');
  });
});

describe('a download', () => {
  const names = [
    { wanted: '', name: () => fingerprint.slice(0, 16) },
    { wanted: '1', name: () => fingerprint.slice(0, 16) },
    { wanted: 'true', name: () => fingerprint.slice(0, 16) },
    { wanted: 'My poster.png', name: () => 'My poster' },
    { wanted: 'a"; filename="evil.exe', name: () => 'a filenameevil' },
    { wanted: 'a\r\nset-cookie: x=1', name: () => 'aset-cookie x1' },
    { wanted: '../../etc/passwd', name: () => 'etcpasswd' },
    { wanted: 'плакат', name: () => fingerprint.slice(0, 16) },
    { wanted: 'x'.repeat(200), name: () => 'x'.repeat(80) },
  ];
  it.each(names)('named $wanted has a name that is safe', async ({ wanted, name }) => {
    const response = await get(`.jpg?download=${encodeURIComponent(wanted)}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${name()}.jpg"`);
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

describe('the recipe of a picture', () => {
  it('tells what it was made from, and where it is, and not who ordered it', async () => {
    const ordered = await generate({ prompt: 'recipe', seed: 5, steps: 6, guidance: 3, size: '128x64' });
    const response = await call(`/images/${fingerprintOf(ordered)}.json`, { key: null });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, s-maxage=86400, immutable');
    expect(response.headers.get('cache-tag')).toBe(`picture-${fingerprintOf(ordered)}`);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      fingerprint: fingerprintOf(ordered),
      model: 'flux-2-flex',
      recipe: { prompt: 'recipe', references: [], seed: 5, steps: 6, guidance: 3, width: 128, height: 64 },
      provenance: {
        provider: 'sandbox',
        sandbox: true,
        digital_source_type: expect.stringContaining('lgorithmicMedia'),
      },
      master: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), content_type: 'image/png', width: 128, height: 64 },
      urls: { png: `${origin}/images/${fingerprintOf(ordered)}.png`, jpeg: expect.stringMatching(/\.jpg$/) },
    });
    for (const secret of ['development', 'account', 'fg_', 'task', 'micros']) expect(text).not.toContain(secret);
  });
});
