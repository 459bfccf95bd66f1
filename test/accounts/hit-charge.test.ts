import { describe, expect, it } from 'vitest';
import { HitCharge } from '../../src/accounts/hit-charge';
import { withoutLimits } from '../../src/core/spending';

const standingWith = (balanceMicros: number, spentToday = 0) => ({
  ...{ creditedMicros: balanceMicros, spentMicros: 0, balanceMicros, reservedMicros: 0, inFlight: 0 },
  day: { name: '2026-11-21', micros: spentToday },
  month: { name: '2026-11', micros: spentToday },
  oldestReservationAt: null,
});
const now = Date.parse('2026-11-21T12:00:00Z');
const account = (limits: object) => ({
  id: 'a',
  name: 'A',
  namespace: 'public',
  limits: { ...withoutLimits, ...limits },
});

/** A charge that counts how often an account was asked. */
function chargeOf(price: number, balance: number) {
  const asked = { count: 0 };
  const standing = async () => {
    asked.count += 1;
    return standingWith(balance);
  };
  return { asked, charge: new HitCharge({ standing }, price) };
}

describe('the price of a hit', () => {
  it('asks nobody where hits are free', async () => {
    const { asked, charge } = chargeOf(0, -5);
    await charge.check(account({ isPrepaid: true }), now);
    expect(asked.count).toBe(0);
  });

  it('lets through what the balance pays for, with one question, and refuses the next with 402', async () => {
    const { asked, charge } = chargeOf(10, 35);
    for (let hit = 0; hit < 3; hit += 1) await charge.check(account({ isPrepaid: true }), now);
    await expect(charge.check(account({ isPrepaid: true }), now)).rejects.toMatchObject({
      code: 'insufficient_credit',
    });
    expect(asked.count).toBe(1);
    await charge.check(account({ isPrepaid: true }), now + 2_000);
    expect(asked.count).toBe(2);
  });

  it("keeps to the day's budget", async () => {
    const { charge } = chargeOf(10, 0);
    await charge.check(account({ dayMicros: 10 }), now);
    await expect(charge.check(account({ dayMicros: 10 }), now)).rejects.toMatchObject({ status: 402 });
  });
});
