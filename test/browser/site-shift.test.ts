import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openPage, painted, scrollThrough, widths } from './browser.ts';
import { startOtherSite } from './support/example-site.ts';
import { makePicture } from './support/service-calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'fluxgate-shift-'));
const service = inject('origin');
let site: Awaited<ReturnType<typeof startOtherSite>>;
/** Twice as wide as it is high. */
let master = '';

beforeAll(async () => {
  site = await startOtherSite(folder);
  const fingerprint = await makePicture(inject('key'), { prompt: 'A picture that is cut', size: '1024x512' });
  master = `${service}/images/${fingerprint}.webp`;
});
afterAll(() => {
  site.close();
  rmSync(folder, { recursive: true, force: true });
});

const cut = (width: number, height: number) => `${master}?w=${width}&amp;h=${height}&amp;fit=cover`;
const image = (width: number, height: number, more = '') =>
  `<img src="${cut(width, height)}"${more} width="${width}" height="${height}" alt="Cut">`;
const element = (attributes: string, inside = '') =>
  `<flux-image ${attributes} thumbhash="WHkKLQp5l295iJmIh4jGZ7lsn8z2">${inside}</flux-image>`;

/** Each of a shape that the master has not; those above 512 pixels are taller than it, too. */
const pictures = (): Readonly<Record<string, string>> => ({
  square: image(640, 640),
  tall: image(320, 640),
  flat: image(640, 160),
  candidates: image(640, 640, ` srcset="${cut(320, 320)} 320w, ${cut(640, 640)} 640w" sizes="80vw"`),
  'element with it inside': element('width="320" height="640"', image(320, 640)),
  'element with its URL': element(`src="${cut(640, 640)}" width="640" height="640" class="square" alt="Cut"`),
  'element of another shape': element(`src="${master}" width="480" height="480" class="square" alt="Another"`),
});

/** As README.md has it, an element with no image in it has its shape from the page. */
const shapes = 'flux-image { display: block } .square { max-width: 40rem; aspect-ratio: 1 }';
const looks = { fit: 'img { max-width: 100%; height: auto }', fill: 'img { width: 100%; height: auto }' };
const orders = { 'the script is': ['embed.js', 'images/'], 'the pictures are': ['images/', 'embed.js'] } as const;
const views = Object.entries(widths).flatMap(([device, width]) =>
  Object.entries(orders).flatMap(([order, [first, last]]) =>
    Object.entries(looks).map(([look, style]) => ({ device, width, order, first, last, look, style })),
  ),
);

it.each(views)('no cut picture moves a page on a $device whose images $look, where $order first', async (view) => {
  const marked = Object.entries(pictures()).map(([name, tag]) => `<section>${tag}<p>Behind: ${name}</p></section>`);
  const head = `<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="look.css">`;
  const script = `<script type="module" src="${service}/embed.js"></script>`;
  writeFileSync(join(folder, 'look.css'), `${shapes} ${view.style}`);
  writeFileSync(join(folder, 'index.html'), `<!doctype html><html lang="en">${head}${script}${marked.join('')}</html>`);
  const gates = { [view.first]: Promise.withResolvers<void>(), [view.last]: Promise.withResolvers<void>() };
  const { page, layoutShift } = await openPage(site.origin, {
    ...{ width: view.width, motion: 'no-preference', waitUntil: 'commit' },
    prepare: async (tab) => {
      for (const [path, { promise }] of Object.entries(gates))
        await tab.route(`${service}/${path}**`, (route) => promise.then(() => route.continue()));
    },
  });
  await page.locator('section').last().waitFor({ state: 'attached' });
  await painted(page);
  const before = await places(page);
  gates[view.first]?.resolve();
  await page.waitForFunction(
    (isScript) => (isScript ? customElements.get('flux-image') : [...document.images].every((one) => one.complete)),
    view.first === 'embed.js',
  );
  await painted(page);
  gates[view.last]?.resolve();
  await page.locator('flux-image:state(ready)').first().waitFor();
  await scrollThrough(page);
  await painted(page);
  expect(await page.evaluate(() => [...document.images].filter(({ naturalWidth }) => naturalWidth > 0).length)).toBe(7);
  expect(await places(page)).toEqual(before);
  expect(await layoutShift()).toBe(0);
});

/** Where each section is and how high, to the pixel. */
function places(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const sections = [...document.querySelectorAll('section')].map((section) => {
      const { y, width, height } = section.getBoundingClientRect();
      return [section.textContent?.trim(), [y + scrollY, width, height].map(Math.round).join(' ')] as const;
    });
    return Object.fromEntries(sections) as Record<string, string>;
  });
}
