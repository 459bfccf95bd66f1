import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mostUnderWay, placeInTime } from './place-in-time.ts';

/** So long that a busy machine places all that there is place for. */
const forMs = 2_000;
const atOnce = (count: number) => Array.from({ length: count }, (_, index) => ({ index, at: 0 }));
const spanOf = (forMs: number, startedAt = Date.now()) => ({ startedAt, endsAt: startedAt + forMs });

test('every order is placed, none before its time, where there is time enough', async () => {
  const orders = atOnce(2 * mostUnderWay).map(({ index }) => ({ index, at: 3 * index }));
  const startedAt = Date.now();
  const waits: number[] = [];
  const count = await placeInTime(orders, spanOf(60_000, startedAt), async ({ at }) => {
    waits.push(Date.now() - startedAt - at);
  });
  expect([count, waits.length]).toEqual([orders.length, orders.length]);
  // A timer may be early by less than a millisecond.
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(-1);
});

test('what finds no place in time is not placed, and what was placed is seen through', async () => {
  const { promise: answers, resolve: answer } = Promise.withResolvers<void>();
  const placed: number[] = [];
  let isThrough = false;
  const count = placeInTime(atOnce(mostUnderWay + 5), spanOf(forMs), async ({ index }) => {
    placed.push(index);
    await answers;
  }).finally(() => {
    isThrough = true;
  });
  await sleep(forMs + 300);
  expect([placed.length, isThrough]).toEqual([mostUnderWay, false]);
  answer();
  expect(await count).toBe(mostUnderWay);
  expect(placed).toEqual(atOnce(mostUnderWay).map(({ index }) => index));
});

test('a machine that was late places nothing past the end', async () => {
  const span = spanOf(forMs);
  const placed: number[] = [];
  const count = await placeInTime(atOnce(3), span, async ({ index }) => {
    placed.push(index);
    // As if everything stood still.
    if (index === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, span.endsAt + 10 - Date.now());
  });
  expect([count, placed]).toEqual([2, [0, 1]]);
});
