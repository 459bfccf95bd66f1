import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openPage, painted, widths } from './browser.ts';
import { makePicture, openAccount, withKey } from './support/service-calls.ts';

let drawn: Promise<string> | null = null;

/** The key of an account with something to draw. */
function drawnAccount(): Promise<string> {
  drawn ??= (async () => {
    const { key } = await openAccount({ name: 'Drawn' });
    await makePicture(key, { prompt: `Drawn ${crypto.randomUUID()}` });
    return key;
  })();
  return drawn;
}

const canvases = (page: Page) => page.locator('.plot-area canvas').count();
const complaint = 'This cannot be drawn right now';

it.each(Object.entries(widths))(
  'draws by itself once the library can be loaded, and nothing moves on a %s before nor then',
  async (_, width) => {
    let isLost = true;
    const key = await drawnAccount();
    const opened = await openPage('/dashboard', {
      ...{ width, height: 2_400, waitUntil: 'load' },
      prepare: async (tab) => {
        await withKey(key)(tab);
        await tab.route('**/assets/draw-plot.js*', (route) => (isLost ? route.abort() : route.continue()));
        await tab.route('**/health', (route) => (isLost ? route.abort() : route.continue()));
      },
    });
    const { page } = opened;
    await expect.poll(() => page.getByText(complaint).count()).toBe(4);
    expect(await opened.accessibilityFaults()).toEqual([]);
    isLost = false;
    await expect.poll(() => canvases(page), { timeout: 30_000 }).toBe(4);
    expect(await page.getByText(complaint).count()).toBe(0);
    await painted(page);
    expect(await opened.layoutShifts({ withInput: true })).toEqual([]);
  },
);

it('tries to draw again when other days are chosen', async () => {
  let isLost = true;
  const key = await drawnAccount();
  const { page } = await openPage('/dashboard', {
    waitUntil: 'load',
    prepare: async (tab) => {
      await withKey(key)(tab);
      await tab.route('**/assets/draw-plot.js*', (route) => (isLost ? route.abort() : route.continue()));
      await tab.route('**/health', (route) => route.abort());
    },
  });
  await expect.poll(() => page.getByText(complaint).count()).toBe(4);
  isLost = false;
  await page.getByRole('button', { name: '7 days' }).click();
  await expect.poll(() => canvases(page)).toBe(4);
  expect(await page.getByText(complaint).count()).toBe(0);
});

it.each([
  { chargedMicros: 0, words: '' },
  { chargedMicros: 20_000, words: ', which cost $0.02' },
])('says what hits and joins cost where that is $chargedMicros', async ({ chargedMicros, words }) => {
  const key = await drawnAccount();
  const { page, isTooWide } = await openPage('/dashboard', {
    width: widths.phone,
    prepare: async (tab) => {
      await withKey(key)(tab);
      await tab.route('**/v1/usage?*', async (route) => {
        const response = await route.fetch();
        const usage: { totals: object; groups: object[] } = await response.json();
        const charged = (figures: object) => ({ ...figures, charged_micros: chargedMicros });
        await route.fulfill({
          response,
          json: { ...usage, totals: charged(usage.totals), groups: usage.groups.map(charged) },
        });
      });
    },
  });
  const saved = page.locator('#totals > div').filter({ hasText: 'Saved' });
  expect(await saved.locator('.hint').textContent()).toBe(`by 0 hits and 0 joins${words}`);
  const heads = await page.getByRole('region', { name: 'APIs' }).locator('thead th').allTextContents();
  expect(heads.includes('Their price')).toBe(chargedMicros > 0);
  expect(await isTooWide()).toBe(false);
});
