import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { listOf, tableOf } from './report.ts';
import { run } from './run.ts';

/** `npm run chaos` for longer, and with a seed to repeat it. */
test('killed and failed at random, it loses nothing, buys nothing twice, and its books are the bills', async () => {
  const seed = randomInt(2 ** 31);
  const result = await run({ seed, seconds: 30, rate: 6, say: () => undefined });
  console.log(tableOf(result));
  expect(listOf(result), `npm run chaos -- --minutes 0.5 --rate 6 --seed ${seed}`).toBe('');
  expect(result.kills).toBeGreaterThan(2);
  expect(result.evidence.log.lines).toBeGreaterThan(100);
  expect(result.evidence.rows.length).toBeGreaterThan(30);
  expect(result.evidence.entries.some(({ kind }) => kind === 'hits')).toBe(true);
});
