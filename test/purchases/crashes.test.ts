import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ProviderEntry } from '../../src/core/provider';
import { providerEntries } from '../../src/providers/registry';
import { reportOn } from '../support/gate-state';
import { billOf, fingerprintOf, ledgerOf, ordered, orderOf, spentOf } from '../support/purchase';
import { differencesFound } from '../support/reconciled';
import { vendorNetwork } from '../support/vendor-network';
import { Crashes, type CrashPoint, crashPoints } from './crash-points';

const network = vendorNetwork();
const crashes = new Crashes(network);
afterAll(() => vi.restoreAllMocks());

/** What is not known of a purchase when its object is dead stays unknown. All else goes on from what was stored. */
const unknown: ReadonlySet<CrashPoint> = new Set(['before submit', 'between submit and acceptance']);

const cases = providerEntries.flatMap((entry) =>
  crashPoints
    .filter((point) => point !== 'after acceptance' || entry.capability.delivers === 'later')
    .map((point) => ({ entry, id: entry.id, point })),
);

describe('a render that is killed', () => {
  it.concurrent.each(cases)('$point at $id buys once at most, and is in the ledger once', async ({ entry, point }) => {
    const order = orderOf(`crash: ${entry.id}, ${point}.`);
    await (unknown.has(point) ? losesTrack : goesOn)(entry, point, order);
  });
});

it('no provider keeps a place for a render that was killed', async () => {
  for (const { id } of providerEntries) await expect.poll(async () => (await reportOn(id)).in_flight).toBe(0);
});

it('leaves a ledger, accounts and pictures that agree to the micro-dollar', async () => {
  const { checked, differences } = await differencesFound();
  expect(differences).toEqual([]);
  expect(checked).toBeGreaterThan(cases.length / 2);
});

async function goesOn(entry: ProviderEntry, point: CrashPoint, order: Order): Promise<void> {
  const { outcome, sales, rows } = await crashed(entry, point, order);
  expect(outcome.code).toBe('ready');
  expect(sales).toHaveLength(1);
  expect(rows).toMatchObject([{ outcome: 'ready', provider: entry.id }]);
  expect(spentOf(rows)).toBe(billOf(sales));
  expect((await ordered(order, pinning(entry))).code).toBe('ready');
  expect(network.salesFor(order.prompt)).toHaveLength(1);
}

async function losesTrack(entry: ProviderEntry, point: CrashPoint, order: Order): Promise<void> {
  const { outcome, sales, rows, fingerprint } = await crashed(entry, point, order);
  expect({ status: outcome.status, code: outcome.code }).toEqual({ status: 500, code: 'outcome_unknown' });
  expect(outcome.response.headers.get('x-should-retry')).toBe('false');
  expect(sales).toHaveLength(point === 'before submit' ? 0 : 1);
  expect(rows).toMatchObject([{ outcome: 'unknown', provider: entry.id, spent_micros: rows[0]?.quoted_micros }]);
  expect((await ordered(order, pinning(entry))).code).toBe('ready');
  expect(network.salesFor(order.prompt)).toHaveLength(sales.length + 1);
  expect((await ledgerOf(fingerprint)).map((row) => row.outcome)).toEqual(['unknown', 'ready']);
}

type Order = ReturnType<typeof orderOf>;
const pinning = ({ id }: ProviderEntry) => ({ 'x-fluxgate-provider': id, 'x-fluxgate-fit': 'nearest' });

async function crashed(entry: ProviderEntry, point: CrashPoint, order: Order) {
  const fingerprint = await fingerprintOf(order, pinning(entry));
  const crash = crashes.at(point, { prompt: order.prompt, fingerprint });
  const [outcome] = await Promise.all([ordered(order, pinning(entry)), crash]);
  return { fingerprint, outcome, sales: network.salesFor(order.prompt), rows: await ledgerOf(fingerprint) };
}
