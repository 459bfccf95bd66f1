import { expect, it } from 'vitest';
import { openBench, pressCancel, shownPicture } from './support/workbench.ts';

const orders = '**/v1/images/generations';

/** As the OpenAI dialect words it. */
const refusal = (status: number, message: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ error: { message, type: 'refused', param: null, code: 'refused' } }),
});

it("says that a vendor failed, in the vendor's stead", async () => {
  const { page, prompt, make, screenshot, accessibilityFaults } = await openBench();
  await prompt.fill('sandbox:error please');
  await make.click();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toContain('The vendor failed');
  expect(await accessibilityFaults()).toEqual([]);
  await screenshot('fault-vendor', { fullPage: false });
});

it('says that a prompt was moderated', async () => {
  const { page, prompt, make } = await openBench();
  await prompt.fill('sandbox:moderated-request');
  await make.click();
  await page.getByRole('heading', { name: 'The prompt was moderated' }).waitFor();
});

it.each([
  { name: 'an empty budget', answer: refusal(402, 'The balance is $0.00.'), title: 'The budget is used up' },
  { name: 'a key that may not', answer: refusal(403, 'The key has no scope.'), title: 'This key may not do that' },
  {
    name: 'too many requests',
    answer: refusal(429, 'Ten a minute.', { 'retry-after': '59' }),
    title: 'Too fast',
    text: 'Try again in 59 s',
  },
])('says so of $name', async ({ answer, title, text = '' }) => {
  const { page, prompt, make } = await openBench('', {
    prepare: (tab) => tab.route(orders, (route) => route.fulfill(answer)),
  });
  await prompt.fill('Refused');
  await make.click();
  await page.getByRole('heading', { name: title }).waitFor();
  expect(await page.getByRole('alert').textContent()).toContain(text);
});

it('says that the connection is lost, and gets the same picture once it is back, at the price that it was bought for', async () => {
  const { page, prompt, make } = await openBench();
  await prompt.fill(`Lost on the way ${Date.now()}`);
  await page.locator('.order-bar').getByText('$0.0525').waitFor();
  const keys = new Set<string | undefined>();
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/images/generations')) keys.add(request.headers()['idempotency-key']);
  });
  await page.route(orders, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await make.click();
  await page.getByRole('heading', { name: 'The connection is lost' }).waitFor({ timeout: 30_000 });
  await page.unroute(orders);
  await shownPicture(page);
  expect(keys.size).toBe(1);
  const facts = await page.locator('.facts').textContent();
  expect(facts).toContain('Made for you');
  expect(facts).toContain('$0.0525');
});

it('goes on by itself with prices and pictures once a service that was down is there again', async () => {
  const { page, prompt, make } = await openBench();
  const down = ['**/v1/**', '**/health'];
  for (const path of down) await page.route(path, (route) => route.abort());
  await prompt.fill(`Down for a while ${Date.now()}`);
  await page.getByText('goes on by itself').first().waitFor({ timeout: 30_000 });
  for (const path of down) await page.unroute(path);
  await page.locator('.order-bar').getByText('$').first().waitFor({ timeout: 30_000 });
  for (const path of down) await page.route(path, (route) => route.abort());
  await make.click();
  await page.getByRole('heading', { name: 'The connection is lost' }).waitFor({ timeout: 30_000 });
  for (const path of down) await page.unroute(path);
  await page.locator('.picture-frame img').waitFor({ timeout: 30_000 });
});

it('says that a vendor is busy which takes it and lets go, and takes up the stream where it broke off', async () => {
  const { promise: seen, resolve: go } = Promise.withResolvers<void>();
  const told = [
    ['rendering', 'bfl'],
    ['queued', null],
  ].map(
    ([status, provider], id) =>
      `event: ${status}\nid: ${id}\ndata: ${JSON.stringify({ status, provider, urls: { recipe: null } })}\n\n`,
  );
  let streams = 0;
  const { page, prompt, make } = await openBench('', {
    prepare: (tab) =>
      tab.route('**/v1/tasks/*/events', async (route) => {
        streams += 1;
        if (streams === 1) return await route.fulfill({ contentType: 'text/event-stream', body: told.join('') });
        await seen;
        return await route.continue();
      }),
  });
  await prompt.fill(`A stream that breaks ${Date.now()}`);
  await make.click();
  await page.getByText('bfl is busy: waiting for a place').waitFor();
  go();
  await page.locator('.picture-frame img').waitFor({ timeout: 20_000 });
  expect(streams).toBeGreaterThan(1);
});

it('is ordered by a double click, is cancelled by another press, and is ready for the next picture', async () => {
  const { page, prompt, make } = await openBench();
  await prompt.fill(`sandbox:slow ${Date.now()}`);
  const cancels: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'DELETE') cancels.push(request.url());
  });
  await make.dblclick();
  await page.getByText('Rendering', { exact: false }).and(page.getByRole('status')).waitFor();
  expect(cancels).toEqual([]);
  await pressCancel(page);
  await expect.poll(() => cancels.length).toBe(1);
  expect(await make.isEnabled()).toBe(true);
});
