import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort, freshState, killLeftovers, type LocalService, startService } from '../process/local-service.ts';
import { ask, openAccount, withKey } from './support/service-calls.ts';
import { openBench, pressCancel, shownPicture, untilHeard } from './support/workbench.ts';

const orders = '**/v1/images/generations';
const quotes = '**/v1/quote*';
const bought = 52_500;

let service: LocalService;
let start: { readonly port: number; readonly state: string };

/** A service where what is stored has a price. */
beforeAll(async () => {
  start = { port: await freePort(), state: freshState() };
  service = await startPriced(20_000);
});

afterAll(async () => {
  await service.stop();
  await killLeftovers();
});

function startPriced(hitMicros: number): Promise<LocalService> {
  const settings = {
    DEV_API_KEY: inject('key'),
    SIGNING_SECRET: 'a signing secret for tests only',
    HIT_PRICE_MICROS: String(hitMicros),
    SANDBOX_LATENCY_MS: '3000',
    npm_lifecycle_event: 'start',
  };
  return startService({ ...start, settings });
}

/** The bench of an account of its own, with the idempotency key of each order that leaves it. */
async function openPriced(settings: Readonly<Record<string, string>>) {
  const { key } = await openAccount({ name: 'Pays for hits', origin: service.url });
  const fragment = new URLSearchParams({ seed: '7', lock: '1', size: '1024x1024', ...settings });
  const opened = await openBench(`#${fragment}`, { prepare: withKey(key), home: service.url });
  const { page } = opened;
  const sent: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/images/generations')) sent.push(request.headers()['idempotency-key']);
  });
  await page.locator('.order-bar .price').waitFor();
  return { ...opened, sent, bill: () => billOf(key) };
}

/** What the account bought and what it was charged; hits are counted about a second later. */
async function billOf(key: string) {
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const { totals } = await ask<{ totals: Record<string, number> }>('/v1/usage', { key, origin: service.url });
  return { purchases: totals.purchases, spent: totals.spent_micros, charged: totals.charged_micros };
}

const facts = (page: Page) => page.locator('.facts').textContent();
const lost = (page: Page) => page.getByRole('heading', { name: 'The connection is lost' }).waitFor({ timeout: 30_000 });
const stored = (page: Page) => page.locator('.order-bar').getByText('stored already').waitFor();

async function makeStored(opened: Awaited<ReturnType<typeof openPriced>>): Promise<void> {
  await opened.make.click();
  await shownPicture(opened.page);
  await stored(opened.page);
  await untilHeard(opened.page);
}

it('buys once what is tried again while a connection is lost, and says what was paid', async () => {
  const { page, make, sent, bill } = await openPriced({ prompt: `Tried again ${crypto.randomUUID()}` });
  let reached = 0;
  await page.route(orders, async (route) => {
    reached += 1;
    if (reached === 1) await route.fetch();
    await route.abort();
  });
  await page.route('**/health', (route) => route.abort());
  await make.click();
  await lost(page);
  await page.unroute(orders);
  await page.getByRole('button', { name: 'Try again' }).click();
  await shownPicture(page);
  expect(await facts(page)).toContain('Made for you');
  expect(await facts(page)).toContain('$0.0525');
  expect(new Set(sent).size).toBe(1);
  expect(await bill()).toEqual({ purchases: 1, spent: bought, charged: 0 });
  // It is over: pressed once more it is another order, of what is stored.
  await stored(page);
  await make.click();
  await expect.poll(() => facts(page)).toContain('Stored already');
  expect(await bill()).toEqual({ purchases: 1, spent: bought, charged: 20_000 });
});

it('orders anew what has failed for sure', async () => {
  const { page, make, sent } = await openPriced({ prompt: `sandbox:error ${crypto.randomUUID()}` });
  await make.click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => new Set(sent).size).toBe(2);
});

it('says what a hit cost, and a join', async () => {
  const prompt = `Joined, then hit ${crypto.randomUUID()}`;
  const [first, second] = [await openPriced({ prompt }), await openPriced({ prompt })];
  await first.make.click();
  await first.page.getByText('Rendering').waitFor();
  await second.make.click();
  await shownPicture(second.page);
  expect(await facts(second.page)).toContain('Joined one under way');
  expect(await facts(second.page)).toContain('$0.02');
  expect(await second.bill()).toEqual({ purchases: 0, spent: 0, charged: 20_000 });
  await stored(first.page);
  await untilHeard(first.page);
  await first.make.click();
  await expect.poll(() => facts(first.page)).toContain('Stored already');
  expect(await facts(first.page)).toContain('$0.02');
  expect(await first.bill()).toEqual({ purchases: 1, spent: bought, charged: 20_000 });
});

it('orders nothing at a price that was not shown: pressed before it came, it is held against the last one', async () => {
  const opened = await openPriced({ prompt: `One character more ${crypto.randomUUID()}` });
  const { page, prompt, make, sent } = opened;
  await makeStored(opened);
  const { promise: pressed, resolve: press } = Promise.withResolvers<void>();
  await page.route(quotes, (route) => pressed.then(() => route.continue()));
  await prompt.focus();
  await page.keyboard.press('End');
  await page.keyboard.type('!');
  await page.locator('.quote').getByText('…').waitFor();
  await make.click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  press();
  await page.getByRole('heading', { name: 'It costs $0.0525 by now' }).waitFor();
  expect(await page.getByRole('alert').textContent()).toContain('nothing was ordered');
  expect(sent).toHaveLength(1);
  await untilHeard(page);
  await make.click();
  await shownPicture(page);
  expect(sent).toHaveLength(2);
});

it('orders nothing that is cancelled before its price came', async () => {
  const { page, prompt, make, sent } = await openPriced({ prompt: 'Cancelled before its price' });
  const { promise: cancelled, resolve: goOn } = Promise.withResolvers<void>();
  await page.route(quotes, (route) => cancelled.then(() => route.abort()));
  await prompt.fill(`Cancelled before its price ${crypto.randomUUID()}`);
  await make.click();
  await pressCancel(page);
  goOn();
  await page.waitForTimeout(1_000);
  expect(sent).toEqual([]);
});

it('pays no price that rose while it waited for the connection, unless it is pressed again', async () => {
  const opened = await openPriced({ prompt: `Risen meanwhile ${crypto.randomUUID()}` });
  const { page, make, sent, bill } = opened;
  await makeStored(opened);
  await page.route(orders, (route) => route.abort());
  await make.click();
  await lost(page);
  await service.kill();
  await page.unroute(orders);
  service = await startPriced(30_000);
  await page.getByRole('heading', { name: 'It costs $0.03 by now' }).waitFor({ timeout: 40_000 });
  expect(await bill()).toEqual({ purchases: 1, spent: bought, charged: 0 });
  await make.click();
  await shownPicture(page);
  expect(await facts(page)).toContain('$0.03');
  expect(new Set(sent).size).toBe(2);
  expect(await bill()).toEqual({ purchases: 1, spent: bought, charged: 30_000 });
});
