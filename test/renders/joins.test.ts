import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Provider } from '../../src/core/provider';
import { UsageLedger } from '../../src/storage/usage-ledger';
import { addAccount, purchasesOf } from '../support/accounts';
import { smallPicture, submit, submitted } from '../support/bfl-caller';
import { changeProvider } from '../support/changed-provider';
import { afterSeconds } from '../support/clock';
import { call } from '../support/front-door';
import { hitPrice, pricedOrder } from '../support/priced-order';
import type { QuoteAnswer } from '../support/purchase';
import { accounts, entryOf } from '../support/reserve';
import { countsOf, rowsOf, whenSettled } from '../support/spending';
import { cancelled, taskAt, taskOf } from '../support/task-caller';

const price = 50_000;
const { record } = UsageLedger.prototype;
const sourceOf = (response: Response) => response.headers.get('x-fluxgate-source');
const quotedBy = async (body: object) =>
  (await call('/v1/quote?dialect=bfl', { json: { ...smallPicture, ...body } })).json<QuoteAnswer>();
const savedBy = async (account: string) => {
  const statement = `SELECT ifnull(sum(saved_micros), 0) AS saved, ifnull(sum(charged_micros), 0) AS charged
    FROM daily_counts WHERE account_id = ?1`;
  return await env.LEDGER.prepare(statement).bind(account).first<{ saved: number; charged: number }>();
};
const chargesOf = async (account: string) => {
  const statement = "SELECT micros FROM credit_entries WHERE account_id = ?1 AND kind = 'hits'";
  return (await env.LEDGER.prepare(statement).bind(account).all<{ micros: number }>()).results;
};

afterEach(() => {
  vi.restoreAllMocks();
});

/** A prepaid account whose balance pays for a picture and four joins. */
async function joiningAccount(id: string): Promise<string> {
  const key = await addAccount(id, { limits: { isPrepaid: true } });
  await accounts.credit(id, [entryOf(`top-${id}`, 'top_up', price + 4 * hitPrice)]);
  return key;
}
const fiveAtOnce = (key: string, prompt: string) =>
  Promise.all(Array.from({ length: 5 }, () => pricedOrder(key, prompt)));

describe('joining a render', () => {
  it('that makes its picture saves its price and costs what a hit costs, for every one that joined', async () => {
    const key = await joiningAccount('joins-ready');
    const answers = await fiveAtOnce(key, 'joined by four');
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.map(sourceOf).toSorted()).toEqual(['bought', 'joined', 'joined', 'joined', 'joined']);
    expect(await whenSettled('joins-ready')).toMatchObject({
      ...{ balanceMicros: 0, spentMicros: price },
      day: { micros: price + 4 * hitPrice },
    });
    expect(await countsOf('joins-ready')).toEqual({ joined: 4 });
    expect(await savedBy('joins-ready')).toEqual({ saved: 4 * price, charged: 4 * hitPrice });
    expect(await chargesOf('joins-ready')).toEqual([{ micros: -4 * hitPrice }]);
  });

  it.each(['sandbox:error', 'sandbox:moderated-output', 'sandbox:moderated-request', 'sandbox:unknown'])(
    'that ends with %s saves nothing and costs nothing',
    async (trigger) => {
      const account = `joins-${trigger.slice(8)}`;
      const key = await joiningAccount(account);
      const answers = await fiveAtOnce(key, `joined, and ${trigger}`);
      expect(answers.filter(({ ok }) => ok)).toEqual([]);
      const { balanceMicros, creditedMicros, spentMicros } = await whenSettled(account);
      expect(await countsOf(account)).toEqual({});
      expect(await chargesOf(account)).toEqual([]);
      const kept = trigger === 'sandbox:moderated-output' ? price : 0;
      expect([balanceMicros, creditedMicros - spentMicros]).toEqual(Array(2).fill(price + 4 * hitPrice - kept));
    },
  );

  it('is counted and charged once, though the ledger’s answer was lost and its next one never came', async () => {
    const key = await joiningAccount('joins-retried');
    let tries = 0;
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementation(async function (this: UsageLedger, ...given) {
      tries += 1;
      if (tries !== 2) await record.apply(this, given);
      if (tries < 3) throw new Error('D1_ERROR: Network connection lost.');
    });
    await fiveAtOnce(key, 'joined, and settled three times');
    await vi.waitFor(() => expect(tries).toBe(3), { timeout: 5_000 });
    expect(await whenSettled('joins-retried')).toMatchObject({ balanceMicros: 0 });
    expect(await savedBy('joins-retried')).toEqual({ saved: 4 * price, charged: 4 * hitPrice });
    expect([await rowsOf('joins-retried'), await chargesOf('joins-retried')]).toMatchObject([[{}], [{}]]);
  });

  it('is counted and charged once, though the render is killed after it told the ledger', async () => {
    const key = await joiningAccount('joins-killed');
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementationOnce(async function (this: UsageLedger, ...given) {
      await record.apply(this, given);
      // Only death ends it.
      await scheduler.wait(120_000);
    });
    const answers = fiveAtOnce(key, 'joined, and killed');
    const told = async () => expect(await rowsOf('joins-killed')).toHaveLength(1);
    await vi.waitFor(told, { timeout: 20_000, interval: 20 });
    const [row] = await rowsOf('joins-killed');
    const render = env.RENDERS.getByName(row?.fingerprint ?? '');
    // Never awaited: the object that would answer is dead.
    runInDurableObject(render, (_, state) => state.abort('killed by a test')).catch(() => undefined);
    expect((await answers).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await vi.waitFor(async () => expect(await chargesOf('joins-killed')).toHaveLength(1), { timeout: 10_000 });
    expect(await whenSettled('joins-killed')).toMatchObject({ balanceMicros: 0 });
    expect(await savedBy('joins-killed')).toEqual({ saved: 4 * price, charged: 4 * hitPrice });
    expect(await countsOf('joins-killed')).toEqual({ joined: 4 });
  }, 60_000);

  it('is a hit once the picture is stored, while the ledger is being told', async () => {
    const key = await joiningAccount('joins-late');
    let isAway = true;
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementation(async function (this: UsageLedger, ...given) {
      if (isAway) throw new Error('D1_ERROR: overloaded');
      await record.apply(this, given);
    });
    expect(sourceOf(await pricedOrder(key, 'asked for while it is settled'))).toBe('bought');
    expect(sourceOf(await pricedOrder(key, 'asked for while it is settled'))).toBe('hit');
    isAway = false;
    await vi.waitFor(async () => expect(await rowsOf('joins-late')).toHaveLength(1), { timeout: 10_000 });
    expect(await countsOf('joins-late')).toEqual({ hit: 1 });
    expect(await whenSettled('joins-late')).toMatchObject({ balanceMicros: 3 * hitPrice });
  });

  it('and leaving it saves nothing, and costs nothing', async () => {
    const [key, other] = [await addAccount('joins-left'), await addAccount('joins-stayed')];
    const body = { prompt: 'joins: left sandbox:slow', seed: 1 };
    const bought = await submitted(body, { key });
    const [mine, theirs] = [await submitted(body, { key }), await submitted(body, { key: other })];
    await taskAt(bought.id, 'rendering', { key });
    await cancelled(mine.id, { key });
    expect((await afterSeconds(21, () => taskAt(theirs.id, 'ready', { key: other }))).status).toBe('ready');
    await whenSettled('joins-left');
    expect([await countsOf('joins-left'), await countsOf('joins-stayed')]).toEqual([{}, { joined: 1 }]);
    expect((await taskOf(mine.id, { key })).status).toBe('cancelled');
  });

  it('is refused to who cannot pay for it, and then keeps no render from being stopped', async () => {
    const [buyer, broke] = [
      await addAccount('joins-buyer'),
      await addAccount('joins-broke', { limits: { isPrepaid: true } }),
    ];
    const bought = await submitted({ prompt: 'joins: broke sandbox:slow', seed: 1 }, { key: buyer });
    await taskAt(bought.id, 'rendering', { key: buyer });
    expect((await pricedOrder(broke, 'joins: broke sandbox:slow')).status).toBe(402);
    await cancelled(bought.id, { key: buyer });
    expect(await whenSettled('joins-buyer')).toMatchObject({ spentMicros: 0 });
    expect(await rowsOf('joins-buyer')).toMatchObject([{ outcome: 'cancelled', spent_micros: 0 }]);
    expect([await countsOf('joins-broke'), await chargesOf('joins-broke')]).toEqual([{}, []]);
  });
});

describe('a buyer that cancels', () => {
  it('pays for the picture where others joined, who get it, and it is one purchase', async () => {
    const [key, other] = [await addAccount('cancels-joined'), await addAccount('cancels-others')];
    const body = { prompt: 'cancels: joined sandbox:slow', seed: 1 };
    const mine = await submitted(body, { key });
    const theirs = await submitted(body, { key: other });
    await taskAt(theirs.id, 'rendering', { key: other });
    expect((await cancelled(mine.id, { key })).status).toBe('cancelled');
    const { status, fingerprint } = await afterSeconds(21, () => taskAt(theirs.id, 'ready', { key: other }));
    expect(status).toBe('ready');
    expect(await whenSettled('cancels-joined')).toMatchObject({ spentMicros: price });
    expect(await purchasesOf(fingerprint)).toMatchObject([{ account_id: 'cancels-joined', spent_micros: price }]);
    expect(await countsOf('cancels-others')).toEqual({ joined: 1 });
    // It is the buyer's all the same: asked for again, it is there.
    expect(sourceOf(await submit(body, { key }))).toBe('hit');
  });

  /** Cancels an order while the vendor is being asked for it; the vendor differs as told. */
  async function cancelledWhileSent(account: string, prompt: string, changes: Partial<Provider>) {
    const key = await addAccount(account);
    const body = { prompt, seed: 1 };
    const { pictures } = await quotedBy(body);
    await changeProvider(pictures[0]?.fingerprint ?? '', ({ submit: send }) => ({
      submit: async (...given) => {
        await scheduler.wait(400);
        return await send(...given);
      },
      ...changes,
    }));
    const { id } = await submitted(body, { key });
    await taskAt(id, 'rendering', { key });
    expect((await cancelled(id, { key })).status).toBe('cancelled');
    expect(await rowsOf(account)).toEqual([]);
    await whenSettled(account);
    expect((await taskOf(id, { key })).status).toBe('cancelled');
    return { key, body, rows: await rowsOf(account) };
  }

  it('while the vendor is being asked is not charged, where the vendor can be stopped once it accepted', async () => {
    const { rows } = await cancelledWhileSent('cancels-sent', 'cancels: sent sandbox:slow', {});
    expect(rows).toMatchObject([{ outcome: 'cancelled', spent_micros: 0 }]);
  });

  it('while the vendor is being asked pays for the picture, where the vendor cannot be stopped', async () => {
    const sent = await cancelledWhileSent('cancels-late', 'cancels: too late', { cancel: null });
    expect(sent.rows).toMatchObject([{ outcome: 'ready', spent_micros: price }]);
    expect(sourceOf(await submit(sent.body, { key: sent.key }))).toBe('hit');
  });
});
