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
