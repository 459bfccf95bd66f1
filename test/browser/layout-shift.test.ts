import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { type OpenedPage, openPage, painted, widths } from './browser.ts';
import { makePicture, openAccount, withKey } from './support/service-calls.ts';
import { openBench, readyToMake, shownPicture, untilHeard } from './support/workbench.ts';

let compared: readonly string[] = [];

/** Two pictures of the account that looks, and a failure. */
beforeAll(async () => {
  const key = inject('key');
  await makePicture(key, { prompt: 'sandbox:error' }).catch(() => undefined);
  compared = await Promise.all([5, 50].map((steps) => makePicture(key, { prompt: 'Still to compare', steps })));
});

/** Each page with data on it, and what of it is there last. */
const furnished = [
  { path: '/', fragment: () => '', last: '#usage' },
  { path: '/workbench', fragment: () => '#prompt=Priced&size=512x512', last: '.order-bar .price' },
  { path: '/workbench', fragment: () => `#from=${compared[0]}`, last: '.order-bar .price' },
  { path: '/sweep', fragment: () => '#prompt=Priced&size=512x512', last: '.order-bar .price' },
  { path: '/compare', fragment: () => `#a=${compared[0]}&b=${compared[1]}`, last: '.recipe-table' },
  { path: '/gallery', fragment: () => '', last: '.card .thumb' },
  { path: '/dashboard', fragment: () => '', last: '.admin .form-line' },
];

/** What stands below them is known long before. */
async function holdProviders(page: Page): Promise<void> {
  await page.route('**/v1/providers', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
}

const devices = Object.entries(widths).map(([device, width]) => ({ device, width }));

/** As nobody's finger: no shift is forgiven for following an input. Drawn when it returns, however busy this process is. */
async function press(page: Page, selector: string): Promise<void> {
  await page.locator(selector).evaluate(async (button) => {
    (button as HTMLButtonElement).click();
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  });
}

/** Nothing moved, neither by itself nor within half a second of an input: browsers would leave out the latter. */
async function expectStill(opened: OpenedPage): Promise<void> {
  await painted(opened.page);
  expect(await opened.layoutShifts({ withInput: true })).toEqual([]);
}

/** Nothing moved but what followed an input at once, as a list that is made longer. */
async function expectStillButForInput(opened: OpenedPage): Promise<void> {
  await painted(opened.page);
  expect(await opened.layoutShifts({ withInput: false })).toEqual([]);
}

describe.each(devices)('on a $device', ({ width }) => {
  it.each(furnished)(
    'nothing moves while $path is opened and scrolled, however high the window',
    async ({ path, fragment, last }) => {
      const opened = await openPage(path + fragment(), { width, prepare: holdProviders });
      const { page } = opened;
      await page.locator(last).first().waitFor();
      await page.evaluate(() => scrollTo({ top: document.body.scrollHeight }));
      await expectStill(opened);
      await page.evaluate(() => scrollTo({ top: 0 }));
      await page.setViewportSize({ width, height: 2_400 });
      await page.reload({ waitUntil: 'networkidle' });
      await page.locator(last).first().waitFor();
      await expectStill(opened);
    },
  );

  it('nothing moves while a picture is priced, made, copied and made again', async () => {
    const opened = await openBench(`#prompt=Still+${crypto.randomUUID()}&seed=7&size=512x512`, { width });
    const { page } = opened;
    await page.locator('.order-bar .price').waitFor();
    await expectStill(opened);
    await press(page, '#make');
    // What comes with the press itself: the frame is from then on as high as the result.
    const begun = (await opened.layoutShifts({ withInput: true })).length;
    await shownPicture(page);
    await page.getByRole('button', { name: 'Make another' }).waitFor();
    await page.locator('.order-bar .price').waitFor();
    await press(page, '.result-bar > button:last-child');
    const said = page.locator('.result-bar .said').filter({ hasText: /^(Not c|C)opied$/ });
    await said.waitFor({ state: 'attached' });
    await said.waitFor({ state: 'detached' });
    await painted(page);
    expect((await opened.layoutShifts({ withInput: true })).slice(begun)).toEqual([]);
    await press(page, '#make');
    await shownPicture(page);
    expect((await opened.layoutShifts({ withInput: true })).slice(begun)).toEqual([]);
  });

  it('nothing below the picture moves when it comes, nor when it fails', async () => {
    for (const prompt of [`Below ${crypto.randomUUID()}`, 'sandbox:error']) {
      const opened = await openBench(`#${new URLSearchParams({ prompt, size: '512x512', lock: '1' })}`, { width });
      const { page } = opened;
      await page.locator('.order-bar .price').waitFor();
      await press(page, '#make');
      const top = () => page.locator('.reference-field').evaluate((field) => (field as HTMLElement).offsetTop);
      const before = await top();
      await page.locator('.picture-frame img, .fault').waitFor();
      expect(await top()).toBe(before);
    }
  });

  it.each(['/workbench#prompt=Refused', '/sweep#prompt=Refused', '/compare', '/gallery', '/dashboard'])(
    'nothing moves when the key is refused on %s',
    async (path) => {
      const opened = await openPage(path, { width, prepare: withKey('fg_live_of_nobody') });
      if (!path.startsWith('/compare')) await opened.page.getByText('The key was refused').waitFor();
      await expectStill(opened);
    },
  );

  it('nothing moves where a key lacks a scope', async () => {
    const { key } = await openAccount({ name: `Lacks ${width}`, scopes: ['read'] });
    const opened = await openBench('#prompt=A+key+that+only+reads', { width, prepare: withKey(key) });
    await opened.make.click();
    await opened.page.locator('#key-hint').getByText('scope').waitFor();
    await expectStillButForInput(opened);
  });

  it('nothing moves while a key is given, and one that is none', async () => {
    const opened = await openBench('#prompt=A+key', { width });
    const { page } = opened;
    await press(page, '.key-line button');
    await page.getByLabel('Your API key').fill('no key');
    await press(page, '.key-field .button');
    await page.getByText('This is not a key').waitFor();
    await page.getByLabel('Your API key').fill('fg_live_of_nobody');
    await press(page, '.key-field .button');
    await page.getByText('The key was refused').waitFor();
    await page.getByLabel('Your API key').fill(inject('key'));
    await press(page, '.key-field .button');
    await page.locator('.order-bar .price').waitFor();
    await expectStill(opened);
  });

  it('nothing moves where words say what is wrong', async () => {
    const opened = await openBench('#prompt=Wrong+in+%23336699&seed=7', { width });
    const { page, prompt, set } = opened;
    for (const field of ['Width', 'Height', 'Steps as a number', 'Guidance as a number', 'Seed']) await set(field, -1);
    await page.getByText('from 64 to').first().waitFor();
    await set('Width', 4096);
    await set('Height', 4096);
    await page.getByText('At most 4 megapixels, such as').waitFor();
    await page.getByLabel('Link to a reference').fill('http://example.com/a.png');
    await press(page, '.reference-field .joined button');
    await page.getByText('Not taken').waitFor();
    await prompt.fill('x'.repeat(40_000));
    await page.getByText('40000 characters').waitFor();
    await expectStill(opened);
  });

  it('nothing moves when a file is kept, and when the connection is lost', async () => {
    const opened = await openBench('#prompt=A+file', { width });
    const { page, prompt } = opened;
    await page.locator('.order-bar .price').waitFor();
    const buffer = Buffer.from(pictureBytes('png'));
    await page.setInputFiles('input[type=file]', { name: 'a.png', mimeType: 'image/png', buffer });
    await page.getByAltText('Reference 1').waitFor();
    await page.context().setOffline(true);
    await prompt.fill('Without a connection');
    await page.getByText('The connection is lost').waitFor({ timeout: 30_000 });
    await expectStill(opened);
  });

  it('nothing but the examples moves while one types', async () => {
    const opened = await openBench('', { width });
    await opened.prompt.focus();
    await opened.page.keyboard.type('Typed, in #336699');
    await opened.page.locator('.order-bar .price').waitFor();
    await expectStillButForInput(opened);
  });

  it('nothing moves while a sheet is priced, made, and made again with other values', async () => {
    const fragment = { prompt: `A still sheet ${crypto.randomUUID()}`, seed: '7', size: '256x256' };
    const opened = await openPage(`/sweep#${new URLSearchParams(fragment)}`, { width, waitUntil: 'load' });
    const { page } = opened;
    await page.locator('.order-bar .price').waitFor();
    await press(page, '#make');
    await expect.poll(() => page.locator('.cell.made').count(), { timeout: 30_000 }).toBe(6);
    await page.getByText('6 of 6 stored already').waitFor();
    const values = page.getByRole('textbox', { name: 'Values across' });
    await values.fill('10, 500');
    await page.getByText('500 is not accepted').waitFor();
    await values.fill('10, 20, fifty');
    await page.getByText('is not understood').waitFor();
    await page.getByLabel('Budget in dollars').fill('0');
    await page.getByText('A number from 0.01').waitFor();
    await expectStill(opened);
  });

  it('nothing moves when every picture of a sheet fails, or there is no credit', async () => {
    const { key } = await openAccount({ name: `Still purse ${width}`, isPrepaid: true });
    for (const prepare of [withKey(inject('key')), withKey(key)]) {
      const fragment = { prompt: `sandbox:error ${crypto.randomUUID()}`, size: '256x256' };
      const opened = await openPage(`/sweep#${new URLSearchParams(fragment)}`, { width, prepare, waitUntil: 'load' });
      const { page } = opened;
      await page.locator(readyToMake).waitFor();
      await press(page, '#make');
      await expect.poll(() => page.locator('.cell.failed').count(), { timeout: 30_000 }).toBe(6);
      await expectStill(opened);
    }
  });
});

it.each([320, 360, widths.desktop])(
  'no card of the gallery grows in %d pixels: not with its recipe, its buttons, nor a fault',
  async (width) => {
    const { key } = await openAccount({ name: `Still gallery ${width}` });
    await makePicture(key, { prompt: `A still card ${crypto.randomUUID()}` });
    const recipes = Promise.withResolvers<void>();
    const pins = Promise.withResolvers<void>();
    const opened = await openPage('/gallery', {
      ...{ width, height: 2_400, waitUntil: 'load' },
      prepare: async (tab) => {
        await withKey(key)(tab);
        await tab.route('**/images/*.json', (route) => recipes.promise.then(() => route.continue()));
        await tab.route('**/v1/pins', (route) => pins.promise.then(() => route.continue()));
        await tab.route('**/v1/pins/*', (route) => route.abort());
        await tab.route('**/v1/pictures/*', (route) => route.abort());
      },
    });
    const { page } = opened;
    const card = page.locator('.card');
    await card.waitFor();
    const height = () => card.evaluate((element) => element.getBoundingClientRect().height);
    const before = await height();
    recipes.resolve();
    await page.getByRole('button', { name: /^Delete/ }).waitFor();
    await painted(page);
    pins.resolve();
    await page.getByRole('button', { name: /^Keep/ }).click();
    await card.getByText('The connection is lost').waitFor({ timeout: 30_000 });
    expect(await height()).toBe(before);
    await page.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('button', { name: 'Delete for good' }).waitFor();
    await untilHeard(page);
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('dialog').getByText('The connection is lost').waitFor({ timeout: 30_000 });
    await expectStill(opened);
  },
);

it.each([320, 900])('nothing moves in %d pixels while the bench of a picture is opened', async (width) => {
  const opened = await openPage(`/workbench#from=${compared[0]}`, { width, height: 1600 });
  await opened.page.locator('.order-bar .price').waitFor();
  await expectStill(opened);
});

it('nothing of an account moves when credit cannot be added', async () => {
  const { id } = await openAccount({ name: 'Still credit' });
  const opened = await openPage('/dashboard', { width: widths.phone, waitUntil: 'load' });
  const { page } = opened;
  await page.getByRole('button', { name: id, exact: true }).click();
  await page.getByLabel('Dollars', { exact: true }).fill('5');
  const height = () => page.locator('.admin-account').evaluate((element) => element.getBoundingClientRect().height);
  const before = await height();
  await page.route('**/credits', (route) => route.abort());
  await page.getByRole('button', { name: 'Add $' }).click();
  await page.locator('.admin-account').getByText('The connection is lost').waitFor({ timeout: 30_000 });
  expect(await height()).toBe(before);
});
