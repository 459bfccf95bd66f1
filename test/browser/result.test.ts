import { buffer } from 'node:stream/consumers';
import type { Page, Route } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { openPage } from './browser.ts';
import { makePicture, openAccount, withKey } from './support/service-calls.ts';
import { openBench, shownPicture } from './support/workbench.ts';

const visibilities = ['public', 'private'] as const;
/** Of a picture whose size says nothing. */
const small = '#size=64x64';

it.each(
  visibilities.flatMap((visibility) => [
    { visibility, format: 'PNG', extension: 'png' },
    { visibility, format: 'WebP', extension: 'webp' },
  ]),
)('downloads a $visibility picture as $format, the bytes that are shown', async ({ visibility, format, extension }) => {
  const { key } = await openAccount({ name: `Takes ${format} along`, visibility });
  const { page, prompt, make, choose } = await openBench(small, { prepare: withKey(key) });
  await prompt.fill(`To take along ${crypto.randomUUID()}`);
  await choose('Format', format);
  await make.click();
  const url = await shownPicture(page);
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const download = await coming;
  const fingerprint = /[0-9a-f]{64}/.exec(url)?.[0] ?? '';
  expect(download.suggestedFilename()).toBe(`${fingerprint.slice(0, 16)}.${extension}`);
  const shown = Buffer.from(await (await fetch(url)).arrayBuffer());
  expect((await buffer(await download.createReadStream())).equals(shown)).toBe(true);
});

it.each(visibilities)('leads to what is stored about a %s picture', async (visibility) => {
  const { key } = await openAccount({ name: 'Looks it up', visibility });
  const { page, prompt, make } = await openBench(small, { prepare: withKey(key) });
  const words = `Looked up ${crypto.randomUUID()}`;
  await prompt.fill(words);
  await make.click();
  await shownPicture(page);
  await page.getByText('Recipe', { exact: true }).click();
  await page.getByRole('link', { name: 'What is stored about it' }).click();
  await page.waitForURL(/\.json/);
  expect(await page.locator('body').textContent()).toContain(words);
});

it('says that the picture was lost on its way, and shows it once it comes through', async () => {
  const { page, prompt, make } = await openBench(small);
  const lost = await loseFiles(page, '**/images/*.png*');
  await prompt.fill(`Lost on its way ${crypto.randomUUID()}`);
  await make.click();
  await page.locator('.picture-frame').getByText('tried again').waitFor();
  expect(await page.locator('.picture-frame img').count()).toBe(0);
  lost.find();
  await shownPicture(page);
  expect(await page.getByText('tried again').count()).toBe(0);
});

it('asks for a picture that never comes a few times, and then says that it cannot be loaded', async () => {
  const { page, prompt, make } = await openBench(small);
  const lost = await loseFiles(page, '**/images/*.png*');
  await prompt.fill(`Never comes ${crypto.randomUUID()}`);
  await make.click();
  await page.locator('.picture-frame').getByText('cannot be loaded').waitFor({ timeout: 40_000 });
  const { asked } = lost;
  expect(asked().length).toBeGreaterThan(2);
  expect(asked().length).toBeLessThan(12);
  const before = asked().length;
  await page.waitForTimeout(3_000);
  expect(asked().length).toBe(before);
  // The next picture is another one.
  lost.find();
  await page.getByRole('button', { name: 'Make another' }).click();
  await shownPicture(page);
});

it('says at once of a picture that is gone that it is, and asks for it no more', async () => {
  const { page, prompt, make } = await openBench(small);
  const asked: string[] = [];
  await page.route('**/images/*.png*', async (route) => {
    asked.push(route.request().method());
    await route.fulfill({ status: 404, contentType: 'application/json', body: '{}' });
  });
  await prompt.fill(`Gone ${crypto.randomUUID()}`);
  await make.click();
  await page.locator('.picture-frame').getByText('no longer there').waitFor();
  await page.waitForTimeout(2_500);
  expect(asked).toEqual(['GET', 'HEAD']);
});

it('hangs in the gallery what was lost on its way once it comes through, and says which is gone', async () => {
  const { key } = await openAccount({ name: `Loses ${crypto.randomUUID()}` });
  const there = await makePicture(key, { prompt: `There ${crypto.randomUUID()}` });
  const gone = await makePicture(key, { prompt: `Gone ${crypto.randomUUID()}` });
  let lost: Awaited<ReturnType<typeof loseFiles>> | undefined;
  const { page } = await openPage('/gallery', {
    waitUntil: 'load',
    prepare: async (tab) => {
      await withKey(key)(tab);
      lost = await loseFiles(tab, `**/images/${there}.webp*`);
      await tab.route(`**/images/${gone}.webp*`, (route) => route.fulfill({ status: 404, body: '' }));
    },
  });
  const cards = page.locator('.cards .card');
  await cards.filter({ hasText: 'There' }).getByText('tried again').waitFor();
  await cards.filter({ hasText: 'Gone' }).getByText('no longer there').waitFor();
  lost?.find();
  const image = cards.filter({ hasText: 'There' }).locator('img');
  await expect.poll(() => image.evaluate((node: HTMLImageElement) => node.naturalWidth)).toBeGreaterThan(0);
  expect(await cards.filter({ hasText: 'Gone' }).locator('img').count()).toBe(0);
});

it.each(['Picture link', 'Bench link'])('moves nothing beside “%s” while it says that it is copied', async (label) => {
  const { page, prompt, make } = await openBench('', {
    prepare: (_page, context) => context.grantPermissions(['clipboard-write'], { origin: inject('origin') }),
  });
  await prompt.fill(`Copied ${crypto.randomUUID()}`);
  await make.click();
  await shownPicture(page);
  const places = () =>
    page.locator('.result-bar > *').evaluateAll((all) =>
      all.map((one) => {
        const { left, right } = one.getBoundingClientRect();
        return [left, right, (one as HTMLElement).offsetTop];
      }),
    );
  const before = await places();
  await page.getByRole('button', { name: label }).click();
  const said = page.locator('.result-bar').getByText('Copied', { exact: true });
  await said.waitFor();
  expect(await places()).toEqual(before);
  await said.waitFor({ state: 'detached' });
  expect(await places()).toEqual(before);
});

/** Requests for files fail on their way until they are found. */
async function loseFiles(page: Page, pattern: string) {
  const asked: string[] = [];
  let isLost = true;
  await page.route(pattern, async (route: Route) => {
    asked.push(route.request().method());
    if (isLost) await route.abort();
    else await route.continue();
  });
  return {
    asked: (): readonly string[] => asked,
    find: () => {
      isLost = false;
    },
  };
}
