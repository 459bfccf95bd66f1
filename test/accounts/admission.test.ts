import { describe, expect, it } from 'vitest';
import { admit, type Bounds, nothingSpent, renewed, type Sums, spend } from '../../src/accounts/admission';
import { refusalFault } from '../../src/accounts/refusal';
import { withoutLimits } from '../../src/core/spending';

const now = Date.parse('2026-11-21T12:00:00Z');
const price = 50_000;

const sumsWith = (changes: Partial<Sums> = {}): Sums => ({
  ...nothingSpent,
  ...{ balanceMicros: 0, reservedMicros: 0, inFlight: 0, bucket: null },
  ...changes,
});
const boundsWith = (changes: Partial<Bounds> = {}): Bounds => ({ ...withoutLimits, totalMicros: null, ...changes });
const ask = (sums: Partial<Sums>, bounds: Partial<Bounds>, { pictures = 1, at = now } = {}) =>
  admit(sumsWith(sums), boundsWith(bounds), { micros: price, pictures, tokens: pictures, now: at });
const today = (micros: number) => ({ name: '2026-11-21', micros });

describe('admission', () => {
  it('admits everything where there is no limit', () => {
    const spent = { spentMicros: 9e12, reservedMicros: 9e12, inFlight: 9e6, balanceMicros: -9e12 };
    expect(ask(spent, {}).verdict.kind).toBe('admitted');
  });

  it.each([
    ['the balance', { balanceMicros: price, reservedMicros: 0 }, { isPrepaid: true }],
    [
      'the balance less what is set aside',
      { balanceMicros: 3 * price, reservedMicros: 2 * price },
      { isPrepaid: true },
    ],
    ["the day's budget", { day: today(price), reservedMicros: price }, { dayMicros: 3 * price }],
    ["the month's budget", { month: { name: '2026-11', micros: price } }, { monthMicros: 2 * price }],
    ['the whole budget', { spentMicros: price, reservedMicros: price }, { totalMicros: 3 * price }],
  ])('admits what uses up %s to the last micro-dollar, and not one more', (_name, sums, bounds) => {
    expect(ask(sums, bounds).verdict.kind).toBe('admitted');
    const tighter = Object.fromEntries(Object.entries(bounds).map(([k, v]) => [k, typeof v === 'number' ? v - 1 : v]));
    const poorer = 'balanceMicros' in sums ? { ...sums, balanceMicros: sums.balanceMicros - 1 } : sums;
    expect(ask(poorer, tighter).verdict.kind).not.toBe('admitted');
  });

  it('asks for room for the rest of an order before it begins with it', () => {
    expect(ask({}, { dayMicros: 3 * price }, { pictures: 4 }).verdict).toMatchObject({ neededMicros: 4 * price });
    expect(ask({ inFlight: 1 }, { rendersInFlight: 4 }, { pictures: 4 }).verdict.kind).toBe('too-many');
    expect(ask({}, { rendersInFlight: 3 }, { pictures: 4 }).verdict).toEqual({
      kind: 'too-large',
      limit: 3,
      pictures: 4,
    });
    expect(ask({}, { requestsPerMinute: 3 }, { pictures: 4 }).verdict.kind).toBe('too-large');
    expect(
      ask({}, { dayMicros: 4 * price, rendersInFlight: 4, requestsPerMinute: 4 }, { pictures: 4 }).verdict.kind,
    ).toBe('admitted');
  });

  it('begins a new day and a new month with nothing spent', () => {
    const spent = spend(nothingSpent, { micros: price, at: now });
    expect(spent).toEqual({ spentMicros: price, day: today(price), month: { name: '2026-11', micros: price } });
    expect(renewed(spent, now + 12 * 3_600_000)).toMatchObject({ day: { micros: 0 }, month: { micros: price } });
    expect(renewed(spent, Date.parse('2026-12-01T00:00:00Z'))).toMatchObject({
      month: { micros: 0 },
      spentMicros: price,
    });
    const used = ask({ ...spent }, { dayMicros: price });
    expect(used.verdict).toMatchObject({ kind: 'over-budget', renewsAt: Date.parse('2026-11-22T00:00:00Z') });
    expect(ask({ ...spent }, { dayMicros: price }, { at: now + 12 * 3_600_000 }).verdict.kind).toBe('admitted');
  });

  it('counts what is settled late on the day and in the month it is of, and never begins an earlier one again', () => {
    const [yesterday, lastMonth] = [now - 86_400_000, Date.parse('2026-10-31T23:59:59.999Z')];
    const spent = spend(nothingSpent, { micros: price, at: now });
    expect(spend(spent, { micros: 1, at: yesterday })).toEqual({
      ...{ spentMicros: price + 1, day: today(price), month: { name: '2026-11', micros: price + 1 } },
    });
    expect(spend(spent, { micros: 1, at: lastMonth })).toEqual({ ...spent, spentMicros: price + 1 });
    expect(renewed(spent, yesterday)).toEqual(spent);
    expect(renewed(spent, lastMonth)).toEqual(spent);
  });

  it('lets through so many a minute, takes no token for a refusal, and says when the next may come', () => {
    let bucket: Sums['bucket'] = null;
    const verdicts = Array.from({ length: 20 }, () => {
      const answer = ask({ bucket }, { requestsPerMinute: 5 });
      bucket = answer.bucket;
      return answer.verdict;
    });
    expect(verdicts.filter(({ kind }) => kind === 'admitted')).toHaveLength(5);
    expect(verdicts.at(-1)).toEqual({ kind: 'too-fast', retryAfterSeconds: 12, limit: 5 });
    expect(ask({ bucket }, { requestsPerMinute: 5 }, { at: now + 12_000 }).verdict.kind).toBe('admitted');
    expect(ask({ bucket }, { requestsPerMinute: 5, dayMicros: 0 }, { at: now + 12_000 }).bucket).toEqual(bucket);
  });

  it('words money as 402 and speed as 429 with the time to wait', () => {
    const poor = refusalFault({ kind: 'no-credit', availableMicros: 1_234_500, neededMicros: 2_000_000 });
    expect([poor.status, poor.message]).toEqual([
      402,
      expect.stringContaining('has $1.2345 left, and this needs up to $2.00'),
    ]);
    const one = refusalFault({ kind: 'too-fast', retryAfterSeconds: 12, limit: 1 });
    expect(one.message).toContain('A limit of the key or its account lets 1 new picture begin in a minute;');
    const many = refusalFault({ kind: 'too-many', retryAfterSeconds: 2, limit: 5 });
    expect(many.message).toContain('lets 5 pictures be in the making at once, and this order would make it more.');
    const fast = refusalFault({ kind: 'too-fast', retryAfterSeconds: 12, limit: 5 });
    expect([fast.status, fast.details]).toMatchObject([
      429,
      { retryAfterSeconds: 12, rateLimit: { limit: 5, resetSeconds: 12 } },
    ]);
  });
});
