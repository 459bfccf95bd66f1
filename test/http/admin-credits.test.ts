import { describe, expect, it } from 'vitest';
import { purchasesOf } from '../support/accounts';
import { accountWithKey, admin, administered, allPages } from '../support/admin-caller';
import { fingerprintIn, made } from '../support/bfl-caller';
import { call } from '../support/front-door';
import { purchase, record } from '../support/ledger-rows';

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly micros: number;
  readonly note: string;
  readonly purchase_id: string | null;
  readonly at: string;
}
interface Credit {
  readonly object: 'credit';
  readonly entries: readonly Entry[];
  readonly balance_micros: number;
}
const book = (account: string, json: object, idempotencyKey?: string) =>
  admin(`accounts/${account}/credits`, {
    json,
    ...(idempotencyKey === undefined ? {} : { headers: { 'idempotency-key': idempotencyKey } }),
  });
const booked = async (account: string, json: object, idempotencyKey?: string) => {
  const response = await book(account, json, idempotencyKey);
  if (response.status !== 201) throw new Error(`Answered ${response.status}: ${await response.text()}`);
  return await response.json<Credit>();
};
const balanceOf = async (account: string) =>
  (await administered<{ standing: { balance_micros: number } }>(`accounts/${account}`)).standing.balance_micros;

describe('a top-up', () => {
  it('is an entry, and its fee another, rounded up', async () => {
    await accountWithKey('topped');
    const { entries, balance_micros: balance } = await booked('topped', {
      kind: 'top_up',
      micros: 1_000_001,
      fee_percent: 5.5,
      note: 'invoice 7',
    });
    expect(entries.map(({ kind, micros }) => [kind, micros])).toEqual([
      ['top_up', 1_000_001],
      ['fee', -55_001],
    ]);
    expect([entries[0]?.note, entries[1]?.note]).toEqual(['invoice 7', expect.stringContaining('rounded up')]);
    expect([balance, await balanceOf('topped')]).toEqual([945_000, 945_000]);
    expect((await allPages<Entry>('accounts/topped/credits', 1)).map(({ id }) => id).toSorted()).toEqual(
      entries.map(({ id }) => id).toSorted(),
    );
  });

  it('is booked once however often it is sent under one key, at once or later', async () => {
    await accountWithKey('repeated');
    const order = { kind: 'top_up', micros: 100, fee_percent: 10 };
    const answers = await Promise.all([1, 2, 3, 4].map(() => booked('repeated', order, 'invoice-8')));
    const later = await booked('repeated', order, 'invoice-8');
    expect(new Set([...answers, later].map(({ entries }) => entries.map(({ id }) => id).join())).size).toBe(1);
    expect(await balanceOf('repeated')).toBe(90);
    expect(await allPages('accounts/repeated/credits', 10)).toHaveLength(2);
    expect((await booked('repeated', order, 'invoice-9')).balance_micros).toBe(180);
    expect((await booked('repeated', order)).balance_micros).toBe(270);
  });

  it('is refused under a key that stands for another one', async () => {
    await accountWithKey('reused');
    await booked('reused', { kind: 'top_up', micros: 100 }, 'same');
    for (const other of [
      { kind: 'top_up', micros: 101 },
      { kind: 'adjustment', micros: 100 },
    ])
      expect((await book('reused', other, 'same')).status).toBe(409);
    expect(await balanceOf('reused')).toBe(100);
  });

  it('under the same key is another one for another account', async () => {
    await accountWithKey('mine');
    await accountWithKey('yours');
    const order = { kind: 'top_up', micros: 5 };
    const [mine, yours] = [await booked('mine', order, 'shared'), await booked('yours', order, 'shared')];
    expect([mine.balance_micros, yours.balance_micros]).toEqual([5, 5]);
    expect(mine.entries[0]?.id).not.toBe(yours.entries[0]?.id);
  });
});

describe('an adjustment', () => {
  it('goes both ways, below zero too', async () => {
    await accountWithKey('adjusted');
    expect((await booked('adjusted', { kind: 'adjustment', micros: 40 })).balance_micros).toBe(40);
    expect((await booked('adjusted', { kind: 'adjustment', micros: -100 })).balance_micros).toBe(-60);
  });
});

describe('a refund', () => {
  it('is for a purchase of that account, at most what it spent, and once', async () => {
    const { key } = await accountWithKey('refunded');
    const { sample } = await made({ prompt: 'to be refunded', seed: 1 }, { key });
    const [row] = await purchasesOf(fingerprintIn(sample));
    const { id = '', spent_micros: spent = 0 } = row ?? {};
    const refund = { kind: 'refund', micros: spent, purchase_id: id };
    expect((await book('refunded', { ...refund, micros: spent + 1 })).status).toBe(400);
    const before = await balanceOf('refunded');
    const { entries, balance_micros: balance } = await booked('refunded', refund);
    expect(entries).toMatchObject([{ id: `refund-${id}`, micros: spent, purchase_id: id }]);
    expect(balance).toBe(before + spent);
    expect((await booked('refunded', refund)).balance_micros).toBe(balance);
    expect((await booked('refunded', refund, 'with a key')).balance_micros).toBe(balance);
    expect((await book('refunded', { ...refund, micros: 1 })).status).toBe(409);
    await accountWithKey('envious');
    expect((await book('envious', refund)).status).toBe(400);
    expect((await book('refunded', { ...refund, purchase_id: 'nothing' })).status).toBe(400);
  });

  it('takes the purchase as the list of tasks has it, or the task, which is the same refund', async () => {
    const { key } = await accountWithKey('refunded-by-task');
    await made({ prompt: 'to be refunded by its task', seed: 1 }, { key });
    const [task] = (await (await call('/v1/tasks', { key })).json<{ data: { id: string; purchase: string }[] }>()).data;
    const { id = '', purchase: bought = '' } = task ?? {};
    const refund = { kind: 'refund', micros: 20_000 };
    const byTask = await booked('refunded-by-task', { ...refund, purchase_id: id });
    expect(byTask.entries).toMatchObject([{ id: `refund-${bought}`, micros: 20_000, purchase_id: bought }]);
    const again = await booked('refunded-by-task', { ...refund, purchase_id: bought });
    expect(again.balance_micros).toBe(byTask.balance_micros);
    await accountWithKey('envious-of-a-task');
    expect((await book('envious-of-a-task', { ...refund, purchase_id: id })).status).toBe(400);
  });

  it('of a task is that of its picture, not of what was lost on the way to it', async () => {
    await accountWithKey('refunded-after-loss');
    const row = { accountId: 'refunded-after-loss', task: 'twice-bought' };
    await record(purchase({ ...row, id: 'x-1-lost-1', outcome: 'unknown' }), purchase({ ...row, id: 'x-1' }));
    const refund = { kind: 'refund', micros: 1, purchase_id: 'twice-bought' };
    expect((await booked('refunded-after-loss', refund)).entries).toMatchObject([{ purchase_id: 'x-1' }]);
  });
});

it.each([
  ['another kind', { kind: 'gift', micros: 1 }],
  ['no kind', { micros: 1 }],
  ['an entry that only the service makes', { kind: 'fee', micros: -1 }],
  ['a top-up of nothing', { kind: 'top_up', micros: 0 }],
  ['a top-up below zero', { kind: 'top_up', micros: -5 }],
  ['a fraction', { kind: 'top_up', micros: 1.5 }],
  ['a text', { kind: 'top_up', micros: '100' }],
  ['more than a million dollars', { kind: 'top_up', micros: 1e12 + 1 }],
  ['a fee above all of it', { kind: 'top_up', micros: 1, fee_percent: 101 }],
  ['a fee below zero', { kind: 'top_up', micros: 1, fee_percent: -1 }],
  ['a fee on an adjustment', { kind: 'adjustment', micros: 1, fee_percent: 1 }],
  ['an adjustment by nothing', { kind: 'adjustment', micros: 0 }],
  ['a refund of no purchase', { kind: 'refund', micros: 1 }],
  ['a refund below zero', { kind: 'refund', micros: -1, purchase_id: 'x' }],
  ['a note that is a book', { kind: 'top_up', micros: 1, note: 'x'.repeat(501) }],
  ['an unknown field', { kind: 'top_up', micros: 1, id: 'credit-1' }],
])('a credit is refused with %s', async (_name, json) => {
  await admin('accounts', { json: { id: 'uncredited', name: 'x' } });
  expect((await book('uncredited', json)).status).toBe(400);
  expect(await balanceOf('uncredited')).toBe(0);
});
