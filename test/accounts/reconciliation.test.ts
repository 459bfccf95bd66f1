import { describe, expect, it } from 'vitest';
import type { Standing } from '../../src/accounts/accounts-port';
import {
  dayDifferences,
  pictureDifferences,
  purchaseDifferences,
  standingDifferences,
} from '../../src/accounts/reconciliation';

const now = Date.parse('2026-11-21T12:00:00Z');
const deadlineMs = 900_000;
const ledger = { creditedMicros: 900, spentMicros: 300, dayMicros: 100, monthMicros: 200 };
const standing: Standing = {
  ...{ creditedMicros: 900, spentMicros: 300, balanceMicros: 600, reservedMicros: 0, inFlight: 0 },
  ...{ day: { name: '2026-11-21', micros: 100 }, month: { name: '2026-11', micros: 200 }, oldestReservationAt: null },
};
const kindsOf = (changes: Partial<Standing>) =>
  standingDifferences('acme', { standing: { ...standing, ...changes }, ledger, now, deadlineMs }).map(
    ({ kind }) => kind,
  );

describe('an account', () => {
  it('that agrees with the ledger has no difference', () => expect(kindsOf({})).toEqual([]));

  it.each([
    [{ creditedMicros: 901 }, ['credited']],
    [{ spentMicros: 301 }, ['spent']],
    [{ balanceMicros: 599 }, ['balance']],
    [{ day: { name: '2026-11-21', micros: 0 } }, ['day_spent']],
    [{ month: { name: '2026-11', micros: 0 } }, ['month_spent']],
    [{ oldestReservationAt: now - deadlineMs - 1 }, ['stale_reservation']],
    [{ oldestReservationAt: now - deadlineMs }, []],
  ])('with %j differs by %j', (changes, kinds) => expect(kindsOf(changes)).toEqual(kinds));

  it('is told with what the ledger says and what the account says', () => {
    const found = standingDifferences('acme', { standing: { ...standing, balanceMicros: 1 }, ledger, now, deadlineMs });
    expect(found).toEqual([
      { kind: 'balance', subject: 'acme', message: expect.any(String), expected: 600, actual: 1 },
    ]);
  });
});

describe('a day', () => {
  it('differs by its money, or by its number of purchases', () => {
    const rows = { purchases: 2, spentMicros: 10 };
    const days = [
      { day: '2026-11-20', rows, rollUps: { purchases: 2, spentMicros: 11 } },
      { day: '2026-11-21', rows, rollUps: { purchases: 1, spentMicros: 10 } },
    ];
    expect(dayDifferences('acme', days)).toMatchObject([
      { kind: 'roll_up', subject: 'acme/2026-11-20', expected: 10, actual: 11 },
      { kind: 'roll_up', subject: 'acme/2026-11-21', expected: 2, actual: 1 },
    ]);
  });
});

describe('a purchase', () => {
  it('is told with everything that is wrong with it', () => {
    const money = { quotedMicros: 100, actualMicros: 121, spentMicros: 120, owedMicros: 121 };
    const found = purchaseDifferences([
      { id: 'p', fingerprint: 'f', ...money, isOffQuote: 1, hasPicture: 0, isSecond: 1 },
    ]);
    expect(found.map(({ kind }) => kind)).toEqual(['charged', 'off_quote', 'no_picture', 'bought_twice']);
    expect(found).toMatchObject([
      { subject: 'p', expected: 121, actual: 120 },
      { subject: 'p', expected: 100, actual: 121 },
      {},
      {},
    ]);
  });
});

describe('a picture', () => {
  const row = { fingerprint: 'f', sha256: 'a' };
  it.each([
    [{ master: { sha256: 'a', factsSha256: 'a' }, hasRecipe: true }, []],
    [{ master: { sha256: null, factsSha256: 'a' }, hasRecipe: true }, []],
    [{ master: { sha256: 'b', factsSha256: 'a' }, hasRecipe: true }, ['other_bytes']],
    [{ master: { sha256: null, factsSha256: 'b' }, hasRecipe: false }, ['no_recipe', 'other_bytes']],
    [{ master: null, hasRecipe: true }, ['no_master']],
    [{ master: null, hasRecipe: false }, ['no_master', 'no_recipe']],
  ])('of which %j is stored differs by %j', (state, kinds) => {
    expect(pictureDifferences(row, state).map(({ kind }) => kind)).toEqual(kinds);
  });
});
