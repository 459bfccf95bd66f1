import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { allowances, countOperations, type Kind } from '../../bench/operations.ts';
import { migrate, prepare, raise, type Stage } from '../../bench/stage.ts';
import { startVendor, type Vendor } from '../../bench/vendor.ts';
import type { Tally } from '../../bench/workers/tally.ts';

let vendor: Vendor;
let stage: Stage;
let counted: Readonly<Record<Kind, Tally>>;

beforeAll(async () => {
  vi.stubEnv('WRANGLER_LOG', 'error'); // It would tell where it read its settings.
  vendor = await startVendor();
  stage = await raise(await prepare(['counting']), ['counting'], vendor);
  await migrate(stage, 'counting');
  counted = await countOperations(stage);
});
afterAll(async () => {
  await stage.miniflare.dispose();
  await vendor.stop();
});

test('a hit on a picture reads one R2 object, and nothing else', () => {
  expect(spent('hit, picture')).toEqual({ r2Reads: 1 });
});

test('a hit on an order reads one R2 object before the answer, and nothing else', () => {
  expect(spent('hit, order, before the answer')).toEqual({ r2Reads: 1 });
});

test.each(Object.keys(allowances) as Kind[])('a %s costs no more than its allowance', (kind) => {
  const allowed: Partial<Tally> = allowances[kind];
  const excess = Object.entries(spent(kind)).filter(([name, amount]) => amount > (allowed[name as keyof Tally] ?? 0));
  expect(excess).toEqual([]);
});

test('a miss is counted at all', () => {
  expect(spent('miss')).toMatchObject({
    r2Writes: expect.any(Number),
    d1RowsWritten: expect.any(Number),
    objectCalls: expect.any(Number),
    objectAlarms: expect.any(Number),
    objectRowsWritten: expect.any(Number),
  });
});

/** What was counted for a kind of request, without what it did not do. */
function spent(kind: Kind): Partial<Tally> {
  return Object.fromEntries(Object.entries(counted[kind]).filter(([, amount]) => amount > 0));
}
