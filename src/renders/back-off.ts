/** Delays in milliseconds. Each grows with the number of tries and is spread by a draw from 0 to 1. */
interface BackOff {
  readonly firstMs: number;
  readonly factor: number;
  readonly mostMs: number;
}

const poll: BackOff = { firstMs: 500, factor: 1.3, mostMs: 5_000 };
const collect: BackOff = { firstMs: 500, factor: 2.5, mostMs: 120_000 };
const settle: BackOff = { firstMs: 250, factor: 2, mostMs: 300_000 };
const queue: BackOff = { firstMs: 500, factor: 1.5, mostMs: 10_000 };

/** Delivery of a webhook: eight tries over a day, as Standard Webhooks recommends. */
export const webhookDelaysMs: readonly number[] = [
  0,
  5_000,
  30_000,
  5 * 60_000,
  30 * 60_000,
  2 * 3_600_000,
  6 * 3_600_000,
  15 * 3_600_000,
];

/** Tries to fetch a finished picture before it counts as lost. Vendors keep one for ten minutes at the least. */
const collectTries = 8;

/** Whether a picture that could not be fetched is given up, when this was tried so often before. */
export const isLastCollect = (tries: number) => tries + 1 >= collectTries;

export const pollDelayMs = (tries: number, jitter: number) => delay(poll, tries, jitter);
export const collectDelayMs = (tries: number, jitter: number) => delay(collect, tries, jitter);
export const settleDelayMs = (tries: number, jitter: number) => delay(settle, tries, jitter);
export const queueDelayMs = (tries: number, jitter: number) => delay(queue, tries, jitter);

function delay(backOff: BackOff, tries: number, jitter: number): number {
  const ideal = Math.min(backOff.mostMs, backOff.firstMs * backOff.factor ** Math.min(tries, 40));
  return Math.round(ideal * (0.8 + 0.4 * jitter));
}
