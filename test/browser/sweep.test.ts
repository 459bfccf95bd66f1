import type { Request } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { type OpenedPage, type Opening, openPage } from './browser.ts';
import { openAccount, withKey } from './support/service-calls.ts';
import { pressCancel, readyToMake } from './support/workbench.ts';

const orders = '**/v1/images/generations';

/** A sweep of 2×3 small pictures that were never made. */
async function openSweep(settings: Readonly<Record<string, string>> = {}, opening: Opening = {}): Promise<OpenedPage> {
  const prompt = `A sheet ${crypto.randomUUID()}`;
  const fragment = new URLSearchParams({ prompt, seed: '7', size: '256x256', ...settings });
  return await openPage(`/sweep#${fragment}`, { waitUntil: 'load', ...opening });
}

const made = '.sheet .cell.made';

it('tells the price, makes a sheet of 2×3, and opens each in the workbench as it was made', async () => {
  const sent: Record<string, unknown>[] = [];
  const { page, complaints, accessibilityFaults, screenshot } = await openSweep({ across: 'steps:10-30 by 10' });
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/images/generations')) sent.push(request.postDataJSON());
  });
  const bar = page.locator('.order-bar');
  await bar.getByText('6 pictures').waitFor();
  expect(await bar.textContent()).toMatch(/\$0\.\d+/);
  // The second press of a double click is none.
  await page.getByRole('button', { name: 'Render 6' }).dblclick();
  await expect.poll(() => page.locator(made).count(), { timeout: 30_000 }).toBe(6);
  expect(sent.map(({ steps, guidance }) => `${steps} ${guidance}`).sort()).toEqual(
    [10, 20, 30].flatMap((steps) => [2.5, 5].map((guidance) => `${steps} ${guidance}`)).sort(),
  );
  await bar.getByText('6 stored already').waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('make');
  expect(await accessibilityFaults()).toEqual([]);
  await screenshot('sweep-made');
  await page.locator(made).nth(1).click();
  await page.waitForURL('**/workbench#*');
  await page.getByRole('button', { name: 'Show picture' }).waitFor();
  expect(await page.getByRole('spinbutton', { name: 'Steps as a number' }).inputValue()).toBe('20');
  expect(page.url()).not.toContain(inject('key'));
  await page.goBack();
  await expect.poll(() => page.locator(`${made} img`).count(), { timeout: 20_000 }).toBe(6);
  await page.getByRole('button', { name: 'All 6 are there' }).waitFor();
  expect(complaints).toEqual([]);
});

it('never passes its budget, and says what was left out', async () => {
  const { page } = await openSweep({ budget: '0.1', across: 'seed:1-3' });
  await page.getByText('over the budget').waitFor();
  const price = Number((await page.locator('.cell.planned').first().textContent())?.replace('$', ''));
  expect(price).toBeGreaterThan(0);
  const affordable = Math.floor(0.1 / price + 1e-9);
  await page.getByRole('button', { name: `Render ${affordable} of 6` }).click();
  await expect.poll(() => page.locator('.cell.left-out').count(), { timeout: 20_000 }).toBe(6 - affordable);
  await expect.poll(() => page.locator(made).count(), { timeout: 20_000 }).toBe(affordable);
  expect(await page.locator('.cell.left-out').first().textContent()).toContain('the budget is used up');
});

it('says in their cells what failed, and that a connection was lost', async () => {
  const { page } = await openSweep({
    prompt: `sandbox:error ${crypto.randomUUID()}`,
    across: 'seed:1',
    down: 'steps:9',
  });
  await page.getByRole('button', { name: 'Render 1' }).click();
  await page.locator('.cell.failed').getByText('The vendor failed').waitFor();
  await page.route(orders, (route) => route.abort());
  await page.getByRole('textbox', { name: 'Values across' }).fill('2');
  await page.getByRole('button', { name: 'Render 1' }).click();
  await page.locator('.cell.failed').getByText('The connection is lost').waitFor({ timeout: 30_000 });
});

it('finishes its sheet within its budget once a service that was down answers again, though first answers are lost', async () => {
  const { page } = await openSweep({ budget: '0.16', across: 'seed:1-3' });
  const sent = new Map<string, Set<string | undefined>>();
  const note = (order: Request) => {
    const body = order.postData() ?? '';
    const isFirst = !sent.has(body);
    sent.set(body, (sent.get(body) ?? new Set()).add(order.headers()['idempotency-key']));
    return isFirst;
  };
  const down = ['**/v1/**', '**/health'];
  await expect.poll(() => page.getByRole('button', { name: 'Render 3 of 6' }).isEnabled()).toBe(true);
  for (const path of down) await page.route(path, (route) => route.abort());
  await page.getByRole('button', { name: 'Render 3 of 6' }).click();
  await page.locator('.cell.failed').getByText('The connection is lost').first().waitFor({ timeout: 30_000 });
  // Each order reaches the service, which buys the picture; that it did is heard with the second answer alone.
  await page.route(orders, async (route) => {
    const isFirst = note(route.request());
    const response = await route.fetch();
    await (isFirst ? route.abort() : route.fulfill({ response }));
  });
  for (const path of down) await page.unroute(path);
  await expect.poll(() => page.locator('.cell.left-out').count(), { timeout: 40_000 }).toBe(3);
  await expect.poll(() => page.locator(made).count(), { timeout: 40_000 }).toBe(3);
  expect([...sent.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
  await page.locator('.order-bar').getByText('3 of 6 stored already').waitFor();
});

it('says that there is no credit left, in an account that pays in advance', async () => {
  const { key } = await openAccount({ name: 'Empty purse', isPrepaid: true });
  const { page } = await openSweep({ across: 'seed:1', down: 'steps:9' }, { prepare: withKey(key) });
  await page.getByRole('button', { name: 'Render 1' }).click();
  await page.locator('.cell.failed').getByText('The budget is used up').waitFor();
});

it('is cancelled as a whole, and says how many were bought, and what that cost and may cost yet', async () => {
  const { page, screenshot } = await openSweep({}, { width: 390 });
  const { promise: cancelled, resolve: goOn } = Promise.withResolvers<void>();
  let orders = 0;
  await page.route('**/v1/images/generations', async (route) => {
    orders += 1;
    if (orders > 1) await cancelled;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Render 6' }).click();
  await expect.poll(() => page.locator(made).count(), { timeout: 20_000 }).toBe(1);
  // Three at a time: with one there, another one is on its way.
  await expect.poll(() => orders).toBe(4);
  await pressCancel(page);
  goOn();
  await expect.poll(() => page.locator('.cell.cancelled').count(), { timeout: 20_000 }).toBe(5);
  const said = page.locator('.order-bar').getByText('Cancelled: ');
  await said.waitFor();
  expect(await said.textContent()).toMatch(/Cancelled: 1 bought, \$0\.\d+ spent; perhaps \$0\.\d+ more\.$/);
  expect(await page.getByText('cancelled, perhaps too late').count()).toBe(3);
  await page.locator(readyToMake).waitFor();
  await screenshot('sweep-cancelled');
});

it('says what values it takes', async () => {
  const { page } = await openSweep();
  const across = page.getByRole('textbox', { name: 'Values across' });
  await across.fill('10, 500');
  await page.getByText('500 is not accepted: whole numbers from 1 to 50').waitFor();
  await across.fill('1-50 by 1');
  await page.getByText('more than the 8 that a sheet has room for').waitFor();
  expect(await page.locator('#make').isDisabled()).toBe(true);
});
