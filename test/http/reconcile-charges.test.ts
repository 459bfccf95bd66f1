import { beforeAll, describe, expect, it } from 'vitest';
import type { Purchase } from '../../src/storage/usage-ledger';
import { purchase, record } from '../support/ledger-rows';
import { type Difference, differencesOf, kindsOf } from '../support/reconciled-pages';

describe('a charge', () => {
  const quoted = { quotedMicros: 50_000, actualMicros: null };
  const wrong = [
    ['reported', { actualMicros: 49_999 }, 49_999],
    ['reported as nothing', { actualMicros: 0, spentMicros: 1, outcome: 'failed' }, 0],
    ['of a failure', { ...quoted, outcome: 'failed' }, 0],
    ['of a cancelled one', { ...quoted, outcome: 'cancelled' }, 0],
    ['of a picture that cost nothing', { ...quoted, spentMicros: 0 }, 50_000],
    ['of an outcome that nobody knows', { ...quoted, outcome: 'unknown', spentMicros: 0 }, 50_000],
    ['of a caller’s own key', { ...quoted, paidBy: 'caller', actualMicros: 50_000 }, 0],
    ['below nothing', { ...quoted, outcome: 'moderated', spentMicros: -1 }, 0],
  ] as const;
  const right = [
    ['reported', { actualMicros: 49_999, spentMicros: 49_999 }],
    ['a failure that was charged', { outcome: 'failed', actualMicros: 50_000, spentMicros: 50_000 }],
    ['a failure', { ...quoted, outcome: 'failed', spentMicros: 0 }],
    ['a picture of which nothing was reported', { ...quoted, outcome: 'unknown' }],
    ['another vendor’s price, after a fallback', { ...quoted, outcome: 'unknown', spentMicros: 60_000 }],
    ['a picture that was sold and kept back', { ...quoted, outcome: 'moderated' }],
    ['a picture that was kept back unsold', { ...quoted, outcome: 'moderated', spentMicros: 0 }],
    ['a caller’s own key', { paidBy: 'caller', spentMicros: 0 }],
    ['what was restored', { ...quoted, outcome: 'restored', quotedMicros: -5, spentMicros: -5 }],
  ] as const;

  /** Once for all: to reconcile reads every account. */
  let differences: readonly Difference[] = [];
  beforeAll(async () => {
    const rowOf = (how: string, what: string, row: Partial<Purchase>) =>
      purchase({
        accountId: `${how} ${what}`,
        id: `${how}-${what}`,
        fingerprint: '9'.repeat(64),
        outcome: 'lost',
        ...row,
      });
    const rows = [
      ...wrong.map(([what, row]) => rowOf('charged', what, row)),
      ...right.map(([what, row]) => rowOf('owed', what, row)),
    ];
    // One by one, as renders are: what one row does must not depend on another.
    for (const row of rows) await record(row);
    differences = await differencesOf('accounts');
  });

  it.each(wrong)('is found that is not what was owed: %s', (what, row, expected) => {
    const { spentMicros: actual = 50_000 }: Partial<Purchase> = row;
    const told = differences.filter(({ kind, subject }) => kind === 'charged' && subject === `charged-${what}`);
    expect(told).toMatchObject([{ expected, actual }]);
  });

  it.each(right)('is nothing to find where it is owed: %s', (what) => {
    expect(kindsOf(differences, `owed-${what}`)).not.toContain('charged');
  });
});
