import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { type Opening, openPage, painted } from './browser.ts';
import { type ExampleSite, startExample, startOtherSite } from './support/example-site.ts';

let site: ExampleSite;
let key = '';

beforeAll(async () => {
  site = await startExample();
  const made = await fetch(`${site.service}/v1/admin/accounts/example-site/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${inject('key')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tests', kind: 'pub', origins: [site.origin], limits: { requests_per_minute: 900 } }),
  });
  key = ((await made.json()) as { key: string }).key;
  // Without its sheets before it is opened: one of them orders, and both would be fetched and drawn in every test.
  const press = readFileSync(join(site.folder, 'press.html'), 'utf8');
  writeFileSync(join(site.folder, 'stage.html'), press.replace(/<section class="sheets".*?<\/section>/s, ''));
});
afterAll(() => site.close());

type Attributes = Readonly<Record<string, string>>;
const patiently = { timeout: 15_000 };

interface Told {
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * A page of the site that knows the component and has no picture, for visitors who asked for no less movement. What
 * its pictures tell is in `told`.
 */
async function openStage(opening: Opening = {}) {
  const opened = await openPage(`${site.origin}/stage.html`, { motion: 'no-preference', ...opening });
  const { page } = opened;
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(site.service)) asked.push(`${request.method()} ${request.url()}`);
  });
  await page.evaluate(() => {
    const told: Told[] = [];
    Reflect.set(globalThis, 'told', told);
    for (const name of ['flux-queued', 'flux-rendering', 'flux-ready', 'flux-error'] as const)
      document.addEventListener(name as never, (event: CustomEvent) => told.push({ name, detail: event.detail }));
  });
  const told = (): Promise<Told[]> => page.evaluate(() => Reflect.get(globalThis, 'told'));
  return { ...opened, asked, told, orders: () => asked.filter((line) => line.endsWith('/v1/flux-2-flex')) };
}

/** Puts pictures into the page, first of all that is there. */
async function add(page: Page, ...pictures: Attributes[]): Promise<void> {
  await page.evaluate((all) => {
    const made = all.map((attributes) => {
      const picture = document.createElement('flux-image');
      for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
      return picture;
    });
    document.querySelector('main')?.prepend(...made);
  }, pictures);
}

const ordered = (prompt: string, more: Attributes = {}): Attributes => ({
  ...{ prompt: `${prompt} ${Date.now()}`, key, endpoint: site.service, width: '320', height: '192', alt: 'A test' },
  ...more,
});

/** How an assistive technology finds the picture. */
async function spoken(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  return nodes.flatMap(({ ignored, role, name, properties = [] }) => {
    const busy = properties.find((property) => property.name === 'busy')?.value.value ?? false;
    return !ignored && name?.value === 'A test' ? [{ role: role?.value, busy: Boolean(busy) }] : [];
  });
}

const state = (page: Page, name: string) => page.locator(`flux-image:state(${name})`).first();

it('tells each state of a picture in the making, keeps its place, and stops when it is taken away', async () => {
  const { page, told, asked, complaints } = await openStage();
  await add(page, ordered('sandbox:slow'));
  await state(page, 'rendering').waitFor();
  const box = await page.locator('flux-image').boundingBox();
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(320 / 192, 1);
  expect(await spoken(page)).toEqual([{ role: 'image', busy: true }]);
  const events = await told();
  expect(events[0]?.name).toBe('flux-queued');
  expect(events[1]).toEqual({ name: 'flux-rendering', detail: { progress: expect.any(Number) } });
  await page.evaluate(() => document.querySelector('flux-image')?.remove());
  await page.waitForTimeout(300);
  const before = asked.length;
  await page.waitForTimeout(3_500);
  expect(asked).toHaveLength(before);
  expect((await told()).filter(({ name }) => name === 'flux-error')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('shows what it ordered: by srcset, spoken by its alt, with no key in any URL and nothing moved', async () => {
  const { page, told, asked, complaints, layoutShift } = await openStage();
  await add(page, ordered('shown', { width: '1024', height: '640' }));
  // What it pushed down by being added is its author's doing.
  await painted(page);
  const pushed = await layoutShift();
  await state(page, 'ready').waitFor();
  const image = page.locator('flux-image img');
  expect(await image.getAttribute('srcset')).toMatch(/\?w=320 320w, .*1024w$/);
  expect(await image.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBeGreaterThan(300);
  expect(await spoken(page)).toEqual([{ role: 'image', busy: false }]);
  const ready = (await told()).at(-1);
  expect(ready?.name).toBe('flux-ready');
  expect(ready?.detail).toMatchObject({
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    seed: expect.any(Number),
  });
  expect(asked.join()).not.toContain(key);
  expect(await layoutShift()).toBe(pushed);
  expect(complaints).toEqual([]);
});

it('tells the size of the picture, and not of the box that it is shown in', async () => {
  const { page, told } = await openStage();
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('flux-image { display: block; width: 1100px }');
    document.adoptedStyleSheets.push(sheet);
  });
  await add(page, ordered('in a wide box', { width: '320', height: '192' }));
  const sizes = async () => (await told()).flatMap(({ name, detail }) => (name === 'flux-ready' ? [detail] : []));
  await expect.poll(async () => (await sizes()).length, patiently).toBe(1);
  const srcset = (await page.locator('flux-image img').getAttribute('srcset')) ?? '';
  expect(srcset).toMatch(/ 320w$/);
  await page.evaluate(() => document.querySelector('flux-image')?.remove());
  await add(page, { src: srcset.replace(/ 320w$/, ''), srcset, alt: 'A test' });
  await expect.poll(async () => (await sizes()).length, patiently).toBe(2);
  expect((await sizes()).map(({ width, height }) => [width, height])).toEqual([
    [320, 192],
    [320, 192],
  ]);
});

/** How the picture is painted once nothing moves any more. */
async function paintedOpacity(page: Page): Promise<string> {
  const image = page.locator('flux-image img').first();
  await image.evaluate(async (shown) => {
    await Promise.allSettled(shown.getAnimations().map(({ finished }) => finished));
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
  await page.waitForTimeout(600);
  return await image.evaluate((shown) => getComputedStyle(shown).opacity);
}

it.each(['no-preference', 'reduce'] as const)('is seen once it is there, with motion %s', async (motion) => {
  const { page, told } = await openStage({ motion });
  await add(page, ordered('seen', { width: '640', height: '384' }));
  await state(page, 'ready').waitFor();
  expect(await paintedOpacity(page)).toBe('1');
  await page.evaluate(() => document.querySelector('flux-image')?.setAttribute('seed', '11'));
  await expect.poll(async () => (await told()).filter(({ name }) => name === 'flux-ready').length, patiently).toBe(2);
  expect(await paintedOpacity(page)).toBe('1');
});

it('is seen where animations never run', async () => {
  const { page } = await openStage({
    prepare: (tab) =>
      tab.addInitScript(() => {
        Reflect.deleteProperty(Element.prototype, 'animate');
      }),
  });
  await add(page, ordered('still'));
  await state(page, 'ready').waitFor();
  expect(await paintedOpacity(page)).toBe('1');
});

it('has the same seed for the same prompt, and buys it once for a whole page', async () => {
  const { page, told, orders } = await openStage();
  const twin = ordered('twin');
  await add(page, twin, twin);
  await expect.poll(async () => (await told()).filter(({ name }) => name === 'flux-ready').length, patiently).toBe(2);
  const [one, other] = (await told()).filter(({ name }) => name === 'flux-ready');
  expect(one?.detail.fingerprint).toBe(other?.detail.fingerprint);
  expect(orders()).toHaveLength(2);
});

it('says that a picture failed, and tries again by keyboard', async () => {
  const { page, told, accessibilityFaults } = await openStage();
  await add(page, ordered('sandbox:error'));
  await state(page, 'error').waitFor();
  const [failure] = (await told()).filter(({ name }) => name === 'flux-error');
  expect(failure?.detail).toEqual({ code: 'provider_failed', message: expect.any(String), isRetryable: true });
  await expect
    .poll(() => page.locator('flux-image [role=status], flux-image .words').first().textContent())
    .toContain(String(failure?.detail.message));
  expect(await accessibilityFaults()).toEqual([]);
  await page.getByRole('button', { name: 'Try again' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await told()).filter(({ name }) => name === 'flux-error').length, patiently).toBe(2);
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('flux-image');
});

it.each([
  ['was moderated', { prompt: 'sandbox:moderated-request' }, 'moderated_request', 1],
  ['has a size that there is not', { width: '9' }, 'invalid_request', 1],
  ['has a wrong key', { key: 'fg_pub_wrong' }, 'unauthenticated', 1],
  ['holds a secret key, which is not sent', { key: 'fg_live_secret' }, 'invalid_request', 0],
  ['has neither src nor key', { key: '' }, 'invalid_request', 0],
])('says why there is none, and offers no second try, where it %s', async (_, changes, code, sent) => {
  const { page, told, orders } = await openStage();
  await add(page, ordered('refused', changes));
  await state(page, 'error').waitFor();
  expect((await told()).at(-1)?.detail).toMatchObject({ code, isRetryable: false });
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  expect(orders()).toHaveLength(sent);
});

it('fetches a picture whose URL it has and nothing else, and gets it at the second try', async () => {
  const { page, asked, told } = await openStage();
  await add(page, ordered('to be linked'));
  await state(page, 'ready').waitFor();
  const src = String((await told()).at(-1)?.detail.src).replace(/\?.*/, '?w=128');
  await page.evaluate(() => document.querySelector('flux-image')?.remove());
  await page.route(src, (route) => route.abort());
  asked.length = 0;
  await add(page, { src, width: '320', height: '192', alt: 'A test' });
  await state(page, 'error').waitFor();
  expect((await told()).at(-1)?.detail).toMatchObject({ code: 'not_loaded', isRetryable: true });
  await page.unroute(src);
  await page.getByRole('button', { name: 'Try again' }).click();
  await state(page, 'ready').waitFor();
  expect(new Set(asked)).toEqual(new Set([`GET ${src}`]));
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
});

it('orders few at a time, and those far below not before they are near', async () => {
  const { page, orders } = await openStage();
  await add(
    page,
    ...Array.from({ length: 6 }, (_, index) => ordered(`sandbox:slow ${index}`, { width: '640', height: '64' })),
  );
  await expect.poll(() => orders().length, patiently).toBe(3);
  await page.waitForTimeout(1_500);
  expect(orders()).toHaveLength(3);
});

it('orders what is far below only when it is near', async () => {
  const { page, orders } = await openStage();
  await page.evaluate(() => {
    const place = document.createElement('p');
    place.style.paddingTop = '5000px';
    document.body.append(place);
  });
  await page.evaluate((attributes) => {
    const picture = document.createElement('flux-image');
    for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
    document.body.append(picture);
  }, ordered('far below'));
  await page.waitForTimeout(700);
  expect(orders()).toEqual([]);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect.poll(() => orders().length, patiently).toBe(1);
});

it('follows a change of what is wanted, and orders nothing for a change of words', async () => {
  const { page, told, orders } = await openStage();
  await add(page, ordered('changes', { seed: '1' }));
  await state(page, 'ready').waitFor();
  await page.evaluate(() => document.querySelector('flux-image')?.setAttribute('alt', 'Other words'));
  await page.locator('flux-image img[alt="Other words"]').waitFor();
  expect(orders()).toHaveLength(1);
  await page.evaluate(() => document.querySelector('flux-image')?.setAttribute('seed', '2'));
  await expect.poll(async () => (await told()).filter(({ name }) => name === 'flux-ready').length, patiently).toBe(2);
  const ready = (await told()).filter(({ name }) => name === 'flux-ready');
  expect(ready.map(({ detail }) => detail.seed)).toEqual([1, 2]);
});

it('tells a visitor nothing of keys', async () => {
  const { page } = await openStage();
  await add(page, ordered('a wrong key', { key: 'fg_pub_wrong' }));
  await state(page, 'error').waitFor();
  const words = await page.locator('flux-image .words').first().textContent();
  expect(words).toBe('The picture could not be shown here.');
});

const looks = {
  'no style at all': '',
  'the rule for the element': 'flux-image { display: block }',
  'images that fit': 'img { max-width: 100%; height: auto }',
  'images that fill': 'img { width: 100%; height: auto }',
  'images that are blocks': 'flux-image, img { display: block } img { max-width: 100%; height: auto }',
  'images that are blocks in a line': 'img { display: block; max-width: 100%; height: auto }',
};

it('moves nothing when the script comes to a prerendered page, whatever its style', async () => {
  const { page, told } = await openStage();
  await add(page, ordered('prerendered'));
  await state(page, 'ready').waitFor();
  const src = String((await told()).at(-1)?.detail.src).replace(/\?.*/, '');
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-plain-'));
  const plain = await startOtherSite(folder);
  onTestFinished(() => {
    plain.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const inside = `<img src="${src}" width="320" height="192" alt="A test" loading="lazy">`;
  const element = `<flux-image width="320" height="192" thumbhash="WHkKLQp5l295iJmIh4jGZ7lsn8z2">${inside}</flux-image>`;
  const head = `<link rel="stylesheet" href="look.css"><script type="module" src="${site.service}/embed.js"></script>`;
  writeFileSync(join(folder, 'index.html'), `<!doctype html>${head}before ${element}<p>behind</p>`);
  for (const [name, style] of Object.entries(looks)) {
    writeFileSync(join(folder, 'look.css'), style);
    const arrival = Promise.withResolvers<void>();
    const opened = await openPage(plain.origin, {
      ...{ motion: 'no-preference', waitUntil: 'commit' },
      prepare: (tab) => tab.route('**/embed.js', (route) => arrival.promise.then(() => route.continue())),
    });
    await opened.page.waitForFunction(() => (document.images[0]?.naturalWidth ?? 0) > 0);
    const places = () =>
      opened.page.evaluate(() =>
        ['img', 'p'].map((tag) => JSON.stringify(document.querySelector(tag)?.getBoundingClientRect())),
      );
    const [before, shifted] = [await places(), await opened.layoutShift()];
    arrival.resolve();
    await state(opened.page, 'ready').waitFor({ state: 'attached' });
    await painted(opened.page);
    expect([name, await places()]).toEqual([name, before]);
    expect([name, await opened.layoutShift()]).toEqual([name, shifted]);
    const [canvas, image] = [opened.page.locator('flux-image canvas'), opened.page.locator('flux-image img')];
    const [under, over] = [await canvas.boundingBox(), await image.boundingBox()];
    for (const edge of ['x', 'y', 'width', 'height'] as const)
      expect(Math.abs((under?.[edge] ?? 0) - (over?.[edge] ?? 9999))).toBeLessThan(1);
  }
});

const atMost = (own: number) => (room: number) => Math.min(own, room);
/** By the page's own style, how wide a picture of 640×400 is in how much room. */
const pageStyles: Readonly<Record<string, (room: number) => number>> = {
  '': atMost(640),
  'main { width: 300px }': () => 300,
  'flux-image { float: right }': atMost(640),
  'flux-image { position: absolute }': atMost(640),
  'main { display: flex }': atMost(640),
  'main { display: table }': atMost(640),
  'flux-image { max-width: 20rem }': () => 320,
  'flux-image { width: 100% }': (room) => room,
  'flux-image { display: block }': (room) => room,
  'main { display: grid; grid-template-columns: 1fr 1fr }': (room) => room / 2,
};

it.each([390, 1280])('is as wide as it says, or as the page does, in its own shape, at %i pixels', async (room) => {
  const { page } = await openStage({ width: room });
  await page.evaluate(() => {
    document.querySelector('link[rel=stylesheet]')?.remove();
    document.body.replaceChildren(document.createElement('main'));
    document.adoptedStyleSheets = [new CSSStyleSheet()];
  });
  await add(page, { src: `${site.origin}/mark.svg`, width: '640', height: '400', alt: 'A test' });
  await state(page, 'ready').waitFor();
  for (const [style, widthIn] of Object.entries(pageStyles)) {
    await page.evaluate((text) => document.adoptedStyleSheets[0]?.replaceSync(text), `body { margin: 0 } ${style}`);
    const box = await page.locator('flux-image').boundingBox();
    const image = await page.locator('flux-image img').boundingBox();
    const width = widthIn(room);
    expect([style, box?.width, box?.height]).toEqual([style, width, (width * 400) / 640]);
    expect([style, image]).toEqual([style, box]);
  }
});

it('takes over the image inside it as it is, and shows a blur before it', async () => {
  const { promise: seen, resolve: arrive } = Promise.withResolvers<void>();
  const { page } = await openPage(site.origin, {
    waitUntil: 'domcontentloaded',
    motion: 'no-preference',
    prepare: async (tab) => {
      await tab.addInitScript(() => {
        document.addEventListener('DOMContentLoaded', () => Reflect.set(globalThis, 'given', document.images[4]));
      });
      await tab.route('**/i/*salt*', async (route) => {
        await seen;
        await route.continue();
      });
    },
  });
  const salt = page.locator('flux-image').nth(4);
  await salt.scrollIntoViewIfNeeded();
  const opaqueness = () =>
    salt.evaluate((picture) => {
      const canvas = picture.shadowRoot?.querySelector('canvas');
      return canvas?.getContext('2d')?.getImageData(16, 16, 1, 1).data[3];
    });
  await expect.poll(opaqueness, patiently).toBe(255);
  const opacity = () => salt.locator('img').evaluate((image) => getComputedStyle(image).opacity);
  expect(await opacity()).toBe('0');
  arrive();
  await expect.poll(() => salt.evaluate((picture) => picture.matches(':state(ready)')), { timeout: 10_000 }).toBe(true);
  await expect.poll(opacity, patiently).toBe('1');
  // No edge of it is seen beside the picture, nor all of it through one.
  const blur = () => salt.locator('canvas').evaluate((canvas) => getComputedStyle(canvas).visibility);
  await expect.poll(blur, patiently).toBe('hidden');
  expect(await salt.locator('img').count()).toBe(1);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'given') === document.images[4])).toBe(true);
});
