import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { colourSchemes, openPage, scrollThrough, widths } from './browser.ts';
import { type ExampleSite, startExample, startOtherSite } from './support/example-site.ts';

let site: ExampleSite;

beforeAll(async () => {
  site = await startExample();
});
afterAll(() => site.close());

const pages = ['index.html', 'article.html', 'press.html'];
const looks = Object.entries(widths).flatMap(([device, width]) =>
  colourSchemes.flatMap((colourScheme) => pages.map((name) => ({ device, width, colourScheme, name }))),
);

interface Shown {
  readonly natural: number;
  readonly width: number;
  readonly shape: number;
  readonly boxShape: number;
  readonly alt: string;
}

/** What the page's pictures are, each decoded. */
function picturesOf(page: Page): Promise<Shown[]> {
  return page.evaluate(() =>
    Promise.all(
      [...document.images].map(async (image) => {
        await image.decode();
        const { width, height } = image.getBoundingClientRect();
        return {
          natural: image.naturalWidth,
          width,
          shape: image.naturalWidth / image.naturalHeight,
          boxShape: width / height,
          alt: image.alt,
        };
      }),
    ),
  );
}

/** Where the page's name and what is below it begin: one line. */
async function edgesOf(page: Page): Promise<readonly number[]> {
  const all = page.locator('.name, .eyebrow, h1, .foot p');
  return await all.evaluateAll((parts) => [
    ...new Set(parts.map((part) => Math.round(part.getBoundingClientRect().left * 10) / 10)),
  ]);
}

describe.each(looks)('the example, $name on a $device in $colourScheme', ({ device, width, colourScheme, name }) => {
  it('is sound, and nothing in it moves', async () => {
    const opened = await openPage(`${site.origin}/${name}`, { width, colourScheme });
    await scrollThrough(opened.page);
    const shown = await picturesOf(opened.page);
    expect(shown).toHaveLength({ 'index.html': 9, 'article.html': 3, 'press.html': 2 }[name] ?? -1);
    for (const picture of shown) {
      expect(picture.natural).toBeGreaterThan(picture.width - 2);
      expect(picture.width).toBeGreaterThan(150);
      expect(Math.abs(picture.shape - picture.boxShape)).toBeLessThan(0.02);
      expect(picture.alt).not.toBe('');
    }
    expect(await edgesOf(opened.page)).toHaveLength(1);
    expect(await opened.layoutShift()).toBe(0);
    expect(opened.complaints).toEqual([]);
    expect(opened.foreignRequests.filter((url) => !url.startsWith(site.service))).toEqual([]);
    expect(await opened.isTooWide()).toBe(false);
    expect(await opened.accessibilityFaults()).toEqual([]);
    await opened.screenshot(`site-${name.replace('.html', '')}-${device}-${colourScheme}`);
  });
});

it('needs no script to show its pictures', async () => {
  const { page } = await openPage(site.origin, { javaScript: false });
  expect(await page.locator('flux-image img').count()).toBe(9);
  const first = page.locator('flux-image img').first();
  expect(await first.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(200);
});

it('asks the service for nothing when it is looked at again', async () => {
  const { page } = await openPage(site.origin);
  await scrollThrough(page);
  const asked: string[] = [];
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  // Told of what goes over the wire alone: what the browser has kept is answered without.
  const urls = new Map<string, string>();
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
  devtools.on('Network.responseReceived', ({ requestId, response }) => {
    const isKept = response.fromDiskCache === true || response.fromPrefetchCache === true;
    if (!isKept && !kept.has(requestId)) asked.push(urls.get(requestId) ?? '');
  });
  const kept = new Set<string>();
  devtools.on('Network.requestServedFromCache', ({ requestId }) => kept.add(requestId));
  await page.goto(`${site.origin}/article.html`, { waitUntil: 'networkidle' });
  expect(asked.some((url) => url.startsWith(site.service))).toBe(true);
  asked.length = 0;
  await page.goto(`${site.origin}/index.html`, { waitUntil: 'networkidle' });
  await scrollThrough(page);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((url) => url.startsWith(site.service))).toEqual([]);
});

describe('the press, by plain fetch', () => {
  it('prints a poster, and the component shows the very same', async () => {
    const { page, complaints } = await openPage(`${site.origin}/press.html`);
    await page.getByLabel('Words').fill('By hand');
    await page.getByRole('button', { name: 'Print it' }).click();
    await page.locator('#sheet img[alt*="By hand"]').waitFor();
    await page.locator('#live flux-image[alt*="By hand"]:state(ready)').waitFor();
    const sources = await page
      .locator('.sheet img')
      .evaluateAll((images) => images.map((image) => /[0-9a-f]{64}/.exec((image as HTMLImageElement).currentSrc)?.[0]));
    expect(sources[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(sources[1]).toBe(sources[0]);
    expect(page.url()).not.toContain('fg_pub');
    expect(complaints).toEqual([]);
  });

  it('is refused with a reason at another origin, with the same key', async () => {
    const { page } = await openPage(`${site.origin}/press.html`);
    const key = await page.locator('meta[name=fluxgate]').getAttribute('data-key');
    const other = await startOtherSite(fileURLToPath(new URL('../../examples/static-site', import.meta.url)));
    try {
      await page.goto(`${other.origin}/article.html`);
      const answer = await page.evaluate(
        async ([service, secret]) => {
          const headers = { 'x-key': secret ?? '', 'content-type': 'application/json' };
          const body = JSON.stringify({ prompt: 'By a stranger' });
          const response = await fetch(`${service}/v1/flux-2-flex`, { method: 'POST', headers, body });
          return { status: response.status, text: await response.text() };
        },
        [site.service, key] as const,
      );
      expect(answer.status).toBe(403);
      expect(answer.text).toContain(`This key works only in pages of ${site.origin}`);
    } finally {
      other.close();
    }
  });

  it('lets no page of another origin administrate', async () => {
    const { page } = await openPage(`${site.origin}/press.html`);
    const outcome = await page.evaluate(async (service) => {
      const headers = { authorization: 'Bearer whatever' };
      return await fetch(`${service}/v1/admin/accounts`, { headers }).then(
        ({ status }) => status,
        () => 'blocked',
      );
    }, site.service);
    expect(outcome).toBe('blocked');
  });
});

describe('the embedded script', () => {
  it('is what its integrity says, under both of its names', async () => {
    const { page } = await openPage(site.origin);
    const script = page.locator('script[integrity]');
    const [src, integrity] = [await script.getAttribute('src'), await script.getAttribute('integrity')];
    const read = async (url: string) => {
      const response = await fetch(url, { headers: { origin: site.origin } });
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      const digest = createHash('sha384')
        .update(Buffer.from(await response.arrayBuffer()))
        .digest('base64');
      return { digest: `sha384-${digest}`, keeping: response.headers.get('cache-control') };
    };
    expect(await read(src ?? '')).toEqual({ digest: integrity, keeping: 'public, max-age=31536000, immutable' });
    const lasting = await read(`${site.service}/embed.js`);
    expect(lasting.digest).toBe(integrity);
    expect(lasting.keeping).toContain('max-age=86400');
  });

  it('does not run when it was changed on the way, and the pictures are there all the same', async () => {
    const { page, complaints } = await openPage(site.origin, {
      prepare: (tab) =>
        tab.route('**/embed.*.js', async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: `${await response.text()}\n// changed` });
        }),
    });
    expect(complaints.join()).toContain('integrity');
    expect(await page.evaluate(() => customElements.get('flux-image') === undefined)).toBe(true);
    await scrollThrough(page);
    expect((await picturesOf(page)).every(({ natural }) => natural > 200)).toBe(true);
  });
});
