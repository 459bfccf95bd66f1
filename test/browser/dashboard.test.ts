import { text as textOf } from 'node:stream/consumers';
import { expect, inject, it } from 'vitest';
import { colourSchemes, openPage, widths } from './browser.ts';
import { ask, makePicture, openAccount, withKey } from './support/service-calls.ts';
import { untilHeard } from './support/workbench.ts';

interface Figures {
  readonly spent_micros: number;
  readonly saved_micros: number;
  readonly pictures: number;
  readonly hits: number;
  readonly failures: number;
  readonly compared_quoted_micros: number;
  readonly compared_micros: number;
}
const dollars = (micros: number) => `$${(micros / 1e6).toFixed(micros % 10_000 === 0 ? 2 : 4)}`;

let busy: Promise<Busy> | null = null;

/** One for all tests that only look. */
function theBusyAccount(): Promise<Busy> {
  busy ??= busyAccount('Busy');
  return busy;
}

interface Busy {
  readonly key: string;
  readonly totals: Figures;
}

/** An account with two pictures, a hit and a failure, once they are in its reports. */
async function busyAccount(name: string): Promise<Busy> {
  const { id, key } = await openAccount({ name });
  const limits = { day_micros: 250_000, total_micros: 4_000_000 };
  await ask(`/v1/admin/accounts/${id}/keys`, { json: { name: 'thrifty', limits } });
  const prompt = `${name} ${crypto.randomUUID()}`;
  await makePicture(key, { prompt });
  await makePicture(key, { prompt });
  await makePicture(key, { prompt, steps: 9 });
  await makePicture(key, { prompt: 'sandbox:error' }).catch(() => undefined);
  const totals = async () => (await ask<{ totals: Figures }>('/v1/usage', { key })).totals;
  await expect.poll(totals, { timeout: 30_000, interval: 500 }).toMatchObject({ pictures: 2, hits: 1, failures: 1 });
  return { key, totals: await totals() };
}

it.each(
  Object.entries(widths).flatMap(([device, width]) => colourSchemes.map((scheme) => ({ device, width, scheme }))),
)('shows the totals of /v1/usage on a $device in $scheme', async ({ device, width, scheme }) => {
  const { key, totals } = await theBusyAccount();
  const opened = await openPage('/dashboard', { width, colourScheme: scheme, prepare: withKey(key) });
  const { page } = opened;
  await page.locator('#totals').waitFor();
  const shown = await page.locator('#totals strong').allTextContents();
  expect(shown.slice(0, 4)).toEqual([dollars(totals.spent_micros), dollars(totals.saved_micros), '33 %', '2']);
  expect(await page.locator('#totals').textContent()).toContain('by 1 hit and 0 joins');
  await expect.poll(() => page.locator('.plot-area canvas').count()).toBe(4);
  const table = page.locator('.plot table').first().locator('tbody tr');
  expect(await table.count()).toBe(30);
  expect(await table.last().textContent()).toContain(dollars(totals.spent_micros) + dollars(totals.saved_micros));
  const drift = await page.getByRole('region', { name: 'Quote against actual' }).locator('tbody td').allTextContents();
  const quoted = dollars(totals.compared_quoted_micros);
  expect(drift.slice(0, 4)).toEqual(['2', quoted, dollars(totals.compared_micros), '$0.00']);
  const waits = page.locator('.plot').filter({ hasText: 'From order to picture' });
  expect(await waits.locator('thead').textContent()).toBe('Day (UTC)p50p95p99');
  expect(await waits.locator('tbody tr').last().textContent()).toMatch(/(\d+\.\d+ s){3}$/);
  expect(await waits.locator('> .hint').textContent()).toMatch(/Over all of these days: p50 \d+\.\d+ s, p95/);
  const ownKeys = page.getByRole('region', { name: 'Keys and their budgets' });
  expect(await ownKeys.textContent()).toContain(`Busy (this one)`);
  expect(await ownKeys.textContent()).toContain(`thrifty`);
  expect(await ownKeys.getByText('$0.00 of $0.25').count()).toBe(1);
  expect(await ownKeys.getByRole('meter', { name: 'thrifty, today: spent of the budget' }).count()).toBe(1);
  expect(await ownKeys.locator('tbody tr').last().locator('td').nth(1).textContent()).toBe(
    dollars(totals.spent_micros),
  );
  expect(await opened.accessibilityFaults()).toEqual([]);
  expect(await opened.isTooWide()).toBe(false);
  expect(await opened.layoutShift()).toBe(0);
  expect(opened.complaints).toEqual([]);
  expect(opened.foreignRequests).toEqual([]);
  await opened.screenshot(`figures-${device}-${scheme}`);
});

it('goes over other days, which its address says, and hands them out as a table with the key in no URL', async () => {
  const { key, totals } = await theBusyAccount();
  const { page } = await openPage('/dashboard#days=7', { prepare: withKey(key) });
  await expect.poll(() => page.locator('.plot table').first().locator('tbody tr').count()).toBe(7);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const text = await textOf(await (await download).createReadStream());
  const [head = '', ...rows] = text.trim().split(/\r?\n/);
  const column = head.split(',').indexOf('spent_micros');
  expect(rows.reduce((sum, row) => sum + Number(row.split(',')[column]), 0)).toBe(totals.spent_micros);
  expect(asked.join(' ')).not.toContain(key);
  await page.getByRole('button', { name: '90 days' }).click();
  await expect.poll(() => page.locator('.plot table').first().locator('tbody tr').count()).toBe(90);
  expect(page.url()).toMatch(/#days=90$/);
});

it('takes days that are typed digit by digit, and keeps its fields and what is being typed', async () => {
  const { key } = await theBusyAccount();
  const { page } = await openPage('/dashboard#days=7', { prepare: withKey(key) });
  const [from, to] = [page.getByLabel('From (UTC)'), page.getByLabel('To', { exact: true })];
  const last = await to.inputValue();
  const days = (count: number) => new Date(Date.parse(last) - count * 86_400_000).toISOString().slice(0, 10);
  const type = (day: string) =>
    page.keyboard.type(`${day.slice(5, 7)}${day.slice(8)}${day.slice(0, 4)}`, { delay: 60 });
  const rows = page.locator('.plot table').first().locator('tbody tr');
  await from.focus();
  await type(days(20));
  await expect.poll(() => page.url()).toContain(`#from=${days(20)}&to=${last}`);
  await expect.poll(() => rows.count()).toBe(21);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('date');
  await to.focus();
  await type(days(30));
  await page.getByText('The first day is after the last.').waitFor();
  expect([await from.inputValue(), await to.inputValue()]).toEqual([days(20), days(30)]);
  expect(page.url()).toContain(`#from=${days(20)}&to=${last}`);
  // To its first part again.
  await from.focus();
  await to.focus();
  await type(days(10));
  await expect.poll(() => page.url()).toContain(`#from=${days(20)}&to=${days(10)}`);
  await page.getByText('Nothing was ordered in these days').waitFor();
  expect(await from.inputValue()).toBe(days(20));
  expect(await page.getByText('The first day is after the last.').count()).toBe(0);
});

it('says beside its fields why a range is refused, and goes on with another', async () => {
  const { key } = await theBusyAccount();
  const { page } = await openPage('/dashboard#from=2001-01-01&to=2026-01-01', { prepare: withKey(key) });
  await page.getByText('at most 366 days').waitFor();
  expect(await page.getByLabel('From (UTC)').inputValue()).toBe('2001-01-01');
  await page.getByRole('button', { name: '7 days' }).click();
  await page.locator('#totals').waitFor();
  expect(await page.getByText('at most 366 days').count()).toBe(0);
  await page.goto(`${inject('origin')}/dashboard#from=0002-10-05&to=2026-10-30`);
  await page.reload();
  await expect.poll(() => page.locator('.plot table').first().locator('tbody tr').count()).toBe(30);
});

it('is no wider than the narrowest phone', async () => {
  const { key } = await theBusyAccount();
  for (const prepare of [withKey(key), withKey(inject('key')), withKey(inject('adminToken'))]) {
    const { page, isTooWide } = await openPage('/dashboard', { width: 320, prepare });
    await page.locator('#totals').waitFor();
    expect(await isTooWide()).toBe(false);
  }
});

it('is printed in dark on light from a dark scheme, without what is pressed', async () => {
  const { key } = await theBusyAccount();
  const { page } = await openPage('/dashboard', { colourScheme: 'dark', prepare: withKey(key) });
  await page.locator('.plot-area canvas').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  const shot = await page.locator('.plot-area').first().screenshot();
  const mean = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    context?.drawImage(picture, 0, 0);
    const all = [...(context?.getImageData(0, 0, picture.width, picture.height).data ?? [])];
    const red = all.filter((_, index) => index % 4 === 0);
    return { paper: Math.max(...red), ink: Math.min(...red) };
  }, shot.toString('base64'));
  expect(mean.paper).toBe(255);
  expect(mean.ink).toBeLessThan(110);
  for (const pressed of ['.filter-bar', '.key-field', '.masthead nav'])
    expect(await page.locator(pressed).first().isVisible()).toBe(false);
});

it('tells quotes apart from those whose vendor did not say what it charged', async () => {
  const { key, totals } = await theBusyAccount();
  const { page } = await openPage('/dashboard', {
    prepare: async (tab) => {
      await withKey(key)(tab);
      await tab.route(/\/v1\/usage\?.*group=provider$/, async (route) => {
        const response = await route.fetch();
        const usage: { groups: Figures[] } = await response.json();
        const groups = usage.groups.map((row) =>
          row.pictures === 0 ? row : { ...row, pictures: row.pictures + 3, unreported_quoted_micros: 160_000 },
        );
        await route.fulfill({ response, json: { ...usage, groups } });
      });
    },
  });
  const rows = page.getByRole('region', { name: 'Quote against actual' }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(2);
  const [reported, unreported] = [rows.first(), rows.last()];
  expect(await reported.locator('td').first().textContent()).toBe(String(totals.pictures));
  expect(await unreported.locator('th').textContent()).toMatch(/, not reported$/);
  expect(await unreported.locator('td').allTextContents()).toEqual(['3', '$0.16', '–', '–']);
});

it('shows what is under way by itself', async () => {
  const { key } = await openAccount({ name: 'In a hurry' });
  const { page } = await openPage('/dashboard', { prepare: withKey(key) });
  await page.getByText('Nothing. What is ordered shows up here').waitFor();
  void makePicture(key, { prompt: `sandbox:slow ${crypto.randomUUID()}` }).catch(() => undefined);
  await page.getByText('1 under way.').waitFor({ timeout: 20_000 });
  expect(await page.locator('.running tbody').textContent()).toMatch(/rendering|queued/);
  const { data } = await ask<{ data: { id: string }[] }>('/v1/tasks', { key });
  await ask(`/v1/tasks/${data[0]?.id}`, { key, method: 'DELETE' });
  await page.getByText('Nothing. What is ordered shows up here').waitFor({ timeout: 20_000 });
});

it('opens an account, gives it credit and a key that works, rotates and revokes it', async () => {
  const { page, accessibilityFaults, isTooWide, screenshot } = await openPage('/dashboard');
  const admin = page.locator('.admin');
  const line = (legend: string) => admin.getByRole('group', { name: legend });
  await line('New account').getByLabel('Name').fill('Opened by hand');
  await line('New account').getByRole('button', { name: 'Create account' }).click();
  await admin.getByText('Balance $0.00').waitFor();
  await line('Add credit').getByLabel('Dollars').fill('2.5');
  await line('Add credit').getByRole('button', { name: 'Add $2.50' }).click();
  await admin.getByText(/Balance \$2\.\d+/).waitFor();
  await line('New key').getByLabel('Name').fill('server');
  // What made twice would be two is not made again by itself.
  await page.route('**/v1/admin/**', (route) => route.abort());
  await line('New key').getByRole('button', { name: 'Create key' }).click();
  await line('New key').getByText('It may have been done all the same').waitFor();
  await untilHeard(page);
  await page.unroute('**/v1/admin/**');
  await line('New key').getByRole('button', { name: 'Create key' }).click();
  const key = (await page.locator('#new-key').textContent()) ?? '';
  expect(await ask<{ name: string }>('/v1/account', { key })).toMatchObject({ name: 'Opened by hand' });
  expect(await accessibilityFaults()).toEqual([]);
  expect(await isTooWide()).toBe(false);
  await screenshot('dashboard-admin');
  await admin.getByRole('button', { name: 'I have kept it' }).click();
  await untilHeard(page);
  await admin.getByRole('button', { name: 'Rotate' }).click();
  const rotated = (await page.locator('#new-key').textContent()) ?? '';
  expect(rotated).not.toBe(key);
  await ask('/v1/account', { key: rotated });
  await admin.getByRole('button', { name: 'Revoke' }).first().click();
  await untilHeard(page);
  // What may be done twice is done once the service is there again.
  await page.route('**/v1/admin/**', (route) => route.abort());
  await admin.getByRole('button', { name: 'Really: it ends at once' }).click();
  await admin.getByText('goes on by itself').waitFor();
  await page.unroute('**/v1/admin/**');
  await admin.getByText('revoked').waitFor();
});

it('shows nothing of the administration to a key that may not', async () => {
  const { key } = await openAccount({ name: 'Not the boss' });
  const { page } = await openPage('/dashboard', { prepare: withKey(key) });
  await page.getByRole('heading', { name: 'Providers and their circuits' }).waitFor();
  expect(await page.locator('.admin').count()).toBe(0);
});

it("shows all accounts together to the operator's token", async () => {
  const { totals } = await theBusyAccount();
  const { page } = await openPage('/dashboard', { prepare: withKey(inject('adminToken')) });
  await page
    .locator('.admin')
    .getByRole('button', { name: /^a[0-9a-f]+$/ })
    .first()
    .waitFor();
  expect(await page.getByLabel('Figures of').inputValue()).toBe('*');
  await page.getByRole('region', { name: 'Providers and their circuits' }).locator('tbody tr').first().waitFor();
  const spent = (await page.locator('#totals strong').first().textContent())?.replace('$', '');
  expect(Number(spent) * 1e6).toBeGreaterThanOrEqual(totals.spent_micros);
});

it('says that the connection is lost, and goes on once it is back', async () => {
  const { page } = await openPage('/dashboard', {
    waitUntil: 'load',
    prepare: (tab) => tab.route('**/v1/usage?*', (route) => route.abort()),
  });
  await page.getByText('The connection is lost').waitFor({ timeout: 30_000 });
  expect(await page.getByLabel('From (UTC)').isVisible()).toBe(true);
  await page.unroute('**/v1/usage?*');
  await page.locator('#totals').waitFor();
});

it('is worked without an account by the key that is typed, which stays in the tab', async () => {
  const { page } = await openPage('/dashboard', { prepare: withKey('fg_live_nobody') });
  await page.getByText('The key is not accepted').first().waitFor();
  await page.getByLabel('Your API key').fill(inject('key'));
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.locator('#totals').waitFor();
  expect(page.url()).not.toContain(inject('key'));
  expect(await page.evaluate(() => ({ ...localStorage }))).toEqual({});
});
