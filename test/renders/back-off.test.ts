import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectDelayMs, pollDelayMs, queueDelayMs, settleDelayMs, webhookDelaysMs } from '../../src/renders/back-off';

const delays = [
  { name: 'polls', delay: pollDelayMs, firstMs: 500, secondMs: 650, mostMs: 5_000 },
  { name: 'tries to collect', delay: collectDelayMs, firstMs: 500, secondMs: 1_250, mostMs: 120_000 },
  { name: 'tries to settle', delay: settleDelayMs, firstMs: 250, secondMs: 500, mostMs: 300_000 },
  { name: 'looks at a full queue', delay: queueDelayMs, firstMs: 500, secondMs: 750, mostMs: 10_000 },
];
const tries = fc.integer({ min: 0, max: 100_000 });
const jitter = fc.double({ min: 0, max: 1, noNaN: true });

describe.each(delays)('the delay between $name', ({ delay, firstMs, secondMs, mostMs }) => {
  it('begins short, grows, and stops growing', () => {
    expect([delay(0, 0.5), delay(1, 0.5), delay(1_000_000, 0.5)]).toEqual([firstMs, secondMs, mostMs]);
  });

  it('never shrinks with the number of tries', () => {
    fc.assert(fc.property(tries, jitter, (count, draw) => delay(count + 1, draw) >= delay(count, draw)));
  });

  it('is whole milliseconds, spread by a fifth to either side', () => {
    fc.assert(
      fc.property(tries, jitter, (count, draw) => {
        const [drawn, middle] = [delay(count, draw), delay(count, 0.5)];
        expect(Number.isInteger(drawn)).toBe(true);
        expect(drawn).toBeGreaterThanOrEqual(Math.floor(middle * 0.799));
        expect(drawn).toBeLessThanOrEqual(Math.ceil(middle * 1.201));
      }),
    );
    expect([delay(0, 0), delay(0, 1)]).toEqual([firstMs * 0.8, firstMs * 1.2]);
  });
});

describe('a finished picture that cannot be fetched', () => {
  it('is asked for eight times within the ten minutes that vendors keep it at the least', () => {
    const waits = Array.from({ length: 7 }, (_, count) => collectDelayMs(count, 1));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(600_000);
  });
});

describe('the delivery of a webhook', () => {
  it('is tried eight times over a day, the first at once, each later than the last', () => {
    expect(webhookDelaysMs).toHaveLength(8);
    expect(webhookDelaysMs[0]).toBe(0);
    expect(webhookDelaysMs).toEqual([...new Set(webhookDelaysMs)].toSorted((a, b) => a - b));
    const hours = webhookDelaysMs.reduce((sum, delay) => sum + delay, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(22);
    expect(hours).toBeLessThanOrEqual(24);
  });
});
