import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AccountObjectBase } from '../../src/accounts/account-object';
import { addAccount } from '../support/accounts';
import { submit } from '../support/bfl-caller';
import { purchase, record } from '../support/ledger-rows';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf } from '../support/reserve';
import { rowsOf, whenSettled } from '../support/spending';

const price = 50_000;
const realNow = Date.now.bind(Date);
/** The clock of everybody, set to a moment from which it goes on. */
function clockAt(moment: number) {
  let from = moment - realNow();
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + from);
  return {
    spy,
    skip: (milliseconds: number) => {
      from += milliseconds;
    },
  };
}
const today = new Date();
const [year, month, date] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
/** The first moments of the next day that is not the first of a month, and of the next month. */
const nextDay = Date.UTC(year, month, date + 1);
const edges = [
  ['a day', new Date(nextDay).getUTCDate() === 1 ? Date.UTC(year, month, date + 2) : nextDay],
  ['a month', Date.UTC(year, month + 1)],
] as const;
const found = async (account: string) =>
  (await differencesFound()).differences.filter(({ subject }) => subject.startsWith(account));

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(edges)('at the end of %s', (period, edge) => {
  const name = period.replace(' ', '-');

  it('a purchase that ends before it and is settled after it is of the time at which it ended, for everybody', async () => {
    const account = `edge-${name}`;
    const key = await addAccount(account);
    const clock = clockAt(edge - 10_000);
    const { settle } = AccountObjectBase.prototype;
    const late = async function (this: AccountObjectBase<Env>, ...given: Parameters<typeof settle>) {
      if (given[0].accountId === account && Date.now() < edge) clock.skip(edge - Date.now() + 5);
      return await settle.apply(this, given);
    };
    vi.spyOn(AccountObjectBase.prototype, 'settle').mockImplementation(late);
    const ordered = await submit({ prompt: `ordered at the end of ${period}`, seed: 1 }, { key });
    const fingerprint = ordered.headers.get('x-fluxgate-fingerprint') ?? '';
    // The platform's own clock is another: its alarm would come in days.
    expect(await runDurableObjectAlarm(env.RENDERS.getByName(fingerprint))).toBe(true);
    const standing = await whenSettled(account);
    expect(Date.now()).toBeGreaterThanOrEqual(edge);
    const [row] = await rowsOf(account);
    expect(row).toMatchObject({ spent_micros: price });
    const ofMonth = period === 'a month' ? 0 : price;
    expect(standing).toMatchObject({ spentMicros: price, day: { micros: 0 }, month: { micros: ofMonth } });
    expect(await accounts.spentDays(account)).toEqual([
      { day: new Date(edge - 1).toISOString().slice(0, 10), micros: price },
    ]);
    expect(await found(account)).toEqual([]);
  });

  it('one that is settled after others of the next day is added to its own', async () => {
    const account = `edge-late-${name}`;
    await addAccount(account);
    const { spy } = clockAt(edge + 60_000);
    const days = [edge - 86_400_001, edge - 1, edge, edge + 1];
    // The next day's first, those before it after that: a render whose ledger was away is settled late.
    for (const index of [2, 0, 3, 1]) {
      const at = days[index] ?? 0;
      await accounts.settle({
        accountId: account,
        id: `${name}-${index}`,
        spent: [{ micros: 10 ** index, at }],
        refunds: [],
      });
      await record(
        purchase({
          accountId: account,
          id: `${name}-${index}`,
          settledAt: at,
          spentMicros: 10 ** index,
          outcome: 'moderated',
        }),
      );
    }
    const standing = await accounts.standing(account);
    expect(standing.day.micros).toBe(1_100);
    expect((await accounts.spentDays(account)).map(({ micros }) => micros)).toEqual([1, 10, 1_100]);
    expect(await found(account)).toEqual([]);
    spy.mockRestore();
  });

  it('what hits cost is of the day that their entry says', async () => {
    const account = `edge-hits-${name}`;
    await addAccount(account);
    clockAt(edge + 1);
    await accounts.credit(account, [{ ...entryOf(`hits-${name}`, 'hits', -700), at: edge - 1 }]);
    await accounts.credit(account, [{ ...entryOf(`more-${name}`, 'hits', -30), at: edge }]);
    expect(await accounts.standing(account)).toMatchObject({ balanceMicros: -730, day: { micros: 30 } });
    expect(await found(account)).toEqual([]);
  });
});

it('a clock that is a little behind does not begin the last day again', async () => {
  const account = 'edge-behind';
  await addAccount(account);
  const [[, edge]] = edges;
  const { spy } = clockAt(edge - 50);
  await accounts.settle({ accountId: account, id: 'ahead', spent: [{ micros: price, at: edge }], refunds: [] });
  expect((await accounts.standing(account)).day).toEqual({
    name: new Date(edge).toISOString().slice(0, 10),
    micros: price,
  });
  spy.mockRestore();
});
