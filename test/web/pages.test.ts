import { createExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import { call, origin } from '../support/front-door';

const paths = ['/', '/workbench', '/sweep', '/compare', '/gallery', '/dashboard'];

async function pageAt(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ response: Response; html: string }> {
  const response = await exports.default.fetch(new Request(url, { headers }));
  return { response, html: await response.text() };
}

describe.each(paths)('the page %s', (path) => {
  it('is held to its own origin by a strict policy', async () => {
    const { response } = await pageAt(`https://pictures.example.com${path}`);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    for (const name of ['form-action', 'base-uri', 'frame-ancestors']) expect(policy).toContain(`${name} 'none'`);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('may be read by no other site', async () => {
    const { response } = await pageAt(origin + path, { origin: 'https://evil.example' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  it('tells what it is to those who list and share it', async () => {
    const { html } = await pageAt(`https://pictures.example.com${path}`);
    expect(html).toContain(`<link rel="canonical" href="https://pictures.example.com${path}"`);
    expect(html).toMatch(/<meta name="description" content="[^"]{50,200}"/);
    expect(html).toMatch(/<meta property="og:title" content="[^"]+"/);
  });

  it('has no script and no style of its own inside', async () => {
    const { html } = await pageAt(origin + path);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)].map(([, attributes = '']) => attributes);
    expect(inline.every((attributes) => /type="application\/(ld\+)?json"/.test(attributes))).toBe(true);
  });

  it('refuses nothing that a method may ask', async () => {
    expect((await call(path, { method: 'HEAD', key: null })).status).toBe(200);
    expect((await call(path, { method: 'POST', json: {} })).status).toBe(404);
  });
});

describe('the development key', () => {
  const isTold = (html: string) => html.includes(env.DEV_API_KEY);
  const opened = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  it.each(['http://127.0.0.1', 'http://localhost:8787', 'http://[::1]:8787'])(
    'is in the workbench at %s',
    async (at) => {
      const { response, html } = await pageAt(`${at}/workbench`, opened);
      expect(isTold(html)).toBe(true);
      expect(response.headers.get('cache-control')).toBe('private, no-store');
    },
  );

  it.each([
    { name: 'another host', url: 'https://pictures.example.com/workbench', headers: {} },
    { name: 'a name that was made to point here', url: 'http://localhost.evil.example/workbench', headers: {} },
    { name: 'an address that only begins so', url: 'http://127.0.0.1.evil.example/workbench', headers: {} },
    { name: 'another host in the header', url: `${origin}/workbench`, headers: { host: 'evil.example' } },
    { name: 'a proxy', url: `${origin}/workbench`, headers: { 'x-forwarded-for': '203.0.113.7' } },
    { name: 'a tunnel', url: `${origin}/workbench`, headers: { forwarded: 'for=203.0.113.7' } },
    { name: 'a script', url: `${origin}/workbench`, headers: { 'sec-fetch-mode': 'cors' } },
    { name: 'a page of another port', url: `${origin}/workbench`, headers: { origin: 'http://127.0.0.1:3000' } },
    { name: 'a frame', url: `${origin}/workbench`, headers: { 'sec-fetch-dest': 'iframe' } },
    { name: 'the model page', url: `${origin}/`, headers: {} },
  ])('is not told to $name', async ({ url, headers }) => {
    const { response, html } = await pageAt(url, { ...opened, ...headers });
    expect(response.status).toBe(200);
    expect(isTold(html)).toBe(false);
  });

  it('is not told to who does not say that it opens the page, as no browser does to a name that was made to point here', async () => {
    const { html } = await pageAt(`${origin}/workbench`, { 'mf-original-url': `${origin}/workbench` });
    expect(isTold(html)).toBe(false);
    expect(isTold((await pageAt(`${origin}/workbench`, opened)).html)).toBe(true);
  });
});

describe('the model page', () => {
  it('has prices, parameters, every dialect and answers in words, and as data for machines', async () => {
    const { html } = await pageAt(`${origin}/`);
    for (const words of ['$0.0525', 'safety_tolerance', 'sandbox', '1 to 50', '/api/features', '/fal/run/fal-ai'])
      expect(html).toContain(words);
    const blocks = [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
    const data = blocks.map(([, json = '']) => JSON.parse(json));
    expect(data.map((block) => block['@type'])).toEqual(['WebAPI', 'FAQPage']);
    expect(data[1].mainEntity.length).toBeGreaterThan(5);
  });

  it('says in itself that it shows a sandbox, and keeps the usage to itself', async () => {
    const { html } = await pageAt(`${origin}/`);
    expect(html).toContain('placeholders drawn by the gateway');
    expect(html).not.toContain('Used so far');
  });
});

it('crawlers are told where the pages are, and where none are', async () => {
  const robots = await (await call('/robots.txt', { key: null })).text();
  expect(robots).toContain('Disallow: /v1/');
  expect(robots).toContain(`Sitemap: ${origin}/sitemap.xml`);
  const sitemap = await (await call('/sitemap.xml', { key: null })).text();
  for (const path of paths) expect(sitemap).toContain(`<loc>${origin}${path}</loc>`);
});

describe('what the operator lets the model page show', () => {
  const pageWith = async (settings: Record<string, string>) => {
    const context = createExecutionContext();
    return await (await app.fetch(new Request(`${origin}/`), { ...env, ...settings }, context)).text();
  };

  it('is pictures that are stored here, in their own shape', async () => {
    const json = { prompt: 'A "featured" picture', width: 512, height: 256, seed: 3 };
    const made = await call('/v1/images/generations', { json });
    const fingerprint = made.headers.get('x-fluxgate-fingerprint') ?? '';
    const html = await pageWith({ FEATURED_PICTURES: `${fingerprint},${'0'.repeat(64)}` });
    expect(html).toContain(`src="/images/${fingerprint}.webp?h=480&amp;fit=scale-down" width="960" height="480"`);
    expect(html).toContain('alt="A &quot;featured&quot; picture"');
    expect(html).not.toContain('0'.repeat(64));
    expect(html).not.toContain('Drawn for this page');
  });

  it('is what was made, all accounts together', async () => {
    await call('/v1/images/generations', { json: { prompt: 'One of the figures', seed: 4 } });
    await expect.poll(() => pageWith({ PUBLIC_FIGURES: 'on' })).toMatch(/Pictures bought<\/dt><dd>[1-9]/);
    expect(await pageWith({ PUBLIC_FIGURES: 'on' })).toContain('OpenAI images</th>');
  });

  it('is nothing that is no picture', async () => {
    const context = createExecutionContext();
    const bindings = { ...env, FEATURED_PICTURES: '../../etc/passwd' };
    const response = await app.fetch(new Request(`${origin}/health`), bindings, context);
    expect(await response.text()).toContain('FEATURED_PICTURES must be fingerprints');
  });
});
