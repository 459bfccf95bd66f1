import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { AccountObject } from '../../src/index';
import { addAccount } from '../support/accounts';
import { call } from '../support/front-door';
import { accounts, entryOf, reserveRequest } from '../support/reserve';

const settle = (accountId: string, id: string, spentMicros: number) =>
  accounts.settle({ accountId, id, spent: [{ micros: spentMicros, at: Date.now() }], refunds: [] });

describe('the Account object', () => {
  it('admits ten of a thousand at once on a budget for ten, whatever kind of budget it is', async () => {
    await accounts.credit('prepaid', [entryOf('t', 'top_up', 1_000_000)]);
    const budgets = [
      ['prepaid', { isPrepaid: true }],
      ['daily', { dayMicros: 1_000_000 }],
      ['monthly', { monthMicros: 1_000_000 }],
      ['flights', { rendersInFlight: 10 }],
      ['rate', { requestsPerMinute: 10 }],
    ] as const;
    for (const [account, limit] of budgets) {
      const asked = Array.from({ length: 1_000 }, (_, index) =>
        accounts.reserve(account, reserveRequest(`${account}-${index}`, { limit })),
      );
      const verdicts = await Promise.all(asked);
      expect(
        verdicts.filter(({ kind }) => kind === 'admitted'),
        account,
      ).toHaveLength(10);
    }
  });

  it('knows a reservation again, and settles it once', async () => {
    await accounts.reserve('once', reserveRequest('a'));
    await accounts.reserve('once', reserveRequest('a'));
    expect(await accounts.standing('once')).toMatchObject({ reservedMicros: 100_000, inFlight: 1 });
    await Promise.all([settle('once', 'a', 70_000), settle('once', 'a', 70_000), settle('once', 'a', 70_000)]);
    const standing = { reservedMicros: 0, inFlight: 0, spentMicros: 70_000, balanceMicros: -70_000 };
    expect(await accounts.standing('once')).toMatchObject(standing);
    await accounts.reserve('once', reserveRequest('a'));
    expect(await accounts.standing('once')).toMatchObject(standing);
  });

  it('counts what is settled although its reservation is unknown or has run out, and heals what nobody settles', async () => {
    await settle('late', 'never-reserved', 30_000);
    await accounts.reserve('late', reserveRequest('short', { lifetimeMs: 1 }));
    await scheduler.wait(5);
    expect(await accounts.standing('late')).toMatchObject({ inFlight: 0, reservedMicros: 0, spentMicros: 30_000 });
    await settle('late', 'short', 20_000);
    expect(await accounts.standing('late')).toMatchObject({ spentMicros: 50_000 });
  });

  it('sets free what a render had set aside that was killed before it began, once its picture is asked for again', async () => {
    const fingerprint = 'the one picture';
    const limit = { rendersInFlight: 1 };
    await accounts.reserve('orphan', reserveRequest('killed', { fingerprint, limit }));
    expect(await accounts.reserve('orphan', reserveRequest('other', { limit }))).toMatchObject({ kind: 'too-many' });
    const again = reserveRequest('again', { fingerprint, limit });
    expect(await accounts.reserve('orphan', again)).toMatchObject({ kind: 'admitted' });
    expect(await accounts.openTasks('orphan')).toMatchObject([{ task: 'task-again' }]);
    await evictDurableObject(env.ACCOUNTS.getByName('orphan'));
    expect(await accounts.standing('orphan')).toMatchObject({ inFlight: 1, reservedMicros: 100_000 });
  });

  it('knows everything again after it was evicted', async () => {
    const limit = { dayMicros: 250_000 };
    await accounts.reserve('evicted', reserveRequest('a', { limit }));
    await accounts.reserve('evicted', reserveRequest('b', { limit }));
    await settle('evicted', 'a', 100_000);
    await accounts.credit('evicted', [entryOf('x', 'top_up', 5)]);
    const before = await accounts.standing('evicted');
    await evictDurableObject(env.ACCOUNTS.getByName('evicted'));
    expect(await accounts.standing('evicted')).toEqual(before);
    expect(await accounts.reserve('evicted', reserveRequest('c', { limit }))).toMatchObject({ kind: 'over-budget' });
    expect(await accounts.openTasks('evicted')).toMatchObject([{ task: 'task-b', dialect: 'bfl', keyId: 'key_1' }]);
  });

  it('holds a key to its own part of the budget, and only that key', async () => {
    const allowances = [{ name: 'key:browser', dayMicros: 100_000, totalMicros: null, requestsPerMinute: null }];
    expect(await accounts.reserve('parts', reserveRequest('a', { allowances }))).toMatchObject({ kind: 'admitted' });
    expect(await accounts.reserve('parts', reserveRequest('b', { allowances }))).toMatchObject({ kind: 'over-budget' });
    await settle('parts', 'a', 100_000);
    expect(await accounts.reserve('parts', reserveRequest('c', { allowances }))).toMatchObject({ kind: 'over-budget' });
    expect(await accounts.reserve('parts', reserveRequest('d'))).toMatchObject({ kind: 'admitted' });
  });

  it('admits all pictures of an order or none', async () => {
    const order = (id: string, pictures: number, dayMicros: number) =>
      Promise.all(
        Array.from({ length: pictures }, (_, index) =>
          accounts.reserve(
            `order-${id}`,
            reserveRequest(`${id}-${index}`, { limit: { dayMicros }, order: { id, pictures } }),
          ),
        ),
      );
    expect((await order('short', 4, 399_999)).map(({ kind }) => kind)).toEqual(Array(4).fill('over-budget'));
    expect((await order('enough', 4, 400_000)).map(({ kind }) => kind)).toEqual(Array(4).fill('admitted'));
  });

  it('books an entry once, here and in the ledger, and its balance is their sum less what was spent', async () => {
    const entries = [entryOf('top', 'top_up', 1_000_000), entryOf('fee', 'fee', -50_000)];
    await accounts.credit('books', entries);
    await accounts.credit('books', entries);
    await settle('books', 'p', 70_000);
    const refunds = [{ ...entryOf('refund-p', 'refund', 70_000), purchaseId: 'p' }];
    await accounts.settle({ accountId: 'books', id: 'q', spent: [{ micros: 70_000, at: Date.now() }], refunds });
    expect(await accounts.standing('books')).toMatchObject({ balanceMicros: 880_000, spentMicros: 140_000 });
    const rows = await env.LEDGER.prepare("SELECT id, micros FROM credit_entries WHERE account_id = 'books'").all();
    expect(rows.results).toHaveLength(3);
  });

  it('counts hits that have a price against the budgets', async () => {
    await accounts.credit('hits', [entryOf('h', 'hits', -40_000)]);
    expect(await accounts.standing('hits')).toMatchObject({ balanceMicros: -40_000, day: { micros: 40_000 } });
    const limit = { dayMicros: 100_000 };
    expect(await accounts.reserve('hits', reserveRequest('a', { limit }))).toMatchObject({ leftMicros: 60_000 });
  });

  it('goes on by its alarm until the ledger has every entry', async () => {
    const stub = env.ACCOUNTS.getByName('outbox');
    await runInDurableObject(stub, async (object: AccountObject) => {
      const ports = Reflect.get(object, 'ports') as { record: unknown };
      const { record } = ports;
      ports.record = async () => {
        throw new Error('D1_ERROR: overloaded');
      };
      await object.credit('outbox', [entryOf('o', 'top_up', 1)]);
      ports.record = record;
    });
    const count = () => env.LEDGER.prepare("SELECT id FROM credit_entries WHERE account_id = 'outbox'").all();
    expect((await count()).results).toHaveLength(0);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect((await count()).results).toHaveLength(1);
    expect(await accounts.standing('outbox')).toMatchObject({ balanceMicros: 1 });
  });

  it.each(['credited', 'refunded'])(
    'tells the ledger what was %s although it was killed while it told it',
    async (how) => {
      const account = `cut-${how}`;
      const stub = env.ACCOUNTS.getByName(account);
      await runInDurableObject(stub, async (object: AccountObject) => {
        Object.assign(Reflect.get(object, 'ports') as object, { record: () => new Promise(() => undefined) });
        const entry = entryOf(`e-${how}`, 'refund', 5);
        const told =
          how === 'credited'
            ? object.credit(account, [entry])
            : object.settle({ accountId: account, id: 'p', spent: [{ micros: 5, at: Date.now() }], refunds: [entry] });
        await Promise.race([told, scheduler.wait(20)]);
      });
      await evictDurableObject(stub);
      expect(await runDurableObjectAlarm(stub)).toBe(true);
      const rows = await env.LEDGER.prepare('SELECT id FROM credit_entries WHERE account_id = ?1').bind(account).all();
      expect(rows.results).toEqual([{ id: `e-${how}` }]);
    },
  );

  it('binds an idempotency key to one order, and remembers the seed that was drawn for one', async () => {
    const claims = await Promise.all(['x', 'x', 'y'].map((digest) => accounts.claim('keys', 'key', digest)));
    expect(claims).toEqual([true, true, false]);
    expect(await accounts.seedOf('keys', 'order')).toBeNull();
    await accounts.reserve('keys', reserveRequest('a', { drawn: { digest: 'order', seed: 7 } }));
    expect(await accounts.seedOf('keys', 'order')).toBe(7);
  });

  it('frees what a killed render had set aside soon after a start, and not what goes on', async () => {
    const key = await addAccount('doubts', { limits: { dayMicros: 10_000_000 } });
    const slow = await call('/v1/flux-2-flex', { key, json: { prompt: 'sandbox:slow doubts', width: 64, height: 64 } });
    expect(slow.status).toBe(200);
    await accounts.reserve(
      'doubts',
      reserveRequest(`${'e'.repeat(64)}-00112233445566`, { fingerprint: 'e'.repeat(64) }),
    );
    expect(await accounts.standing('doubts')).toMatchObject({ inFlight: 2 });
    const stub = env.ACCOUNTS.getByName('doubts');
    await evictDurableObject(stub);
    expect(await accounts.standing('doubts')).toMatchObject({ inFlight: 2 });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await accounts.openTasks('doubts')).toMatchObject([{ dialect: 'bfl' }]);
    const { id } = await slow.json<{ id: string }>();
    await call(`/v1/tasks/${id}`, { key, method: 'DELETE' });
  });
});
