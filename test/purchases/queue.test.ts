import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetCircuits } from '../support/gate-state';
import { billOf, fingerprintOf, ledgerOf, ordered, orderOf, spentOf } from '../support/purchase';
import { vendorNetwork } from '../support/vendor-network';

const network = vendorNetwork();
const { shop } = network.vendor('bfl');
const atBfl = { 'x-fluxgate-provider': 'bfl' };
beforeEach(async () => {
  shop.reset();
  await forgetCircuits();
});
afterAll(() => network.close());

/** So many different pictures at once; how each came out, and how many the vendor had under way at most. */
async function rush(name: string, count: number, headers: Readonly<Record<string, string>>) {
  const orders = Array.from({ length: count }, (_, seed) => orderOf(`${name}.`, { seed }));
  let most = 0;
  const watch = {
    after: () => {
      const working = [...shop.sales.values()].filter((sale) => shop.stateOf(sale) === 'working');
      most = Math.max(most, working.length);
    },
  };
  network.taps.add(watch);
  const outcomes = await Promise.all(orders.map((order) => ordered(order, headers)));
  network.taps.delete(watch);
  const prints = await Promise.all(orders.map((order) => fingerprintOf(order, headers)));
  const rows = (await Promise.all(prints.map(ledgerOf))).flat();
  return { most, codes: new Set(outcomes.map(({ code }) => code)), rows, sales: network.salesFor(`${name}.`) };
}

const submitsFor = (prompt: string) =>
  network.sent.filter(({ method, text }) => method === 'POST' && text.includes(prompt)).length;

describe('30 different pictures at once', () => {
  it('wait for a place at a vendor that takes 24, and none of them is refused', async () => {
    shop.latencyMs = 700;
    const { most, codes, sales, rows } = await rush('queue: full', 30, atBfl);
    expect([...codes]).toEqual(['ready']);
    expect(sales).toHaveLength(30);
    expect(submitsFor('queue: full.')).toBe(30);
    expect(most).toBeLessThanOrEqual(24);
    expect(most).toBeGreaterThan(12);
    expect(rows).toHaveLength(30);
    expect(spentOf(rows)).toBe(billOf(sales));
  });

  it('are shared with the next provider, where any may serve', async () => {
    shop.latencyMs = 700;
    const { codes, sales, rows } = await rush('queue: shared', 30, {});
    expect([...codes]).toEqual(['ready']);
    expect(sales).toHaveLength(30);
    expect(new Set(rows.map(({ provider }) => provider)).size).toBe(2);
    expect(spentOf(rows)).toBe(billOf(sales));
  });
});

it('renders that a vendor refuses as too many come back, and buy once each', async () => {
  shop.latencyMs = 300;
  shop.concurrency = 3;
  const { most, codes, sales, rows } = await rush('queue: narrower than told', 9, atBfl);
  expect([...codes]).toEqual(['ready']);
  expect(most).toBeLessThanOrEqual(3);
  expect(sales).toHaveLength(9);
  expect(submitsFor('queue: narrower than told.')).toBeGreaterThan(9);
  expect(spentOf(rows)).toBe(billOf(sales));
});

it('a vendor that says when to come back is not asked before, by anybody', async () => {
  network.failFor('queue: told to wait, one.', 'rate-limit-retry-after');
  const refusedAt: number[] = [];
  const soldAt: number[] = [];
  const watch = {
    after: ({ kind, request }: { kind: string; request: { method: string } }) => {
      if (request.method === 'POST') (kind === 'sold' ? soldAt : refusedAt).push(Date.now());
    },
  };
  network.taps.add(watch);
  const one = ordered(orderOf('queue: told to wait, one.'), atBfl);
  await expect.poll(() => refusedAt.length).toBe(1);
  const codes = (await Promise.all([one, ordered(orderOf('queue: told to wait, two.'), atBfl)])).map(
    ({ code }) => code,
  );
  network.taps.delete(watch);
  expect(codes).toEqual(['ready', 'ready']);
  expect(refusedAt).toHaveLength(1);
  expect(Math.min(...soldAt) - (refusedAt[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
});
