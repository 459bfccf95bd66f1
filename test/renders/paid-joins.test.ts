import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HoldRequest } from '../../src/accounts/hit-messages';
import { AccountObject } from '../../src/index';
import type { JoinRequest } from '../../src/renders/render-ports';
import { rendersPort } from '../../src/renders/renders-port';
import { addAccount } from '../support/accounts';
import { afterSeconds } from '../support/clock';
import { joinRequest } from '../support/join-request';
import { differencesFound } from '../support/reconciled';
import { accounts, entryOf } from '../support/reserve';
import { countsOf, whenSettled } from '../support/spending';

const joinPriceMicros = 1_000;
const price = 50_000;
const renders = rendersPort(env.RENDERS);
const limit = { isPrepaid: true };
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A prepaid account whose balance pays for so many joins. */
async function payer(account: string, joins: number): Promise<string> {
  await addAccount(account, { limits: limit });
  await accounts.credit(account, [entryOf(`top-${account}`, 'top_up', joins * joinPriceMicros)]);
  return account;
}

/** A render that goes on until {@link afterSeconds} lets time jump. */
async function slowRender(prompt: string): Promise<JoinRequest> {
  const buyer = await joinRequest(`${prompt}-buyer`, `${prompt} sandbox:slow`, { joinPriceMicros });
  await whenRendering(buyer);
  return buyer;
}

/** Once the vendor has accepted it: from then on time may jump. */
async function whenRendering(buyer: JoinRequest): Promise<void> {
  const answer = await renders.join(buyer);
  expect(answer.kind).toBe('bought');
  const handle = { ...buyer.handle, generation: answer.kind === 'bought' ? answer.generation : 0 };
  await vi.waitFor(async () => expect(await renders.view(handle)).toMatchObject({ status: 'rendering' }), 5_000);
}

const joining = (account: string, prompt: string, order?: string) =>
  joinRequest(account, `${prompt} sandbox:slow`, {
    ...{ joinPriceMicros, limit },
    ...(order === undefined ? {} : { order }),
  });

/** Joins one after the other, each as `order` if given; returns the kinds of the answers. */
async function joinInTurn(account: string, prompt: string, orders: readonly (string | undefined)[]) {
  const kinds: string[] = [];
  for (const order of orders) kinds.push((await renders.join(await joining(account, prompt, order))).kind);
  return kinds;
}

const killed = (stub: ReturnType<typeof env.RENDERS.getByName>) =>
  runInDurableObject(stub, (_, state) => state.abort('killed by a test')).catch(() => undefined);

/** Waits for the picture (or for its failure), with time jumping ahead. */
async function whenMade(prompt: string): Promise<void> {
  const { handle } = await joining('', prompt);
  await afterSeconds(21, () => whenSettled(`${prompt}-buyer`));
  expect(await renders.isUnderWay(handle.fingerprint, null)).toBe(false);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a join that has a price', () => {
  it('is let through as often as the balance pays for, of a thousand at once, and nothing is owed afterwards', async () => {
    await payer('paid-thousand', 10);
    await slowRender('paid-thousand');
    const requests = await Promise.all(numbered(1_000).map(() => joining('paid-thousand', 'paid-thousand')));
    const answers = await Promise.all(requests.map((request) => renders.join(request)));
    const joined = answers.filter(({ kind }) => kind === 'joined');
    const codes = new Set(answers.map((answer) => ('fault' in answer ? answer.fault.code : 'none')));
    expect([joined.length, codes]).toEqual([10, new Set(['none', 'insufficient_credit'])]);
    const waiting = { balanceMicros: 10_000, reservedMicros: 10_000, inFlight: 0 };
    expect(await accounts.standing('paid-thousand')).toMatchObject(waiting);
    await whenMade('paid-thousand');
    expect(await accounts.standing('paid-thousand')).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
    expect(await countsOf('paid-thousand')).toEqual({ joined: 10 });
    const { differences } = await differencesFound();
    expect(differences.filter(({ subject }) => subject.startsWith('paid-thousand'))).toEqual([]);
  }, 60_000);

  it('leaves what it will cost to no purchase of its account', async () => {
    await payer('promised', price / joinPriceMicros);
    await slowRender('promised');
    expect(await joinInTurn('promised', 'promised', [undefined])).toEqual(['joined']);
    const purchase = await joinRequest('promised', 'promised to another', { limit });
    expect(await renders.join(purchase)).toMatchObject({ kind: 'refused', fault: { code: 'insufficient_credit' } });
  });

  it('of an order that was without limits once is owed as it was joined first, and what others owe stays set aside', async () => {
    const account = await payer('relaxed', 12);
    await slowRender('relaxed');
    const unlimited = await joinRequest(account, 'relaxed sandbox:slow', { joinPriceMicros, order: 'named' });
    const limited = await joining(account, 'relaxed', 'named');
    const tasks = [];
    for (const request of [unlimited, limited]) {
      const answer = await renders.join(request);
      tasks.push({ ...request.handle, generation: answer.kind === 'joined' ? answer.generation : 0 });
    }
    expect(await accounts.standing(account)).toMatchObject({ reservedMicros: 0 });
    for (const task of tasks) await renders.cancel(task);
    expect(
      await joinInTurn(
        account,
        'relaxed',
        numbered(13).map(() => undefined),
      ),
    ).toEqual([...numbered(12).map(() => 'joined'), 'unpaid']);
    await whenMade('relaxed');
    expect(await accounts.standing(account)).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
  });

  it('keeps to the budget of the day too', async () => {
    await slowRender('daily-joins');
    const ask = async () =>
      renders.join(
        await joinRequest('daily-joins', 'daily-joins sandbox:slow', { joinPriceMicros, limit: { dayMicros: 2_500 } }),
      );
    const kinds = (await Promise.all([ask(), ask(), ask()])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['joined', 'joined', 'unpaid']);
  });

  it('is given back when it leaves, and can be had by another then', async () => {
    await payer('leaving', 2);
    await slowRender('leaving');
    const [first, second] = [await joining('leaving', 'leaving'), await joining('leaving', 'leaving')];
    const answer = await renders.join(first);
    await renders.join(second);
    expect((await renders.join(await joining('leaving', 'leaving'))).kind).toBe('unpaid');
    const generation = answer.kind === 'joined' ? answer.generation : 0;
    await renders.cancel({ ...first.handle, generation });
    await renders.cancel({ ...first.handle, generation });
    expect(await accounts.standing('leaving')).toMatchObject({ balanceMicros: 2_000, reservedMicros: 1_000 });
    expect(await joinInTurn('leaving', 'leaving', [undefined, undefined])).toEqual(['joined', 'unpaid']);
  });

  it('is given back by an end without a picture', async () => {
    await payer('failing', 1);
    const failing = await joinRequest('failing-buyer', 'failing sandbox:error', { joinPriceMicros });
    expect((await renders.join(failing)).kind).toBe('bought');
    const rider = { ...failing.buyer, accountId: 'failing', nonce: 'a'.repeat(14) };
    const asked = { ...failing, buyer: rider, spending: (await joining('failing', '')).spending };
    expect((await renders.join(asked)).kind).toBe('joined');
    expect(await accounts.standing('failing')).toMatchObject({ reservedMicros: 1_000 });
    await whenSettled('failing-buyer');
    expect(await accounts.standing('failing')).toMatchObject({ balanceMicros: 1_000, reservedMicros: 0 });
  });

  it('costs nothing where the picture came while the account was being asked', async () => {
    await payer('paid-late', 2);
    const { handle } = await slowRender('paid-late');
    const { hold } = AccountObject.prototype;
    const asked: HoldRequest[] = [];
    const slowHold = async function (this: AccountObject, request: HoldRequest) {
      asked.push(request);
      if (asked.length === 1) await scheduler.wait(3_000);
      return hold.call(this, request);
    };
    vi.spyOn(AccountObject.prototype, 'hold').mockImplementation(slowHold as never);
    const joined = renders.join(await joining('paid-late', 'paid-late'));
    expect((await afterSeconds(21, () => joined)).kind).toBe('stored');
    expect(asked.map(({ atMost }) => atMost)).toEqual([1, 0]);
    await whenSettled('paid-late-buyer');
    expect(await renders.isUnderWay(handle.fingerprint, null)).toBe(false);
    expect(await accounts.standing('paid-late')).toMatchObject({ balanceMicros: 2_000, reservedMicros: 0 });
  });

  it('heals where the render died between setting money aside and writing who joined', async () => {
    await payer('paid-killed', 2);
    const { fingerprint } = await slowRender('paid-killed');
    const stub = env.RENDERS.getByName(fingerprint);
    const joiner = await joining('paid-killed', 'paid-killed');
    await renders.join(joiner);
    await renders.join(await joining('paid-killed', 'paid-killed'));
    // As if it had died just before the row of the first was written.
    await runInDurableObject(stub, (_, { storage }) => storage.kv.delete(`joiner:${joiner.buyer.nonce}`));
    await killed(stub);
    expect(await accounts.standing('paid-killed')).toMatchObject({ reservedMicros: 2_000 });
    expect(await joinInTurn('paid-killed', 'paid-killed', [undefined, undefined])).toEqual(['joined', 'unpaid']);
    await whenMade('paid-killed');
    expect(await accounts.standing('paid-killed')).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
  });

  it('is charged where it was written without money set aside, as in earlier days', async () => {
    await payer('unheld', 5);
    const { fingerprint } = await slowRender('unheld');
    await runInDurableObject(env.RENDERS.getByName(fingerprint), (_, { storage }) => {
      const row = { accountId: 'unheld', dialect: 'bfl', savedMicros: price, chargedMicros: joinPriceMicros };
      storage.kv.put('joiner:00000000000001', row);
    });
    await killed(env.RENDERS.getByName(fingerprint));
    expect(await joinInTurn('unheld', 'unheld', [undefined])).toEqual(['joined']);
    await whenMade('unheld');
    expect(await accounts.standing('unheld')).toMatchObject({ balanceMicros: 3_000, reservedMicros: 0 });
    expect(await countsOf('unheld')).toEqual({ joined: 2 });
  });
});

describe('an order that joins again', () => {
  it('pays once, however often it is sent, and is not refused for it', async () => {
    await payer('repeats', 2);
    await slowRender('repeats');
    const kinds = await joinInTurn('repeats', 'repeats', ['one', 'one', 'two', 'two', 'one', 'three', undefined]);
    expect(kinds).toEqual(['joined', 'joined', 'joined', 'joined', 'joined', 'unpaid', 'unpaid']);
    await whenMade('repeats');
    expect(await accounts.standing('repeats')).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
  });

  it('pays once at once too, and still where the first of it has left', async () => {
    await payer('riders', 1);
    await slowRender('riders');
    const requests = await Promise.all(numbered(20).map(() => joining('riders', 'riders', 'one')));
    const answers = await Promise.all(requests.map((request) => renders.join(request)));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['joined']));
    for (const [index, answer] of answers.slice(0, 19).entries()) {
      const { handle } = requests[index] ?? requests[0] ?? (await joining('', ''));
      await renders.cancel({ ...handle, generation: answer.kind === 'joined' ? answer.generation : 0 });
    }
    expect(await accounts.standing('riders')).toMatchObject({ reservedMicros: 1_000 });
    await whenMade('riders');
    expect(await accounts.standing('riders')).toMatchObject({ balanceMicros: 0 });
  });

  it('costs its buyer nothing, and another account with an order of that name its price', async () => {
    const buyer = await joinRequest('own-buyer', 'own sandbox:slow', { joinPriceMicros, order: 'mine', limit });
    await accounts.credit('own-buyer', [entryOf('top-own', 'top_up', price)]);
    await payer('own-other', 0);
    await whenRendering(buyer);
    expect(await joinInTurn('own-buyer', 'own', ['mine', 'mine', 'other'])).toEqual(['joined', 'joined', 'unpaid']);
    expect(await joinInTurn('own-other', 'own', ['mine'])).toEqual(['unpaid']);
    const atOnce = [await joining('own-buyer', 'own', 'other'), await joining('own-buyer', 'own', 'mine')];
    await accounts.credit('own-buyer', [entryOf('more-own', 'top_up', joinPriceMicros)]);
    const kinds = (await Promise.all(atOnce.map((request) => renders.join(request)))).map(({ kind }) => kind);
    expect(kinds).toEqual(['joined', 'joined']);
    expect(await accounts.standing('own-buyer')).toMatchObject({ reservedMicros: price + joinPriceMicros });
    await whenMade('own');
    expect(await accounts.standing('own-buyer')).toMatchObject({ balanceMicros: 0, reservedMicros: 0 });
  });
});
