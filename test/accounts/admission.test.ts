import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountLimits,
  type AccountState,
  credit,
  newAccount,
  reserve,
  reservedMicros,
  settle,
  withoutLimits,
} from '../../src/accounts/admission';

const now = Date.parse('2026-11-21T12:00:00Z');
const lifetimeMs = 900_000;
const price = 50_000;

/** Reserves for so many renders, one after the other; returns the state and how many were admitted. */
function reserveMany(state: AccountState, count: number, at = now): { state: AccountState; admitted: number } {
  let current = state;
  let admitted = 0;
  for (let index = 0; index < count; index += 1) {
    const result = reserve(current, { id: `render-${at}-${index}`, micros: price, now: at, lifetimeMs });
    current = result.state;
    if (result.verdict.kind === 'admitted') admitted += 1;
  }
  return { state: current, admitted };
}

const accountWith = (limits: Partial<AccountLimits>) => newAccount({ ...withoutLimits, ...limits });

describe('admission', () => {
  it('admits everything where there is no limit', () => {
    expect(reserveMany(newAccount(withoutLimits), 1_000).admitted).toBe(1_000);
  });

  it('admits ten of a thousand on a budget for ten', () => {
    expect(reserveMany(accountWith({ dayMicros: 10 * price }), 1_000).admitted).toBe(10);
    expect(reserveMany(accountWith({ monthMicros: 10 * price }), 1_000).admitted).toBe(10);
    expect(reserveMany(credit(accountWith({ isPrepaid: true }), 10 * price), 1_000).admitted).toBe(10);
  });

  it('gives the difference back when a render costs less than was set aside', () => {
    const { state } = reserveMany(accountWith({ dayMicros: 2 * price }), 2);
    const settled = settle(state, { id: `render-${now}-0`, spentMicros: 10_000, now });
    expect(settled.day.micros).toBe(10_000);
    expect(reserve(settled, { id: 'next', micros: price - 10_000, now, lifetimeMs }).verdict.kind).toBe('admitted');
    expect(reserve(settled, { id: 'next', micros: price, now, lifetimeMs }).verdict).toMatchObject({
      kind: 'over-budget',
      period: 'day',
    });
  });

  it('counts a settlement once, however often it is told', () => {
    const { state } = reserveMany(credit(accountWith({ isPrepaid: true }), price), 1);
    const once = settle(state, { id: `render-${now}-0`, spentMicros: price, now });
    expect(settle(once, { id: `render-${now}-0`, spentMicros: price, now })).toEqual(once);
    expect(once.balanceMicros).toBe(0);
  });

  it('heals a reservation that nobody ever settles', () => {
    const { state } = reserveMany(accountWith({ rendersInFlight: 1 }), 1);
    expect(reserve(state, { id: 'second', micros: price, now, lifetimeMs }).verdict).toMatchObject({
      kind: 'too-many',
      limit: 1,
    });
    expect(reserve(state, { id: 'second', micros: price, now: now + lifetimeMs, lifetimeMs }).verdict.kind).toBe(
      'admitted',
    );
  });

  it('says when the day is over, and begins anew then', () => {
    const { state } = reserveMany(accountWith({ dayMicros: price }), 1);
    const spent = settle(state, { id: `render-${now}-0`, spentMicros: price, now });
    const { verdict } = reserve(spent, { id: 'next', micros: price, now, lifetimeMs });
    expect(verdict).toEqual({ kind: 'over-budget', period: 'day', retryAfterSeconds: 12 * 3600 });
    expect(reserve(spent, { id: 'next', micros: price, now: now + 12 * 3_600_000, lifetimeMs }).verdict.kind).toBe(
      'admitted',
    );
  });

  it('lets through so many requests a minute, and says when the next may come', () => {
    const limited = reserveMany(accountWith({ requestsPerMinute: 5 }), 20);
    expect(limited.admitted).toBe(5);
    const refused = reserve(limited.state, { id: 'again', micros: price, now, lifetimeMs });
    expect(refused.verdict).toEqual({ kind: 'too-fast', retryAfterSeconds: 12, limit: 5 });
    expect(reserve(limited.state, { id: 'again', micros: price, now: now + 12_000, lifetimeMs }).verdict.kind).toBe(
      'admitted',
    );
  });

  it('never lets reserved and spent pass the balance, whatever the order of things', () => {
    const step = fc.record({
      kind: fc.constantFrom('reserve', 'settle'),
      id: fc.integer({ min: 0, max: 9 }),
      micros: fc.integer({ min: 0, max: 40_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = credit(accountWith({ isPrepaid: true }), 100_000);
        for (const { kind, id, micros } of steps) {
          const held = state.reservations.find((reservation) => reservation.id === `r${id}`);
          if (kind === 'reserve' && !state.settled.includes(`r${id}`))
            state = reserve(state, { id: `r${id}`, micros, now, lifetimeMs }).state;
          if (kind === 'settle' && held !== undefined)
            state = settle(state, { id: held.id, spentMicros: Math.min(micros, held.micros), now });
          expect(state.balanceMicros).toBeGreaterThanOrEqual(reservedMicros(state));
        }
      }),
    );
  });
});
