import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry';
import { addAccount } from '../support/accounts';
import { topUp } from '../support/admin-caller';
import { buyingRoutes, orderBy } from '../support/buying-routes';
import { call } from '../support/front-door';
import { accounts, entryOf } from '../support/reserve';

const orderPicture = (key: string, prompt: string, changes: object = {}) =>
  call('/v1/images/generations', { key, json: { prompt, size: '64x64', seed: 1, ...changes } });

async function priceOf(key: string, prompt: string): Promise<number> {
  const quoted = await call('/v1/quote', { key, json: { prompt, size: '64x64', seed: 1 } });
  return ((await quoted.json()) as { total_micros: number }).total_micros;
}

async function spentOf(account: string): Promise<{ purchases: number; spent: number }> {
  const statement = 'SELECT count(*) AS purchases, sum(spent_micros) AS spent FROM purchases WHERE account_id = ?1';
  const row = await env.LEDGER.prepare(statement).bind(account).first<{ purchases: number; spent: number }>();
  return row ?? { purchases: 0, spent: 0 };
}

const codesOf = (responses: readonly Response[]) => Array.from(responses, ({ status }) => status);

describe('an account with a budget', () => {
  it('buys ten of a thousand that are ordered at once', async () => {
    const probe = await addAccount('thousand-probe');
    const price = await priceOf(probe, 'any');
    const key = await addAccount('thousand', { limits: { dayMicros: 10 * price } });
    const orders = Array.from({ length: 1_000 }, (_, index) => orderPicture(key, `one of a thousand: ${index}`));
    const statuses = codesOf(await Promise.all(orders));
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 402)).toHaveLength(990);
    expect(await spentOf('thousand')).toEqual({ purchases: 10, spent: 10 * price });
    expect(await accounts.standing('thousand')).toMatchObject({
      spentMicros: 10 * price,
      reservedMicros: 0,
      inFlight: 0,
    });
  }, 120_000);

  it('gives hits away when the balance is empty, and joins too', async () => {
    const other = await addAccount('hits-owner');
    const broke = await addAccount('hits-broke', { limits: { isPrepaid: true } });
    await orderPicture(other, 'a picture that is stored');
    const hit = await orderPicture(broke, 'a picture that is stored');
    expect([hit.status, hit.headers.get('x-fluxgate-source')]).toEqual([200, 'hit']);
    const making = orderPicture(other, 'a picture in the making');
    await scheduler.wait(20);
    const joined = await orderPicture(broke, 'a picture in the making');
    expect([joined.status, joined.headers.get('x-fluxgate-source')]).toEqual([200, 'joined']);
    await making;
    expect((await orderPicture(broke, 'a picture of its own')).status).toBe(402);
  });

  it('spends its credits to the last, and goes on when more are added', async () => {
    const key = await addAccount('credits', { limits: { isPrepaid: true } });
    const price = await priceOf(key, 'any');
    await accounts.credit('credits', [entryOf('first', 'top_up', price)]);
    expect((await orderPicture(key, 'the first')).status).toBe(200);
    const refused = await orderPicture(key, 'the second');
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain('The account has $0.00 left');
    await topUp('credits', price);
    expect((await orderPicture(key, 'the second')).status).toBe(200);
    expect(await accounts.standing('credits')).toMatchObject({ balanceMicros: 0, creditedMicros: 2 * price });
  });

  it('releases what a render that cost nothing had set aside, and gives back what a lost one cost', async () => {
    const key = await addAccount('releases', { limits: { isPrepaid: true } });
    const price = await priceOf(key, 'any');
    await accounts.credit('releases', [entryOf('one', 'top_up', price)]);
    for (const trigger of ['sandbox:error', 'sandbox:moderated-request', 'sandbox:unknown']) {
      expect((await orderPicture(key, `please ${trigger}`)).ok).toBe(false);
      expect(await accounts.standing('releases')).toMatchObject({
        balanceMicros: price,
        inFlight: 0,
        reservedMicros: 0,
      });
    }
    const statement =
      "SELECT kind, micros, purchase_id FROM credit_entries WHERE account_id = 'releases' AND kind = 'refund'";
    expect((await env.LEDGER.prepare(statement).all()).results).toMatchObject([{ kind: 'refund', micros: price }]);
    expect((await orderPicture(key, 'a picture at last')).status).toBe(200);
  });

  it('buys all pictures of an order or none', async () => {
    const key = await addAccount('wholes');
    const price = await priceOf(key, 'any');
    const limited = await addAccount('wholes-limited', { limits: { dayMicros: 3 * price } });
    expect((await orderPicture(limited, 'four of them', { n: 4 })).status).toBe(402);
    expect((await spentOf('wholes-limited')).purchases).toBe(0);
    await orderPicture(key, 'four of them', { seed: 1 });
    expect((await orderPicture(limited, 'four of them', { n: 4 })).status).toBe(200);
    expect((await spentOf('wholes-limited')).purchases).toBe(3);
  });

  it('sets aside nothing for whoever brings a vendor key, but counts it as in the making', async () => {
    const key = await addAccount('in-flight', { limits: { rendersInFlight: 1 } });
    const first = orderPicture(key, 'one at a time, the first');
    await scheduler.wait(20);
    const second = await orderPicture(key, 'one at a time, the second');
    expect([second.status, second.headers.get('retry-after'), second.headers.get('ratelimit-limit')]).toEqual([
      429,
      '2',
      '1',
    ]);
    expect((await first).status).toBe(200);
    await scheduler.wait(100);
    expect((await orderPicture(key, 'one at a time, the second')).status).toBe(200);
  });
});

/** One way to buy in each API. */
const makers = dialects.flatMap(({ id }) => {
  const route = buyingRoutes.find(({ dialect, isForm }) => dialect.id === id && !isForm);
  return route === undefined ? [] : [{ id, route }];
});

describe.each(makers)('the dialect $id', ({ id, route }) => {
  it('words an empty balance as 402 and too fast as 429, in its own shape', async () => {
    const broke = await addAccount(`broke-${id}`, { limits: { isPrepaid: true } });
    const refused = await orderBy(route, { key: broke, prompt: `Broke in ${id}` });
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain('left, and this needs up to');

    const slow = await addAccount(`slow-${id}`, { limits: { requestsPerMinute: 1 } });
    await orderBy(route, { key: slow, prompt: `Slow in ${id}, one` });
    const fast = await orderBy(route, { key: slow, prompt: `Slow in ${id}, two` });
    expect(fast.status).toBe(429);
    expect(Number(fast.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(fast.headers.get('ratelimit-limit')).toBe('1');
    expect(fast.headers.get('ratelimit-remaining')).toBe('0');
  });

  it('refuses an idempotency key with another body as a conflict', async () => {
    const key = await addAccount(`conflict-${id}`);
    const headers = { 'idempotency-key': 'one-order' };
    const first = await orderBy(route, { key, prompt: `First in ${id}`, headers });
    expect(first.ok).toBe(true);
    const other = await orderBy(route, { key, prompt: `Another in ${id}`, headers });
    expect([other.status, await other.text()]).toEqual([409, expect.stringContaining('Idempotency-Key')]);
    expect((await orderBy(route, { key, prompt: `First in ${id}`, headers })).ok).toBe(true);
  });
});
