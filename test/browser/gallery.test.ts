import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { colourSchemes, openPage, widths } from './browser.ts';
import { ask, makePicture, openAccount, withKey } from './support/service-calls.ts';
import { untilHeard } from './support/workbench.ts';

const cards = '.cards .card';

/** In the dialog that has just opened: the second press of a double one does not reach it. */
async function deleteForGood(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Delete for good' });
  await button.waitFor();
  await untilHeard(page);
  await button.click();
}

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
  const failed = page.locator(cards).filter({ hasText: 'No picture came of it' });
  expect(await failed.locator('.card-prompt').textContent()).toBe('sandbox:error');
  const again = await failed.getByRole('link', { name: 'Open in the workbench' }).getAttribute('href');
  expect(again).toMatch(/^\/workbench#prompt=sandbox%3Aerror&.*size=512x512/);
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

it('shows each as kept that was pressed while the others were on their way', async () => {
  const { key } = await openAccount({ name: 'Quick' });
  const prompts = ['Quick one', 'Quick two', 'Quick three'].map((words) => `${words} ${crypto.randomUUID()}`);
  for (const prompt of prompts) await makePicture(key, { prompt });
  const { page } = await openPage('/gallery', {
    prepare: async (tab) => {
      await withKey(key)(tab);
      await tab.route('**/v1/pins/*', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 800));
        await route.continue();
      });
    },
  });
  for (const prompt of prompts) {
    await page.getByRole('button', { name: `Keep: ${prompt.slice(0, 40)}` }).click();
    await page.waitForTimeout(150);
  }
  const kept = page.locator('button[aria-pressed=true][aria-label^=Keep]');
  await expect.poll(() => kept.count()).toBe(3);
  expect((await ask<{ data: unknown[] }>('/v1/pins', { key })).data).toHaveLength(3);
  await kept.first().click();
  await expect.poll(() => kept.count()).toBe(2);
});

it('deletes nothing by a double press, nor by a key that is held', async () => {
  const { key } = await openAccount({ name: 'Hasty' });
  const fingerprint = await makePicture(key, { prompt: `Hasty ${crypto.randomUUID()}` });
  const { page } = await openPage('/gallery', { prepare: withKey(key) });
  const dialog = page.getByRole('dialog');
  const trash = page.getByRole('button', { name: 'Delete: Hasty' });
  await trash.focus();
  for (let times = 0; times < 10; times += 1) {
    await page.keyboard.down('Enter');
    await page.waitForTimeout(100);
  }
  await page.keyboard.up('Enter');
  expect(await dialog.isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await trash.focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(800);
  expect(await dialog.isVisible()).toBe(true);
  expect((await fetch(`${inject('origin')}/images/${fingerprint}.png`)).status).toBe(200);
});

it('takes a day of its filter once it is whole, and none where it was emptied', async () => {
  const { key } = await openAccount({ name: 'Calendar' });
  await makePicture(key, { prompt: `Of today ${crypto.randomUUID()}` });
  const { page } = await openPage('/gallery', { prepare: withKey(key) });
  const from = page.getByLabel('From (UTC)');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await from.focus();
  await page.keyboard.type('11302099', { delay: 40 });
  await page.getByText('Nothing is like that').waitFor();
  expect(await from.inputValue()).toBe('2099-11-30');
  expect(asked.filter((url) => /from=[01]/.test(url))).toEqual([]);
  await page.keyboard.press('Backspace');
  await from.blur();
  await expect.poll(() => page.locator(cards).count()).toBe(1);
  expect(page.url()).not.toContain('from=');
});

it("shows a private account's pictures to its key", async () => {
  const { key } = await openAccount({ name: 'Private gallery', visibility: 'private' });
  await makePicture(key, { prompt: 'Behind a curtain' });
  const { page } = await openPage('/gallery', { prepare: withKey(key) });
  await page.getByText('Behind a curtain').waitFor();
  await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('.thumb img')?.naturalWidth ?? 0) > 0);
});

it.each([
  { whose: 'its own key', name: 'Tidy', scopes: ['generate', 'read'] },
  { whose: 'the key of an administrator', name: 'Janitor', scopes: ['generate', 'read', 'admin'] },
])('says what goes before it deletes for good, with $whose', async ({ name, scopes }) => {
  const prompt = `To be deleted by ${name} ${crypto.randomUUID()}`;
  const { key } = await openAccount({ name, scopes });
  const fingerprint = await makePicture(key, { prompt });
  const { page, accessibilityFaults, screenshot } = await openPage('/gallery', { prepare: withKey(key) });
  const doomed = page.getByRole('button', { name: `Delete: ${prompt.slice(0, 40)}` });
  await doomed.click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.textContent()).toContain('whichever account ordered it');
  expect(await accessibilityFaults()).toEqual([]);
  await screenshot(`gallery-purge-${name.toLowerCase()}`, { fullPage: false });
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  expect((await fetch(`${inject('origin')}/images/${fingerprint}.png`)).status).toBe(200);
  await doomed.click();
  await deleteForGood(page);
  await page.getByText('Nothing is made yet').waitFor();
  expect((await fetch(`${inject('origin')}/images/${fingerprint}.png`)).status).toBe(404);
  // A browser that never saw it: this one may keep what was called immutable.
  const later = await openPage('/gallery', { prepare: withKey(key) });
  await later.page.getByText('No longer stored').waitFor();
});

it('goes on beside a picture that was deleted, and shows it no more after a reload', async () => {
  const { key } = await openAccount({ name: 'Keyboard' });
  const suffix = crypto.randomUUID();
  await makePicture(key, { prompt: `Stays ${suffix}` });
  await makePicture(key, { prompt: `Goes ${suffix}` });
  const { page } = await openPage('/gallery', { prepare: withKey(key) });
  await expect.poll(() => page.locator(`${cards} .thumb`).count()).toBe(2);
  await page.getByRole('button', { name: `Delete: Goes` }).click();
  await deleteForGood(page);
  await expect.poll(() => page.locator(cards).count()).toBe(1);
  const focused = () => page.evaluate(() => document.activeElement?.closest('.card')?.textContent ?? '');
  await expect.poll(focused).toContain(`Stays ${suffix}`);
  await page.reload();
  await page.getByText('No longer stored').waitFor();
  await expect.poll(() => page.locator(`${cards} .thumb`).count()).toBe(1);
  await page.getByRole('button', { name: `Delete: Stays` }).click();
  await deleteForGood(page);
  await expect.poll(() => page.locator(`${cards} .thumb`).count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
});

it('hangs everything by itself once a service that was down is there again', async () => {
  const { key } = await openAccount({ name: 'Patient' });
  await makePicture(key, { prompt: `Waited for ${crypto.randomUUID()}` });
  const { page } = await openPage('/gallery', {
    waitUntil: 'load',
    prepare: async (tab) => {
      await withKey(key)(tab);
      for (const path of ['**/v1/**', '**/health', '**/images/*.json']) await tab.route(path, (route) => route.abort());
    },
  });
  await page.getByText('The connection is lost').first().waitFor({ timeout: 30_000 });
  for (const path of ['**/v1/**', '**/images/*.json']) await page.unroute(path);
  // As long as it says that it is not well, nothing is asked of it.
  await page.waitForEvent('requestfailed', (request) => request.url().endsWith('/health'));
  expect(await page.locator(cards).count()).toBe(0);
  await page.unroute('**/health');
  await page.locator(`${cards} .thumb`).waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Keep: Waited for' }).waitFor();
});

it('says why a picture is kept that another account pinned, and offers a key that only reads no deletion', async () => {
  const [first, other] = [await openAccount({ name: 'First' }), await openAccount({ name: 'Second' })];
  const picture = { prompt: `Wanted by two ${crypto.randomUUID()}` };
  const fingerprint = await makePicture(first.key, picture);
  await ask(`/v1/pictures/${fingerprint}`, { key: first.key, method: 'DELETE' });
  await makePicture(other.key, picture);
  await ask(`/v1/pins/${fingerprint}`, { key: first.key, method: 'PUT' });
  const opened = await openPage('/gallery', { prepare: withKey(other.key), width: 390 });
  await opened.page.getByRole('button', { name: 'Delete: Wanted by two' }).click();
  const dialog = opened.page.getByRole('dialog');
  await deleteForGood(opened.page);
  await dialog.getByText('another account pinned it').waitFor();
  expect(await opened.accessibilityFaults()).toEqual([]);
  await opened.screenshot('gallery-kept', { fullPage: false });
  expect((await fetch(`${inject('origin')}/images/${fingerprint}.png`)).status).toBe(200);
  const reader = await ask<{ key: string }>(`/v1/admin/accounts/${other.id}/keys`, {
    json: { name: 'reader', scopes: ['read'] },
  });
  const read = await openPage('/gallery', { prepare: withKey(reader.key) });
  await expect.poll(() => read.page.locator(`${cards} .thumb`).count()).toBe(1);
  expect(await read.page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
});

it('tells what is known of a failure that nobody remembers any more', async () => {
  const { key } = await openAccount({ name: 'Forgetful' });
  await makePicture(key, { prompt: 'sandbox:error' }).catch(() => undefined);
  const { page } = await openPage('/gallery', {
    prepare: async (tab) => {
      await withKey(key)(tab);
      const json = {
        error: { code: 'task_not_found', message: 'There is no such task.', retryable: false, issues: [] },
      };
      await tab.route(/\/v1\/tasks\/[^/?]+$/, (route) => route.fulfill({ status: 404, json }));
    },
  });
  await page.getByText('The vendor failed. What was asked for is known for a day.').waitFor();
  expect(await page.getByRole('link', { name: 'Open in the workbench' }).count()).toBe(0);
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
  await lost.page.getByText('The connection is lost').waitFor({ state: 'detached' });
});
