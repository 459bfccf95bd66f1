import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app';
import { AccountObject } from '../../src/index';
import { addAccount, addKey } from '../support/accounts';
import { call, origin } from '../support/front-door';
import { hitPrice, pricedCall, pricedOrder } from '../support/priced-order';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf } from '../support/reserve';
import { countsOf, whenSettled } from '../support/spending';

afterEach(() => {
  vi.restoreAllMocks();
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);
const atOnce = <Answer>(count: number, send: (index: number) => Promise<Answer>) =>
  Promise.all(numbered(count).map(send));
const statusesOf = (answers: readonly { readonly status: number }[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(answers, ({ status }) => status)).map(([s, all]) => [s, all?.length]),
  );

/** A prepaid account with half a dollar on it. */
async function prepaid(id: string): Promise<void> {
  await addAccount(id, { limits: { isPrepaid: true } });
  await accounts.credit(id, [entryOf(`top-${id}`, 'top_up', 500_000)]);
}

/** A picture that another account had made. */
async function storedPicture(prompt: string): Promise<string> {
  const maker = prompt.replaceAll(/\W/g, '-');
  expect((await pricedOrder(await addAccount(maker), prompt)).status).toBe(200);
  return prompt;
}

interface ListedKey {
  readonly spent: { readonly today_micros: number; readonly ever_micros: number };
}
/** What each key of an account spent, as its list says; the newest first. */
async function spentByKeys(account: string): Promise<readonly ListedKey['spent'][]> {
  const { data } = (await (await call(`/v1/admin/accounts/${account}/keys`)).json()) as { data: ListedKey[] };
  return data.map(({ spent }) => spent);
}
const isSpent = (hits: number) => ({ today_micros: hits * hitPrice, ever_micros: hits * hitPrice });

const differencesOf = async (account: string) =>
  (await differencesFound()).differences.filter(({ subject }) => subject === account);

const opened = {
  ...{ ...env, HIT_PRICE_MICROS: `${hitPrice}`, ANONYMOUS_ACCOUNT: 'limits-everybody' },
  ...{ ANONYMOUS_DAY_MICROS: '3000', ANONYMOUS_REQUESTS_PER_MINUTE: '1' },
};

/** An order without a key, from an address, on the account that is open to such. */
async function visitOrder(prompt: string, address: string): Promise<Response> {
  const headers = { 'cf-connecting-ip': address, 'content-type': 'application/json' };
  const body = JSON.stringify({ prompt, size: '64x64', steps: 4, seed: 1 });
  const context = createExecutionContext();
  const request = new Request(`${origin}/v1/images/generations`, { method: 'POST', headers, body });
  const response = await app.fetch(request, opened, context);
  await waitOnExecutionContext(context);
  return response;
}

describe('where hits have a price, a key', () => {
  it('in a page has as many hits as its day pays for, of a hundred at once', async () => {
    const prompt = await storedPicture('limits: a day');
    await prepaid('limits-day');
    const key = await addKey('limits-day', { kind: 'pub', keyLimits: { dayMicros: 2_000 } });
    expect(statusesOf(await atOnce(100, () => pricedOrder(key, prompt)))).toEqual({ 200: 2, 402: 98 });
    expect(await whenSettled('limits-day')).toMatchObject({ balanceMicros: 498_000, reservedMicros: 0 });
    expect((await spentByKeys('limits-day')).toSorted((a, b) => b.ever_micros - a.ever_micros)[0]).toEqual(isSpent(2));
    expect(await differencesOf('limits-day')).toEqual([]);
  });

  it('has as many as it may spend in all, and its list says what it spent', async () => {
    const prompt = await storedPicture('limits: in all');
    await addAccount('limits-all-unused');
    const key = await addAccount('limits-all', { keyLimits: { totalMicros: 3_000 } });
    const answers = [];
    for (const _ of numbered(12)) answers.push(await pricedOrder(key, prompt));
    expect(statusesOf(answers)).toEqual({ 200: 3, 402: 9 });
    expect(await spentByKeys('limits-all')).toEqual([isSpent(3)]);
    expect(await countsOf('limits-all')).toEqual({ hit: 3 });
  });

  it('is told which of its limits it is', async () => {
    const prompt = await storedPicture('limits: told');
    const [daily, total] = [
      await addAccount('limits-told-day', { keyLimits: { dayMicros: 500 } }),
      await addAccount('limits-told-all', { keyLimits: { totalMicros: 500 } }),
    ];
    const refusalOf = async (key: string, name?: string) => {
      const response = await pricedOrder(key, prompt, name);
      return [response.status, ((await response.json()) as { error: { message: string } }).error.message];
    };
    for (const name of [undefined, 'named']) {
      expect(await refusalOf(daily, name)).toEqual([
        402,
        expect.stringContaining('The budget of this UTC day, $0.0005,'),
      ]);
      expect(await refusalOf(total, name)).toEqual([402, expect.stringContaining('The whole budget, $0.0005,')]);
    }
  });

  it('without limits has what its hits cost counted, and one that may spend nothing more has others spend', async () => {
    const prompt = await storedPicture('limits: counted');
    const free = await addAccount('limits-counted');
    const poor = await addKey('limits-counted', { keyLimits: { totalMicros: 0 } });
    expect(statusesOf(await atOnce(20, (index) => pricedOrder(index % 2 === 0 ? free : poor, prompt)))).toEqual({
      200: 10,
      402: 10,
    });
    const spent = await spentByKeys('limits-counted');
    expect(spent.map(({ ever_micros }) => ever_micros).toSorted()).toEqual([0, 10_000]);
  });

  it('spends on orders with a name too, once for each', async () => {
    const prompt = await storedPicture('limits: named');
    const key = await addAccount('limits-named', { keyLimits: { totalMicros: 2_000 } });
    const answers = await atOnce(100, (index) => pricedOrder(key, prompt, `order ${index % 10}`));
    expect(statusesOf(answers)).toEqual({ 200: 20, 402: 80 });
    expect(await spentByKeys('limits-named')).toEqual([isSpent(2)]);
  });

  it('has its purchases and its hits together', async () => {
    const prompt = await storedPicture('limits: together');
    const key = await addAccount('limits-together', { keyLimits: { totalMicros: 51_000 } });
    expect((await pricedOrder(key, prompt)).status).toBe(200);
    expect((await pricedOrder(key, 'limits: together, bought')).status).toBe(200);
    await whenSettled('limits-together');
    expect((await pricedOrder(key, prompt)).status).toBe(402);
    expect(await spentByKeys('limits-together')).toEqual([{ today_micros: 51_000, ever_micros: 51_000 }]);
  });

  it('has as many hits in a minute as it pays for: how often it may buy is for purchases', async () => {
    const prompt = await storedPicture('limits: speed');
    const key = await addAccount('limits-speed', { keyLimits: { requestsPerMinute: 1 } });
    expect(statusesOf(await atOnce(20, () => pricedOrder(key, prompt)))).toEqual({ 200: 20 });
  });
});

describe('where hits have a price, a client without a key', () => {
  it('has as many hits as its day pays for, and leaves others theirs', async () => {
    const prompt = await storedPicture('limits: clients');
    await addAccount('limits-everybody', { limits: { dayMicros: 500_000 } });
    const first = await atOnce(100, () => visitOrder(prompt, '198.51.100.21'));
    expect(statusesOf(first)).toEqual({ 200: 3, 402: 97 });
    expect(statusesOf(await atOnce(2, () => visitOrder(prompt, '198.51.100.22')))).toEqual({ 200: 2 });
    const standing = await accounts.standing('limits-everybody');
    expect(standing).toMatchObject({ day: { micros: 5_000 }, reservedMicros: 0 });
  });
});

describe('where hits have a price, a quote', () => {
  it('of a stored picture says what a hit costs, and of a new one both prices', async () => {
    const prompt = await storedPicture('limits: quoted');
    const key = await addAccount('limits-quoted');
    const quoteOf = async (text: string) => {
      const response = await pricedCall('/v1/quote', key, { prompt: text, size: '64x64', steps: 4, seed: 1 });
      return (await response.json()) as object;
    };
    expect(await quoteOf(prompt)).toMatchObject({
      ...{ total_micros: hitPrice, pictures: [{ stored: true, price_micros: hitPrice, hit_micros: hitPrice }] },
    });
    expect(await quoteOf('limits: not quoted yet')).toMatchObject({
      ...{ total_micros: 50_000, pictures: [{ stored: false, price_micros: 50_000, hit_micros: hitPrice }] },
    });
    expect(await spentByKeys('limits-quoted')).toEqual([isSpent(0)]);
  });
});

describe('where hits are free', () => {
  it('a hit asks no object, whatever limits its key', async () => {
    const prompt = await storedPicture('limits: free');
    const key = await addAccount('limits-free', { limits: { isPrepaid: true }, keyLimits: { totalMicros: 0 } });
    const asked = (['hold', 'pay', 'charge'] as const).map((name) => vi.spyOn(AccountObject.prototype, name));
    const json = { prompt, size: '64x64', steps: 4, seed: 1 };
    expect((await call('/v1/images/generations', { key, json })).status).toBe(200);
    for (const method of asked) expect(method).not.toHaveBeenCalled();
  });
});
