import { describe, expect, it } from 'vitest';
import { HitCharge } from '../../src/accounts/hit-charge';
import type { HoldAnswer, HoldRequest } from '../../src/accounts/hit-messages';
import { withoutLimits } from '../../src/core/spending';

const now = Date.parse('2026-11-21T12:00:00Z');
const account = (limits: object) => ({
  ...{ accountId: 'a', limits: { ...withoutLimits, ...limits } },
  allowances: [],
});
const prepaid = account({ isPrepaid: true });
const refused: HoldAnswer = { kind: 'no-credit', availableMicros: 5, neededMicros: 10 };

/** A charge whose account sets aside as much as it is told, and that keeps what the account was asked. */
function chargeOf(price: number, answers: readonly number[]) {
  const asked: HoldRequest[] = [];
  const hold = async (_: string, request: HoldRequest): Promise<HoldAnswer> => {
    asked.push(request);
    const count = answers[asked.length - 1] ?? 0;
    return count === 0 ? refused : { kind: 'held', count };
  };
  const pay = async () => ({ kind: 'paid', count: 1 }) as const;
  return { asked, charge: new HitCharge({ hold, pay }, price) };
}

describe('the price of a hit', () => {
  it('asks nobody where hits are free, or where nothing limits the account', async () => {
    const free = chargeOf(0, []);
    await free.charge.take(prepaid, 1, now);
    const unlimited = chargeOf(10, []);
    await unlimited.charge.take(account({}), 1, now);
    expect([free.asked, unlimited.asked, free.charge.close(now)]).toEqual([[], [], []]);
  });

  it('lets through what the account set aside for, with one question, and refuses the next with 402', async () => {
    const { asked, charge } = chargeOf(10, [3, 0, 1]);
    for (let hit = 0; hit < 3; hit += 1) await charge.take(prepaid, 1, now);
    const next = { code: 'insufficient_credit', status: 402 };
    await expect(charge.take(prepaid, 1, now)).rejects.toMatchObject(next);
    // From memory, for a second.
    await expect(charge.take(prepaid, 1, now + 999)).rejects.toMatchObject(next);
    expect(asked).toHaveLength(2);
    await charge.take(prepaid, 1, now + 1_000);
    expect(asked).toHaveLength(3);
  });

  it('takes more in advance by one question at a time: those beside it ask for what they need', async () => {
    const { asked, charge } = chargeOf(10, [5, 1, 2, 1]);
    await Promise.all([1, 1, 2].map((hits) => charge.take(prepaid, hits, now)));
    expect(asked.map(({ atLeast, atMost }) => [atLeast, atMost])).toEqual([
      [1, 500],
      [1, 1],
      [2, 2],
    ]);
    for (let hit = 0; hit < 4; hit += 1) await charge.take(prepaid, 1, now);
    expect(asked).toHaveLength(3);
    const [request] = charge.close(now);
    expect(request?.holds.map(({ micros }) => micros)).toEqual([50, 10, 20]);
    expect(request?.entry.note).toContain('8 pictures');
    expect(charge.close(now)).toEqual([]);
  });
});
