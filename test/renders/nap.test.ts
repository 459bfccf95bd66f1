import { describe, expect, it } from 'vitest';
import { Nap } from '../../src/renders/nap';

describe('a nap', () => {
  it('lasts until it is time, where that is soon', async () => {
    const dueAt = Date.now() + 60;
    expect(await new Nap().until(dueAt)).toBe(true);
    expect(Date.now()).toBeGreaterThanOrEqual(dueAt - 1);
    expect(await new Nap().until(Date.now() - 5_000)).toBe(true);
  });

  it('is none where that would be long', async () => {
    expect(await new Nap().until(Date.now() + 5_000)).toBe(false);
  });

  it('ends when it is cut short, and the next one does not', async () => {
    const nap = new Nap();
    const dueAt = Date.now() + 900;
    const first = nap.until(dueAt);
    nap.cutShort();
    expect(await first).toBe(true);
    expect(Date.now()).toBeLessThan(dueAt);
    const later = Date.now() + 60;
    await nap.until(later);
    expect(Date.now()).toBeGreaterThanOrEqual(later - 1);
  });
});
