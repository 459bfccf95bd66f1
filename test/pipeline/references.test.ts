import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint';
import { limits } from '../../src/core/image-request';
import { pictureBytes, pictureNames } from '../fixtures/pictures/picture-bytes';
import { bombPng } from '../support/bomb-png';
import { call } from '../support/front-door';
import { edit, editForm, fingerprintOf, generate, type OpenaiError, picturesIn } from '../support/openai-caller';
import { comeBack, outsideWorld } from '../support/outside-world';

const url = 'https://pictures.example.com/a.png';
const png = pictureBytes('png');
const served = (bytes: Uint8Array<ArrayBuffer>) => () =>
  new Response(bytes, { headers: { 'content-type': 'image/png' } });

afterEach(comeBack);

/** What an edit with these references is told, in OpenAI's shape. */
async function refusal(body: object): Promise<OpenaiError['error']> {
  const response = await edit({ prompt: 'references: refused', ...body });
  expect(response.status).toBe(400);
  return (await response.json<OpenaiError>()).error;
}

describe('a reference', () => {
  it('is the same by URL, as a data URL, as base64, as base64url and as a file', async () => {
    const seen = outsideWorld(served(png));
    const base64 = png.toBase64();
    const broken = base64.replaceAll(/(.{76})/g, '$1\n');
    const forms = [url, `data:image/png;base64,${base64}`, base64, png.toBase64({ alphabet: 'base64url' }), broken];
    const answers = await Promise.all(forms.map((image) => edit({ prompt: 'references: forms', seed: 1, image })));
    answers.push(
      await editForm([
        ['prompt', 'references: forms'],
        ['seed', '1'],
        ['image', new File([png], 'a.png')],
      ]),
    );
    for (const answer of answers) await picturesIn(answer);
    expect(new Set(answers.map(fingerprintOf)).size).toBe(1);
    expect(seen.map((sent) => [sent.url, sent.method])).toEqual([[url, 'GET']]);
  });

  it('is kept under the digest of its bytes', async () => {
    const bytes = pictureBytes('jpegExif');
    await picturesIn(await edit({ prompt: 'references: kept', image: bytes.toBase64() }));
    const kept = await env.PICTURES.get(`references/${await sha256Hex(bytes)}`);
    expect(new Uint8Array((await kept?.arrayBuffer()) ?? [])).toEqual(bytes);
    expect(kept?.httpMetadata?.contentType).toBe('image/jpeg');
  });

  it('takes no credential along', async () => {
    const seen = outsideWorld(served(png));
    await picturesIn(await edit({ prompt: 'references: credentials', image: url }, { headers: { cookie: 'a=b' } }));
    const headers = Object.fromEntries(seen[0]?.headers ?? []);
    expect(JSON.stringify(headers)).not.toContain(env.DEV_API_KEY);
    for (const name of ['authorization', 'x-key', 'cookie']) expect(headers).not.toHaveProperty(name);
  });

  it('follows a redirect to another public host', async () => {
    outsideWorld((sent) =>
      sent.url === url
        ? new Response(null, { status: 302, headers: { location: 'https://cdn.example.com/a' } })
        : served(png)(),
    );
    expect((await edit({ prompt: 'references: redirected', image: url })).status).toBe(200);
  });

  it.each(pictureNames.filter((name) => !name.startsWith('avif')))('may be %s', async (name) => {
    const image = pictureBytes(name).toBase64();
    expect((await edit({ prompt: `references: ${name}`, image })).status).toBe(200);
  });

  it('counts by its bytes, whatever it is called', async () => {
    outsideWorld(() => new Response(png, { headers: { 'content-type': 'text/plain' } }));
    const answers = [
      await edit({ prompt: 'references: called', seed: 1, image: url }),
      await edit({ prompt: 'references: called', seed: 1, image: `data:image/jpeg;base64,${png.toBase64()}` }),
      await edit({ prompt: 'references: called', seed: 1, image: `data:;base64,${png.toBase64()}` }),
    ];
    for (const answer of answers) await picturesIn(answer);
    expect(new Set(answers.map(fingerprintOf)).size).toBe(1);
  });
});

describe('a reference that no request may make us fetch', () => {
  const addresses = [
    'http://pictures.example.com/a.png',
    'https://127.0.0.1/a.png',
    'https://[::1]/a.png',
    'https://10.1.2.3/a.png',
    'https://169.254.169.254/latest/meta-data/',
    'https://0177.0.0.1/',
    'https://localhost/a.png',
    'https://metadata.google.internal/',
    'https://user:pass@pictures.example.com/a.png',
    'https://pictures.example.com:6379/',
    'file:///etc/passwd',
    'ftp://pictures.example.com/a.png',
    'http://127.0.0.1/v1/usage',
    'javascript://alert(1)',
    'https://',
    `https://pictures.example.com/${'a'.repeat(3000)}`,
  ];
  it.each(addresses)('is refused by its field: %s', async (image_url) => {
    const seen = outsideWorld(served(png));
    const error = await refusal({ images: [{ image_url: png.toBase64() }, { image_url }] });
    expect(error.param).toBe('images.1.image_url');
    expect(error.message).toMatch(/expected/);
    expect(seen).toEqual([]);
  });

  it.each(['http://169.254.169.254/', 'https://10.0.0.1/', 'file:///etc/passwd', 'http://pictures.example.com/'])(
    'is refused when a redirect leads to it: %s',
    async (location) => {
      const seen = outsideWorld(() => new Response(null, { status: 301, headers: { location } }));
      expect((await refusal({ image: url })).param).toBe('image');
      expect(seen).toHaveLength(1);
    },
  );

  it('is refused when redirects go round in a circle', async () => {
    const seen = outsideWorld(() => new Response(null, { status: 302, headers: { location: url } }));
    expect((await refusal({ image: url })).param).toBe('image');
    expect(seen.length).toBeLessThan(10);
  });
});

describe('a reference that is no picture', () => {
  const answers = {
    'a web page': () =>
      new Response('<!doctype html><title>Not found</title>', { headers: { 'content-type': 'text/html' } }),
    'a page that says it is a picture': () => new Response('<html>', { headers: { 'content-type': 'image/png' } }),
    nothing: () => new Response(null),
    'an error': () => new Response(png, { status: 404 }),
    'a server error': () => new Response('no', { status: 500 }),
    'half a picture': served(png.slice(0, 300)),
    'an AVIF': served(pictureBytes('avif')),
    'a bomb': served(bombPng(100_000, 100_000)),
    'a broken answer': () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) })),
  };
  it.each(Object.entries(answers))('is refused: %s', async (_, answer) => {
    outsideWorld(answer);
    const error = await refusal({ image: url });
    expect(error).toMatchObject({ param: 'image', type: 'invalid_request_error' });
    expect(error.message.length).toBeGreaterThan(20);
    expect(error.message).not.toMatch(/[A-Z]rror:|\bat \S+:\d+/);
  });

  it('is refused when it is not there', async () => {
    outsideWorld(() => {
      throw new TypeError('getaddrinfo ENOTFOUND pictures.example.com');
    });
    const error = await refusal({ image: url });
    expect(error.param).toBe('image');
    expect(error.message).not.toContain('ENOTFOUND');
  });

  it('is refused when it is too large, by its length or by its bytes', async () => {
    const chunk = new Uint8Array(1024 * 1024);
    let sent = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          sent += chunk.length;
          controller.enqueue(chunk);
        },
      });
    const length = String(limits.referenceBytes + 1);
    outsideWorld(() => new Response(endless(), { headers: { 'content-length': length } }));
    expect((await refusal({ image: url })).message).toContain('larger');
    expect(sent).toBeLessThan(limits.referenceBytes / 2);
    comeBack();
    outsideWorld(() => new Response(endless()));
    expect((await refusal({ image: url })).message).toContain('larger');
    expect(sent).toBeLessThan(limits.referenceBytes * 2);
  });

  it('is refused when it takes too long', async () => {
    const start = setTimeout;
    const shorter = (work: () => void, delayMs?: number) => start(work, Math.min(delayMs ?? 0, 30));
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(shorter as typeof setTimeout);
    outsideWorld(() => new Promise<Response>(() => {}));
    expect(await refusal({ image: url })).toMatchObject({
      param: 'image',
      message: expect.stringContaining('10 seconds'),
    });
    comeBack();
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(shorter as typeof setTimeout);
    outsideWorld(() => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })));
    expect((await refusal({ image: url })).message).toContain('10 seconds');
  });

  it('stops the order before anything is bought', async () => {
    outsideWorld(() => new Response('<html>'));
    const body = { prompt: 'references: before', seed: 1 };
    expect((await generate({ ...body, input_images: [png.toBase64(), url] })).status).toBe(400);
    comeBack();
    const rows = await env.LEDGER.prepare('SELECT count(*) AS rows FROM purchases').first<{ rows: number }>();
    await picturesIn(await generate(body));
    const after = await env.LEDGER.prepare('SELECT count(*) AS rows FROM purchases').first<{ rows: number }>();
    expect(after?.rows).toBe((rows?.rows ?? 0) + 1);
  });

  it('of BFL names its field too', async () => {
    const json = { prompt: 'references: bfl', input_image: png.toBase64(), input_image_3: 'https://10.0.0.1/a.png' };
    const response = await call('/v1/flux-2-flex', { json });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc: ['body', 'input_image_3'] }] });
  });
});
