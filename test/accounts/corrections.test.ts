import { describe, expect, it } from 'vitest';
import { corrections } from '../../src/accounts/corrections';
import type { LedgerDay } from '../../src/storage/lost-ledger';
import { afterSeconds } from '../support/clock';
import { accounts, entryOf } from '../support/reserve';

const ledger = (day: string, micros: number, restored: readonly number[] = []): LedgerDay => ({
  day,
  micros,
  restoredMicros: restored.reduce((sum, part) => sum + part, 0),
  restoredRows: restored.length,
});

describe('what a ledger lacks of an account', () => {
  const [monday, tuesday] = ['2026-11-16', '2026-11-17'] as const;
  const spent = [
    { day: monday, micros: 30 },
    { day: tuesday, micros: 12 },
  ];
  it.each([
    {
      name: 'everything, where it has nothing',
      known: [],
      expected: [
        ['17', 12, 0],
        ['16', 30, 0],
      ],
    },
    { name: 'nothing, where it has all', known: [ledger(monday, 30), ledger(tuesday, 12)], expected: [] },
    {
      name: 'nothing, where a day has more and the next one less',
      known: [ledger(monday, 35), ledger(tuesday, 7)],
      expected: [],
    },
    { name: 'the newest first', known: [ledger(monday, 20), ledger(tuesday, 12)], expected: [['16', 10, 0]] },
    { name: 'no more than the whole', known: [ledger(monday, 35)], expected: [['17', 7, 0]] },
    {
      name: 'another row of a day that has restored ones',
      known: [ledger(monday, 30), ledger(tuesday, 9, [9])],
      expected: [['17', 3, 1]],
    },
    {
      name: 'less than nothing, of what was restored',
      known: [ledger(monday, 30), ledger(tuesday, 24, [12])],
      expected: [['17', -12, 1]],
    },
    {
      name: 'nothing, where others than restored rows are too much',
      known: [ledger(monday, 30), ledger(tuesday, 24)],
      expected: [],
    },
  ])('is $name', ({ known, expected }) => {
    const found = corrections(spent, known);
    expect(found.map(({ day, micros, row }) => [day.slice(-2), micros, row])).toEqual(expected);
  });
});

describe('the days of an account', () => {
  it('are what its purchases spent on each, whatever hits were charged and credits moved', async () => {
    const settle = (id: string, spentMicros: number) =>
      accounts.settle({ accountId: 'days', id, spent: [{ micros: spentMicros, at: Date.now() }], refunds: [] });
    const today = new Date().toISOString().slice(0, 10);
    await accounts.credit('days', [entryOf('t', 'top_up', 1_000_000), entryOf('h', 'hits', -400)]);
    await settle('a', 70_000);
    await settle('b', 30_000);
    expect(await accounts.spentDays('days')).toEqual([{ day: today, micros: 100_000 }]);
    const [tomorrow, later] = [1, 40].map((days) =>
      new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
    );
    await afterSeconds(86_400, () => settle('c', 5_000));
    await afterSeconds(40 * 86_400, async () => {
      await accounts.credit('days', [entryOf('g', 'hits', -300)]);
      await settle('d', 6_000);
    });
    expect(await accounts.spentDays('days')).toEqual([
      { day: today, micros: 100_000 },
      { day: tomorrow, micros: 5_000 },
      { day: later, micros: 6_000 },
    ]);
    expect((await accounts.standing('days')).spentMicros).toBe(111_000);
  });
});
