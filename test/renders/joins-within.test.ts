import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import type { Allowance } from '../../src/core/spending';
import { rendersPort } from '../../src/renders/renders-port';
import { addAccount } from '../support/accounts';
import { afterSeconds } from '../support/clock';
import { joinRequest } from '../support/join-request';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf } from '../support/reserve';
import { countsOf, whenSettled } from '../support/spending';

const joinPriceMicros = 1_000;
const renders = rendersPort(env.RENDERS);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);
const key = (name: string, totalMicros: number | null): Allowance => {
  return { name: `key:${name}`, dayMicros: null, totalMicros, requestsPerMinute: 1 };
};

/** A render of another account that goes on, and how to join it from an account with money for five hundred. */
async function slowRender(account: string, limit: object = { isPrepaid: true }) {
  await addAccount(account, { limits: limit });
  await accounts.credit(account, [entryOf(`top-${account}`, 'top_up', 500_000)]);
  const prompt = `${account} sandbox:slow`;
  const buyer = await joinRequest(`${account}-buyer`, prompt, { joinPriceMicros });
  const begun = await renders.join(buyer);
  const generation = begun.kind === 'bought' ? begun.generation : 0;
  const view = () => renders.view({ ...buyer.handle, generation });
  await vi.waitFor(async () => expect(await view()).toMatchObject({ status: 'rendering' }), 5_000);
  const request = (allowances: readonly Allowance[], order?: string) =>
    joinRequest(account, prompt, { joinPriceMicros, limit, allowances, ...(order === undefined ? {} : { order }) });
  const join = async (allowances: readonly Allowance[], order?: string) =>
    await renders.join(await request(allowances, order));
  const whenMade = () => afterSeconds(21, () => whenSettled(`${account}-buyer`));
  return { generation, request, join, whenMade };
}
const joined = (answers: readonly { readonly kind: string }[]) =>
  answers.filter(({ kind }) => kind === 'joined').length;
const spentBy = async (account: string, names: readonly string[]) =>
  (await accounts.spentWithin(account, names)).map(({ todayMicros, everMicros }) => [todayMicros, everMicros]);

describe('joins that have a price', () => {
  it('keep to what their key may spend, of a hundred at once, and leave another key its own', async () => {
    const { join, whenMade } = await slowRender('within-key');
    const answers = await Promise.all(numbered(100).map((index) => join([key(index % 2 === 0 ? 'a' : 'b', 2_000)])));
    expect(joined(answers)).toBe(4);
    const refused = answers.find((answer) => answer.kind === 'unpaid');
    expect(refused).toMatchObject({
      fault: { code: 'insufficient_credit', message: expect.stringContaining('The whole budget') },
    });
    expect(await accounts.standing('within-key')).toMatchObject({ reservedMicros: 4_000 });
    await whenMade();
    expect(await accounts.standing('within-key')).toMatchObject({ balanceMicros: 496_000, reservedMicros: 0 });
    expect(await spentBy('within-key', ['key:a', 'key:b'])).toEqual(Array(2).fill([2_000, 2_000]));
    expect(await countsOf('within-key')).toEqual({ joined: 4 });
    expect((await differencesFound()).differences.filter(({ subject }) => subject.startsWith('within-key'))).toEqual(
      [],
    );
  }, 60_000);

  it('keep to it though nothing limits their account, and count for a key without limits', async () => {
    const { join, whenMade } = await slowRender('within-open', {});
    expect(joined(await Promise.all(numbered(30).map(() => join([key('a', 2_000)]))))).toBe(2);
    expect(joined(await Promise.all(numbered(3).map(() => join([key('free', null)]))))).toBe(3);
    await whenMade();
    expect(await spentBy('within-open', ['key:a', 'key:free'])).toEqual([
      [2_000, 2_000],
      [3_000, 3_000],
    ]);
  }, 60_000);

  it('give back to their key what they leave', async () => {
    const { generation, request, join, whenMade } = await slowRender('within-left');
    const allowances = [key('a', 1_000)];
    const first = await request(allowances);
    expect((await renders.join(first)).kind).toBe('joined');
    expect((await join(allowances)).kind).toBe('unpaid');
    await renders.cancel({ ...first.handle, generation });
    expect(await accounts.standing('within-left')).toMatchObject({ reservedMicros: 0 });
    expect([(await join(allowances)).kind, (await join(allowances)).kind]).toEqual(['joined', 'unpaid']);
    await whenMade();
    expect(await spentBy('within-left', ['key:a'])).toEqual([[1_000, 1_000]]);
  }, 60_000);

  it('of one order under two keys are paid for once, and what both set aside is free again', async () => {
    const { join, whenMade } = await slowRender('within-order');
    const kinds = [];
    for (const name of ['a', 'b', 'a']) kinds.push((await join([key(name, 1_000)], 'one')).kind);
    expect(kinds).toEqual(['joined', 'joined', 'joined']);
    await whenMade();
    expect(await accounts.standing('within-order')).toMatchObject({ balanceMicros: 499_000, reservedMicros: 0 });
    const spent = await spentBy('within-order', ['key:a', 'key:b']);
    expect(spent.flat().toSorted()).toEqual([0, 0, 1_000, 1_000]);
  }, 60_000);
});
