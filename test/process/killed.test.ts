import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { bfl } from '../vendors/bfl.ts';
import { type RunningSimulator, startSimulator } from '../vendors/serve.ts';
import { type Accepted, type Ended, key, order, untilEnded, usageOf } from './bfl-tasks.ts';
import { ledgerRows, type PurchaseRow } from './ledger-rows.ts';
import { freePort, freshState, killLeftovers, startService } from './local-service.ts';

const latencyMs = 1_500;
const ordersEach = 6;

/** When a round of orders is cut off. */
interface Kill {
  /** Between one order and the next. */
  readonly everyMs: number;
  /** After the last order was accepted. */
  readonly afterMs: number;
  /** Whether the vendor then has sold a picture and not yet said so. */
  readonly isInsideFence: boolean;
}

const kills: readonly Kill[] = [
  { everyMs: 0, afterMs: 0, isInsideFence: false },
  { everyMs: 0, afterMs: 500, isInsideFence: true },
  // Orders and ends overlap: some are under way, some are being fetched, stored and settled, some are done.
  { everyMs: 150, afterMs: latencyMs, isInsideFence: false },
  { everyMs: 50, afterMs: latencyMs + 350, isInsideFence: false },
];

afterEach(killLeftovers);

test('killed at any moment and started again, it finishes every accepted task, and buys nothing twice', async () => {
  const vendor = await startSimulator(bfl);
  vendor.shop.latencyMs = latencyMs;
  const start = { port: await freePort(), state: freshState(), settings: settingsFor(vendor) };
  const accepted: Accepted[] = [];
  for (const [round, kill] of kills.entries()) {
    const service = await startService(start);
    // Whoever lost the connection asks for the same picture again: that joins its render, or finds it stored.
    if (round > 0) accepted.push(await order(service.url, seedOf(round - 1, 1)));
    accepted.push(...(await orderAll(service.url, vendor, { round, kill })));
    await sleep(kill.afterMs);
    await service.kill();
  }

  const service = await startService(start);
  const ended = await Promise.all(accepted.map((task) => untilEnded(service.url, task)));
  const pictures = await Promise.all(ended.map(statusOfPicture));
  const usage = await usageOf(service.url);
  await service.stop();
  const rows = ledgerRows(start.state);
  await vendor.close();

  // Who was cut off while buying is told so; everybody else has a picture.
  expect(new Set(ended.map(endOf))).toEqual(new Set(['ready', 'unknown']));
  expect(pictures).toEqual(ended.map((task) => (endOf(task) === 'ready' ? 200 : null)));
  for (const task of ended) expectOnePurchase(task.seed, { ended, rows, vendor });
  const spentMicros = rows.reduce((sum, row) => sum + row.spentMicros, 0);
  const ready = rows.filter(({ outcome }) => outcome === 'ready');
  expect(usage).toEqual({ purchases: rows.length, pictures: ready.length, spent_micros: spentMicros });
  expect(new Set(rows.map(({ fingerprint }) => fingerprint)).size).toBe(kills.length * ordersEach);
});

function settingsFor(vendor: RunningSimulator): Readonly<Record<string, string>> {
  return {
    DEV_API_KEY: key,
    SIGNING_SECRET: 'a signing secret for tests only',
    PROVIDERS: 'bfl,sandbox',
    BFL_API_KEY: bfl.key,
    BFL_BASE_URL: vendor.url,
    SANDBOX_LATENCY_MS: `${latencyMs}`,
  };
}

async function orderAll(
  url: string,
  vendor: RunningSimulator,
  { round, kill }: { round: number; kill: Kill },
): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  for (let index = 0; index < ordersEach; index += 1) {
    if (kill.isInsideFence && index === ordersEach - 1) {
      const isSold = ({ seed }: Accepted) => isSandboxes(seed) || salesOf(vendor, seed) > 0;
      await vi.waitUntil(() => accepted.every(isSold), { timeout: 10_000 });
      vendor.shop.failWith('time-out', 1);
    }
    accepted.push(await order(url, seedOf(round, index)));
    await sleep(kill.everyMs);
  }
  return accepted;
}

/** Odd ones are the sandbox's, so that it is cut off too; the last of a round is BFL's. */
const seedOf = (round: number, index: number) => round * 100 + 1 + index;
const isSandboxes = (seed: number) => seed % 2 === 1;

async function statusOfPicture({ url }: Ended): Promise<number | null> {
  if (url === null) return null;
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

function endOf({ status, code }: Ended): string {
  if (code === 'outcome_unknown') return 'unknown';
  return status === 'Ready' ? 'ready' : `${status} ${code}`;
}

/**
 * However often a picture was asked for, it has one row in the ledger, and the vendor sold it once: unless somebody
 * was told that the outcome is unknown, and asked again.
 */
function expectOnePurchase(
  seed: number,
  told: { ended: readonly Ended[]; rows: readonly PurchaseRow[]; vendor: RunningSimulator },
): void {
  const tasks = told.ended.filter((task) => task.seed === seed);
  const outcomes = told.rows
    .filter(({ fingerprint }) => fingerprint === tasks[0]?.fingerprint)
    .map((row) => row.outcome);
  expect(outcomes.toSorted(), `rows of seed ${seed}`).toEqual([...new Set(tasks.map(endOf))].toSorted());
  const sales = salesOf(told.vendor, seed);
  expect(sales, `sales of seed ${seed}`).toBeLessThanOrEqual(outcomes.length);
  if (!isSandboxes(seed)) expect(sales).toBeGreaterThanOrEqual(outcomes.includes('ready') ? 1 : 0);
}

const salesOf = ({ shop }: RunningSimulator, seed: number) =>
  [...shop.sales.values()].filter((sale) => sale.seed === seed).length;
