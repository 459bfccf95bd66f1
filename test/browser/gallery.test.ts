import { expect, inject, it } from 'vitest';
import { colourSchemes, openPage, widths } from './browser.ts';
import { makePicture, openAccount, withKey } from './support/service-calls.ts';

const cards = '.cards .card';

it.each(
  Object.entries(widths).flatMap(([device, width]) => colourSchemes.map((scheme) => ({ device, width, scheme }))),
)('hangs pictures soundly on a $device in $scheme', async ({ device, width, scheme }) => {
  const { key } = await openAccount({ name: `Gallery ${device} ${scheme}` });
  // Another account's picture would be a hit, which is nothing that this one made.
  const seed = Math.floor(Math.random() * 2 ** 31);
  await makePicture(key, { prompt: 'A wide one in #0b3954', size: '1024x512', seed });
  await makePicture(key, { prompt: 'A tall one in #c81d25', size: '512x1024', seed });
  await makePicture(key, { prompt: 'sandbox:error' }).catch(() => undefined);
  const opened = await openPage('/gallery', { width, colourScheme: scheme, prepare: withKey(key) });
  const { page } = opened;
  await page.getByText('No picture came of it').waitFor();
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  expect(await page.locator(cards).count()).toBe(3);
  expect(await opened.accessibilityFaults()).toEqual([]);
  expect(await opened.isTooWide()).toBe(false);
  expect(await opened.layoutShift()).toBe(0);
  expect(opened.complaints).toEqual([]);
  await opened.screenshot(`hung-${device}-${scheme}`);
});

it('filters, keeps, compares two and opens one in the workbench', async () => {
  const { key } = await openAccount({ name: 'Curator' });
  const first = await makePicture(key, { prompt: 'The first', steps: 11 });
  const second = await makePicture(key, { prompt: 'The second', steps: 44 });
  const { page } = await openPage('/gallery', { prepare: withKey(key) });
  await expect.poll(() => page.locator(cards).count()).toBe(2);
  await page.getByRole('button', { name: 'Keep: The first' }).click();
  await page.locator('button[aria-pressed=true][aria-label^=Keep]').waitFor();
  await page.getByRole('button', { name: 'Pick to compare: The first' }).click();
  await page.getByRole('button', { name: 'Pick to compare: The second' }).click();
  const link = await page.getByRole('link', { name: 'Compare the two' }).getAttribute('href');
  expect(link).toBe(`/compare#a=${first}&b=${second}`);
  expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
  await page.getByLabel('Fingerprint').fill(first.slice(0, 10));
  await expect.poll(() => page.locator(cards).count()).toBe(1);
  expect(page.url()).toContain(`fingerprint=${first.slice(0, 10)}`);
  await page.reload();
  await page.locator('button[aria-pressed=true][aria-label^=Keep]').waitFor();
  await page.locator(`${cards} a`).click();
  await page.waitForURL('**/workbench#*');
  await expect.poll(() => page.getByLabel('Prompt', { exact: true }).inputValue()).toBe('The first');
  await page.goto(`${inject('origin')}/gallery#status=failed`);
  await page.getByText('Nothing is like that').waitFor();
});

it("shows a private account's pictures to its key", async () => {
  const { key } = await openAccount({ name: 'Private gallery', visibility: 'private' });
  await makePicture(key, { prompt: 'Behind a curtain' });
  const { page } = await openPage('/gallery', { prepare: withKey(key) });
  await page.getByText('Behind a curtain').waitFor();
  await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('.thumb img')?.naturalWidth ?? 0) > 0);
});

it('says what goes before it deletes for good, with a key that may', async () => {
  const prompt = `To be deleted ${crypto.randomUUID()}`;
  const { key } = await openAccount({ name: 'Janitor', scopes: ['generate', 'read', 'admin'] });
  const fingerprint = await makePicture(key, { prompt });
  const { page, accessibilityFaults, screenshot } = await openPage('/gallery', { prepare: withKey(key) });
  const doomed = page.getByRole('button', { name: `Delete: ${prompt.slice(0, 40)}` });
  await doomed.click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.textContent()).toContain('whichever account ordered it');
  expect(await accessibilityFaults()).toEqual([]);
  await screenshot('gallery-purge', { fullPage: false });
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  expect((await fetch(`${inject('origin')}/images/${fingerprint}.png`)).status).toBe(200);
  await doomed.click();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('Nothing is made yet').waitFor();
  expect((await fetch(`${inject('origin')}/images/${fingerprint}.png`)).status).toBe(404);
  // A browser that never saw it: this one may keep what was called immutable.
  const later = await openPage('/gallery', { prepare: withKey(key) });
  await later.page.getByText('No longer stored').waitFor();
});

it('asks for another key where one is not accepted, and says that the connection is lost', async () => {
  const refused = await openPage('/gallery', { prepare: withKey('fg_live_nobody') });
  await refused.page.getByLabel('Your API key').waitFor();
  const lost = await openPage('/gallery', {
    waitUntil: 'load',
    prepare: (page) => page.route('**/v1/tasks?*', (route) => route.abort()),
  });
  await lost.page.getByText('The connection is lost').waitFor({ timeout: 30_000 });
  await lost.page.unroute('**/v1/tasks?*');
  await lost.page.getByRole('button', { name: 'Try again' }).click();
  await lost.page.getByText('The connection is lost').waitFor({ state: 'detached' });
});
