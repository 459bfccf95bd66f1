import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { visitorRates } from '../../src/http/visitor-rates';
import { UsageLedger } from '../../src/storage/usage-ledger';
import { addAccount } from '../support/accounts';
import { type Call, call } from '../support/front-door';
import { pricedOrder } from '../support/priced-order';
import { accounts, entryOf } from '../support/reserve';
import { countsOf, rowsOf, totalOf, whenSettled } from '../support/spending';

// The numbers are those of the threads in which users of other gateways lost money: each is a promise of ours.

/** What a small picture costs at the sandbox. */
const price = 50_000;
const order = (key: string, prompt: string, { json, ...rest }: Call = {}) => {
  const body = { prompt, size: '64x64', steps: 4, seed: 1, ...(json as object) };
  return call('/v1/images/generations', { ...rest, key, json: body });
};
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);
const countOf = (responses: readonly Response[], status: number) =>
  responses.filter((one) => one.status === status).length;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a budget', () => {
  it('6: of a key that stands in a page is its own and small, holds in its pages alone, and is really there', async () => {
    const site = 'https://pages.example';
    const limits = { kind: 'pub', origins: [site], keyLimits: { dayMicros: 2 * price } } as const;
    const key = await addAccount('pains-page', limits);
    const inPage = (prompt: string) => order(key, prompt, { headers: { origin: site } });
    expect((await order(key, 'drained from a terminal')).status).toBe(403);
    expect((await order(key, 'drained elsewhere', { headers: { origin: 'https://other.example' } })).status).toBe(403);
    const drained = await Promise.all(numbered(20).map((index) => inPage(`drained: ${index}`)));
    expect([countOf(drained, 200), countOf(drained, 402)]).toEqual([2, 18]);
    expect(totalOf(await rowsOf('pains-page'))).toBe(2 * price);
  });

  it('7: is never passed, by however many orders of however many pictures at different prices', async () => {
    const limit = 11 * price + 20_000;
    const key = await addAccount('pains-passed', { limits: { monthMicros: limit } });
    const mixed = numbered(40).map((index) => {
      const json = [{}, { n: 3 }, { size: '1024x1040' }, { n: 2, prompt: `please sandbox:unknown ${index}` }][
        index % 4
      ];
      return order(key, `never passed: ${index}`, { json });
    });
    await Promise.all(mixed);
    await whenSettled('pains-passed');
    for (const index of numbered(12)) await order(key, `never passed, afterwards: ${index}`);
    const { month } = await whenSettled('pains-passed');
    const spent = totalOf(await rowsOf('pains-passed'));
    expect(month.micros).toBe(spent);
    expect(spent).toBeLessThanOrEqual(limit);
    expect(spent).toBeGreaterThan(limit - price);
  });

  it('8: lets ten of three hundred at once through, whether it is the balance, the month or a part of a key', async () => {
    const cases = {
      balance: { limits: { isPrepaid: true } },
      month: { limits: { monthMicros: 10 * price } },
      total: { keyLimits: { totalMicros: 10 * price } },
    };
    for (const [name, options] of Object.entries(cases)) {
      const account = `pains-race-${name}`;
      const key = await addAccount(account, options);
      await accounts.credit(account, [entryOf(account, 'top_up', 10 * price)]);
      const raced = await Promise.all(numbered(300).map((index) => order(key, `raced by ${name}: ${index}`)));
      expect([name, countOf(raced, 200), countOf(raced, 402)]).toEqual([name, 10, 290]);
      expect(totalOf(await rowsOf(account))).toBe(10 * price);
    }
  }, 60_000);

  it('9, 10: its counters are the real spend after 200 mixed orders, and nobody with room is refused', async () => {
    const account = 'pains-mixed';
    const key = await addAccount(account, { limits: { isPrepaid: true, dayMicros: 400 * price } });
    const credited = 60 * price;
    await accounts.credit(account, [entryOf('mixed', 'top_up', credited)]);
    const ends = ['', '', '', 'sandbox:error', 'sandbox:unknown', 'sandbox:moderated-output', '', 'sandbox:refused'];
    // 40 prompts for 200 orders: each is a purchase, a failure, a join or a hit.
    for (const wave of numbered(10)) {
      const orders = numbered(20).map((index) => {
        const which = (wave * 20 + index * 7) % 40;
        return order(key, `mixed ${which} ${ends[which % ends.length]}`, { json: { seed: which } });
      });
      await Promise.all(orders);
    }
    const { spentMicros, creditedMicros, balanceMicros, reservedMicros, day, month } = await whenSettled(account);
    const spent = totalOf(await rowsOf(account));
    const refunds =
      "SELECT ifnull(sum(micros), 0) AS sum FROM credit_entries WHERE account_id = ?1 AND kind = 'refund'";
    const refunded = (await env.LEDGER.prepare(refunds).bind(account).first<{ sum: number }>())?.sum ?? 0;
    expect([spentMicros, day.micros, month.micros, reservedMicros]).toEqual([spent, spent, spent, 0]);
    expect([creditedMicros, balanceMicros]).toEqual([credited + refunded, credited + refunded - spent]);
    expect(refunded).toBeGreaterThan(0);
    const reports = `/v1/usage?days=1`;
    expect(await (await call(reports, { key })).json()).toMatchObject({ totals: { spent_micros: spent } });
    for (let left = balanceMicros, index = 0; left > 0; left -= price, index += 1) {
      expect([left, (await order(key, `room for ${index}`)).status]).toEqual([left, 200]);
    }
    expect((await order(key, 'no room')).status).toBe(402);
    expect(await accounts.standing(account)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
  }, 60_000);
});

describe('what is not bought', () => {
  it('13: is counted and charged to the last hit although the ledger fails at first, and is told where it does', async () => {
    const key = await addAccount('pains-counts', { limits: { isPrepaid: true } });
    await accounts.credit('pains-counts', [entryOf('counts', 'top_up', price + 9_000)]);
    await pricedOrder(key, 'hit by nine');
    const { count } = UsageLedger.prototype;
    let failures = 0;
    vi.spyOn(UsageLedger.prototype, 'count').mockImplementation(async function (this: UsageLedger, counts) {
      failures += 1;
      if (failures <= 2) throw new Error('D1_ERROR: D1 DB is overloaded.');
      await count.call(this, counts);
    });
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const all = await Promise.all(numbered(9).map(() => pricedOrder(key, 'hit by nine')));
    expect(countOf(all, 200)).toBe(9);
    expect(await countsOf('pains-counts')).toEqual({ hit: 9 });
    expect(told.mock.calls.filter(([line]) => String(line).includes('count-error'))).toHaveLength(2);
    const { balanceMicros, spentMicros } = await accounts.standing('pains-counts');
    expect([spentMicros, balanceMicros]).toEqual([price, 0]);
  });

  it('13: is not let through by check and then deduct: hits at once cost no more than there is', async () => {
    const owner = await addAccount('pains-hits-owner');
    await order(owner, 'hit by fifty');
    const key = await addAccount('pains-hits', { limits: { isPrepaid: true } });
    await accounts.credit('pains-hits', [entryOf('hits', 'top_up', 3_000)]);
    const hits = await Promise.all(numbered(50).map(() => pricedOrder(key, 'hit by fifty')));
    expect([countOf(hits, 200), countOf(hits, 402)]).toEqual([3, 47]);
    expect(await accounts.standing('pains-hits')).toMatchObject({ balanceMicros: 0 });
  });
});

describe('a seed', () => {
  it('19: is nobody’s but the order’s own: each is another picture, and orders without one are never the same', async () => {
    const key = await addAccount('pains-seeds');
    const seeds = [0, 1, 42, 43, 2 ** 32 - 1];
    const responses = await Promise.all(seeds.map((seed) => order(key, 'one prompt', { json: { seed } })));
    const drawn = await Promise.all(numbered(3).map(() => order(key, 'one prompt', { json: { seed: undefined } })));
    const told = [...responses, ...drawn].map((response) => response.headers.get('x-fluxgate-seed'));
    expect(told.slice(0, seeds.length)).toEqual(seeds.map(String));
    const pictures = await Promise.all(
      [...responses, ...drawn].map(async (response) => {
        const picture = await call(new URL(response.headers.get('x-fluxgate-picture') ?? '').pathname, { key: null });
        return new Uint8Array(await crypto.subtle.digest('SHA-256', await picture.arrayBuffer())).toHex();
      }),
    );
    expect(new Set(pictures).size).toBe(seeds.length + 3);
  });
});

describe('a limit', () => {
  it('33: by address is for those without a key: whoever pays is served from behind the same proxy', async () => {
    const key = await addAccount('pains-proxy');
    const headers = { 'cf-connecting-ip': '198.51.100.77', 'x-forwarded-for': '203.0.113.9' };
    const stranger = () => call('/v1/credits', { key: null, headers });
    // As often as two of the limiter's minutes let through: one may end in the middle.
    let asked = 0;
    for (; (await stranger()).status !== 429; asked += 1) expect(asked).toBeLessThan(2 * visitorRates.keyless.limit);
    expect(asked).toBeGreaterThanOrEqual(visitorRates.keyless.limit);
    const paying = await Promise.all(numbered(5).map((index) => order(key, `behind a proxy: ${index}`, { headers })));
    expect(countOf(paying, 200)).toBe(5);
    expect((await call('/v1/credits', { key, headers })).status).toBe(200);
  });
});

describe('the ledger', () => {
  it('36: has a row written for the purchase, its day, the picture and one index, and has no other index', async () => {
    const written: number[] = [];
    const { batch } = env.LEDGER;
    const spy = vi.spyOn(Object.getPrototypeOf(env.LEDGER), 'batch');
    spy.mockImplementation(async function (this: D1Database, statements) {
      const results = await batch.call(this, statements as D1PreparedStatement[]);
      written.push(sum(results.map(({ meta }) => meta.rows_written)));
      return results;
    });
    const statements = vi.spyOn(Object.getPrototypeOf(env.LEDGER.prepare('SELECT 1')), 'run');
    const key = await addAccount('pains-rows');
    statements.mockClear();
    for (const index of numbered(3)) await order(key, `counted in rows: ${index}`);
    await whenSettled('pains-rows');
    // The day's roll-up is a new row once, and the same one later.
    expect(written).toHaveLength(3);
    expect(Math.max(...written)).toBeLessThanOrEqual(4);
    expect(Math.min(...written)).toBeGreaterThanOrEqual(3);
    expect(statements).not.toHaveBeenCalled();

    const indexes =
      "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'd1_migrations'";
    const names = (await env.LEDGER.prepare(indexes).all<{ name: string }>()).results.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['pins_by_picture', 'renders_by_age']);
    const tables =
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_%' ESCAPE '\\' AND sql NOT LIKE '%WITHOUT ROWID%'";
    expect((await env.LEDGER.prepare(tables).all()).results).toEqual([]);
  });
});
