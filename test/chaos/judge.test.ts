import { describe, expect, test } from 'vitest';
import { accountIds } from './accounts.ts';
import type { Evidence, PurchaseRow, VendorSale } from './evidence.ts';
import { hangs } from './exchange.ts';
import { judge } from './judge.ts';
import { type Plan, planOf } from './plan.ts';
import { Witness } from './witness.ts';

const options = { seed: 5, seconds: 20, rate: 5, vendors: ['bfl', 'fal', 'oxen'] };
const fingerprint = 'f'.repeat(64);

describe('a plan', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planOf(options)).toEqual(planOf(options));
    expect(planOf({ ...options, seed: 6 }).orders).not.toEqual(planOf(options).orders);
  });

  test('keeps its kills and failures when the load changes', () => {
    const other = planOf({ ...options, rate: 9 });
    expect([other.kills, other.troubles]).toEqual([planOf(options).kills, planOf(options).troubles]);
  });
});

describe('the judge', () => {
  test('finds nothing where one picture was bought, billed, stored and paid for', () => {
    expect(judge(evidenceOf({}))).toEqual([]);
  });

  const file = evidenceOf({}).files;
  const [row] = evidenceOf({}).rows;
  const [sale] = evidenceOf({}).sales;
  test.each<[string, Partial<Evidence>]>([
    ['a second purchase', { rows: [row, { ...row, id: 'again' }] as PurchaseRow[] }],
    ['a sale that the ledger does not have', { sales: [sale, { ...sale, id: 'again' }] as VendorSale[] }],
    ['a bill that is higher', { sales: [{ ...sale, priceMicros: 60_000 }] as VendorSale[] }],
    ['a purchase of what nobody ordered', { rows: [{ ...row, fingerprint: 'e'.repeat(64) }] as PurchaseRow[] }],
    ['other bytes', { files: file.map((one) => ({ ...one, sha256: 'b' })) }],
    ['a picture that does not decode', { files: file.map((one) => ({ ...one, problem: 'It does not decode.' })) }],
    ['a picture that is gone', { files: [] }],
    ['a balance that is off', { standings: evidenceOf({}).standings.map((one) => ({ ...one, balanceMicros: 1 })) }],
    ['a difference', { differences: [{ kind: 'roll_up', subject: 'x', message: 'm', expected: 1, actual: 2 }] }],
    ['a prompt in the log', { log: { lines: 1, leaks: ['a prompt: the prompt'] } }],
    ['a dead URL', { deadUrls: ['http://127.0.0.1/images/x.png'] }],
  ])('finds %s', (_, changes) => {
    expect(judge(evidenceOf(changes))).not.toEqual([]);
  });

  test.each([
    ['a 500 without a code', { status: 500, code: null }],
    ['an internal fault', { status: 500, code: 'internal' }],
    ['a task that is not found', { status: 404, code: 'task_not_found' }],
  ])('finds %s', (_, { status, code }) => {
    const evidence = evidenceOf({});
    evidence.witness.notes.push({ from: 0, to: 1, what: 'GET /', kind: 'answered', status, code });
    expect(judge(evidence)).toMatchObject([{ rule: 'answer' }]);
  });

  test('excuses a lost connection while the process was killed, and no other', () => {
    const lost = { what: 'GET /', kind: 'lost', status: null, code: 'ECONNRESET' } as const;
    const evidence = evidenceOf({ outages: [{ from: 10_000, to: 11_000 }] });
    evidence.witness.notes.push({ ...lost, from: 10_500, to: 10_600 });
    expect(judge(evidence)).toEqual([]);
    evidence.witness.notes.push({ ...lost, from: 20_000, to: 20_001 });
    evidence.witness.notes.push({ ...lost, code: hangs, from: 0, to: 10_500 });
    expect(judge(evidence)).toMatchObject([{ rule: 'connection' }, { rule: 'connection' }]);
  });

  test.each([-9_000_000, -1_500, 1_000])('finds hits of %s micro-dollars, with one order for them', (micros) => {
    const entries = [{ accountId: 'unlimited', kind: 'hits', micros }];
    const standings = evidenceOf({}).standings.map((one) => {
      const own = one.account === 'unlimited' ? micros : 0;
      return { ...one, balanceMicros: one.balanceMicros + own, dayMicros: one.dayMicros - own };
    });
    expect(judge(evidenceOf({ entries, standings }))).toMatchObject([{ rule: 'hits', subject: 'unlimited' }]);
  });

  test.each([
    ['purge', { files: [], renders: [] }],
    ['rerender', { files: file.map((one) => ({ ...one, sha256: 'b', declaredSha256: 'b' })) }],
  ] as const)('excuses what a %s by the operator did, and finds it without one', (kind, changes) => {
    const evidence = evidenceOf(changes);
    expect(judge(evidence)).not.toEqual([]);
    evidence.witness.acts.push({ kind, picture: evidence.plan.orders[0]?.picture.index ?? -1, fingerprint });
    expect(judge(evidence)).toEqual([]);
  });

  test('finds a purchase more than the operator meant', () => {
    const free = ['two', 'three'].map((id) => ({ ...row, id, spentMicros: 0 }));
    const evidence = evidenceOf({ rows: [row, ...free] as PurchaseRow[] });
    evidence.witness.acts.push({ kind: 'rerender', picture: 0, fingerprint });
    expect(judge(evidence)).toMatchObject([{ rule: 'purchase' }, { rule: 'purchase' }]);
  });

  test('finds a task that never ended', () => {
    const evidence = evidenceOf({});
    const [order] = evidence.plan.orders;
    if (order !== undefined) evidence.witness.accept(order, { 'x-fluxgate-task': 't' }, null);
    expect(judge(evidence)).toMatchObject([{ rule: 'task', subject: 't' }]);
  });
});

/** One picture, bought once by the unlimited account, in books that agree. */
function evidenceOf(changes: Partial<Evidence>): Evidence {
  const whole = planOf(options);
  const plan: Plan = { ...whole, orders: whole.orders.slice(0, 1) };
  const witness = new Witness();
  for (const order of plan.orders) {
    witness.ask(order);
    witness.accept(order, { 'x-fluxgate-fingerprint': fingerprint }, null);
  }
  const sale: VendorSale = {
    ...{ vendor: 'bfl', id: 'sale', width: 1, height: 1, seed: 1, priceMicros: 50_000, soldAt: 0, dueAt: 0 },
    ...{ failure: 'none', parameters: { prompt: 'chaos-5-0-' }, isCancelled: false, downloads: 1, polls: 1 },
  };
  const row: PurchaseRow = {
    ...{ id: 'row', accountId: 'unlimited', fingerprint, provider: 'bfl', outcome: 'ready', task: 'task' },
    ...{ settledAt: 0, quotedMicros: 50_000, spentMicros: 50_000 },
  };
  const standings = accountIds.map((account) => {
    const spent = account === 'unlimited' ? 50_000 : 0;
    return {
      account,
      balanceMicros: -spent,
      reservedMicros: 0,
      dayMicros: spent,
      orphanedMicros: 0,
      orphans: [],
      underWay: 0,
    };
  });
  const stored = { key: 'k', fingerprint, isMaster: true, sha256: 'a', declaredSha256: 'a', problem: null };
  return {
    ...{
      plan,
      plannedOrders: whole.orders.length,
      witness,
      outages: [],
      sales: [sale],
      rows: [row],
      entries: [],
      standings,
      differences: [],
      deadUrls: [],
      log: { lines: 1, leaks: [] },
    },
    ...{ renders: [{ fingerprint, sha256: 'a' }], files: [stored], webhooks: new Set<string>(), isOneDay: true },
    ...changes,
  };
}
