import { vi } from 'vitest';

/**
 * Lets time jump while `work` goes on: what the sandbox makes slowly (`sandbox:slow`, 20 seconds) is then done at its
 * next poll, if it was begun before. So a test can look at a task for as long as it likes, and need not wait for it.
 */
export async function afterSeconds<Value>(seconds: number, work: () => Promise<Value>): Promise<Value> {
  const now = Date.now.bind(Date);
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + seconds * 1000);
  try {
    return await work();
  } finally {
    clock.mockRestore();
  }
}

/**
 * How far to go back (0 or less) so that the `seconds` before that moment, and half a minute after it, are of one UTC day:
 * for what begins anew at midnight. Forward is no way, as alarms would wait for that time.
 */
export function backIntoOneDay(seconds: number): number {
  const today = (Date.now() / 1000) % 86_400;
  if (today < seconds) return -today - 60;
  return today > 86_400 - 60 ? -60 : 0;
}

/** How far `told` is from the seconds that are left of a UTC day, at a moment that may be just before midnight or after it. */
export function secondsFromMidnight(told: number, at: number = Date.now()): number {
  const apart = (((told + at / 1000) % 86_400) + 86_400) % 86_400;
  return Math.min(apart, 86_400 - apart);
}
