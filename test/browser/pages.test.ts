import { describe, expect, it } from 'vitest';
import { colourSchemes, openPage, widths } from './browser.ts';

const pages = [
  { name: 'model', path: '/' },
  { name: 'workbench', path: '/workbench' },
  { name: 'sweep', path: '/sweep' },
  { name: 'compare', path: '/compare' },
  { name: 'gallery', path: '/gallery' },
  { name: 'dashboard', path: '/dashboard' },
];
/** What a first load may bring of script, gzipped. */
const mostScriptBytes = 60 * 1024;

/** Comes when there is something to draw, and is not counted. */
const plots = /\/draw-plot\.js$/;

const looks = Object.entries(widths).flatMap(([device, width]) =>
  colourSchemes.map((colourScheme) => ({ device, width, colourScheme })),
);

describe.each(pages)('the $name page', ({ name, path }) => {
  it.each(looks)('is sound on a $device in $colourScheme', async ({ device, width, colourScheme }) => {
    const opened = await openPage(path, { width, colourScheme });
    expect(opened.complaints).toEqual([]);
    expect(opened.foreignRequests).toEqual([]);
    expect(await opened.isTooWide()).toBe(false);
    expect(await opened.layoutShifts({ withInput: false })).toEqual([]);
    expect(await opened.accessibilityFaults()).toEqual([]);
    expect(await opened.scriptBytes(plots)).toBeLessThanOrEqual(mostScriptBytes);
    await opened.screenshot(`${name}-${device}-${colourScheme}`);
  });

  it('says what it is without JavaScript', async () => {
    const { page } = await openPage(path, { javaScript: false });
    expect(await page.locator('main').textContent()).toContain('curl -s');
    expect(await page.locator('h1').textContent()).toContain('FLUX.2 [flex]');
  });
});

it('the choice of light or dark holds on the next page', async () => {
  const { page } = await openPage('/', { colourScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Light or dark' }).click();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.getByRole('link', { name: 'Workbench', exact: true }).click();
  await page.waitForURL('**/workbench');
  await expect.poll(ground).toBe(dark);
});
