import { env } from 'cloudflare:workers';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { fingerprintOf, ledgerOf, ordered, orderOf } from '../support/purchase';
import { accounts } from '../support/reserve';
import { vendorNetwork } from '../support/vendor-network';

const network = vendorNetwork();
afterAll(() => network.close());
afterEach(() => {
  vi.mocked(bfl.handle).mockRestore();
});

const bfl = network.vendor('bfl').simulator;

/** Lets every answer of the vendor say that it cost so many credits of a cent. */
function costing(cost: unknown): void {
  const handle = bfl.handle.bind(bfl);
  vi.spyOn(bfl, 'handle').mockImplementation(async (request, shop) => {
    const reply = await handle(request, shop);
    const { json } = reply;
    const isPriced = typeof json === 'object' && json !== null && 'cost' in json;
    return isPriced ? { ...reply, json: { ...json, cost } } : reply;
  });
}

// The number is that of the thread (see test/contracts/pains-money.test.ts).
it.each([
  [6.123456789, 61_235],
  ['5.25', 52_500],
  [0.00001, 0],
])('18: a vendor that says it cost %j is believed, and booked as whole micro-dollars', async (cost, micros) => {
  const prompt = `fractional: ${cost}.`;
  const headers = { 'x-fluxgate-provider': 'bfl' };
  const fingerprint = await fingerprintOf(orderOf(prompt), headers);
  const before = (await accounts.standing('development')).spentMicros;
  costing(cost);
  const { code } = await ordered(orderOf(prompt), headers);
  expect(code).toBe('ready');
  expect(await ledgerOf(fingerprint)).toMatchObject([{ actual_micros: micros, spent_micros: micros }]);
  const types =
    'SELECT typeof(actual_micros) AS actual, typeof(spent_micros) AS spent FROM purchases WHERE fingerprint = ?1';
  expect(await env.LEDGER.prepare(types).bind(fingerprint).first()).toEqual({ actual: 'integer', spent: 'integer' });
  expect((await accounts.standing('development')).spentMicros).toBe(before + micros);
});

it.each([[-5], [null], ['much'], [{ usd: 1 }], [0], [1e300], ['1e300'], [1e12], [10_000.01]])(
  '18: a cost of %j that says nothing, or cannot be one, is presumed to be the price',
  async (cost) => {
    const prompt = `nonsense cost: ${JSON.stringify(cost)}.`;
    const headers = { 'x-fluxgate-provider': 'bfl' };
    const fingerprint = await fingerprintOf(orderOf(prompt), headers);
    costing(cost);
    const { code } = await ordered(orderOf(prompt), headers);
    expect(code).toBe('ready');
    const [row] = await ledgerOf(fingerprint);
    expect(row).toMatchObject({ actual_micros: null, spent_micros: row?.quoted_micros });
    expect(row?.spent_micros).toBeGreaterThanOrEqual(50_000);
  },
);
