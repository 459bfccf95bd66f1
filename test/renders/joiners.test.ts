import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { withoutLimits } from '../../src/core/spending';
import type { RenderObject } from '../../src/index';
import type { JoinRequest } from '../../src/renders/render-ports';
import type { Joiner, RenderRecord } from '../../src/renders/render-record';
import { UsageLedger } from '../../src/storage/usage-ledger';
import { addAccount } from '../support/accounts';
import { submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { purchase } from '../support/ledger-rows';
import { entryOf, accounts as ledgers } from '../support/reserve';
import { countsOf, rowsOf, whenSettled } from '../support/spending';
import { cancelled, taskAt, taskOf } from '../support/task-caller';

interface Inside {
  readonly render: RenderObject;
  readonly storage: DurableObjectStorage;
  readonly record: RenderRecord;
}

/** A slow render of an account's, while the vendor makes it. */
async function slowRender(account: string) {
  const key = await addAccount(account);
  const { id } = await submitted({ prompt: `${account} sandbox:slow`, seed: 1 }, { key });
  const { fingerprint } = await taskAt(id, 'rendering', { key });
  const inside = <Answer>(work: (inside: Inside) => Promise<Answer>): Promise<Answer> =>
    runInDurableObject(env.RENDERS.getByName(fingerprint), (render: RenderObject, { storage }) => {
      const record = storage.kv.get<RenderRecord>('render');
      if (record === undefined) throw new Error('The render stored nothing.');
      return work({ render, storage, record });
    });
  return { key, id, fingerprint, inside };
}

const joining = ({ fingerprint, request, buyer, plan, handle }: RenderRecord, nonce: string): JoinRequest => ({
  ...{ fingerprint, request, plan, handle, isRetry: false, joinPriceMicros: 0 },
  buyer: { ...buyer, nonce },
  spending: { limits: withoutLimits, allowances: [], order: { id: nonce, pictures: 1 }, drawn: null },
});
const joiner = (accountId: string, dialect: string, chargedMicros = 0): Joiner => ({
  ...{ accountId, dialect, savedMicros: 50_000, chargedMicros },
});
const nonces = (count: number) => Array.from({ length: count }, (_, index) => index.toString(16).padStart(14, '0'));

describe('a render that many join and leave', () => {
  it('stores no more of itself than before, and knows each who left', async () => {
    const { inside } = await slowRender('leavers-many');
    const grown = await inside(async ({ render, storage, record }) => {
      const statuses = new Set<string | undefined>();
      for (const nonce of nonces(300)) {
        await render.join(joining(record, nonce));
        await render.cancel(record.generation, nonce);
        statuses.add(render.view(record.generation, nonce)?.status);
      }
      const after = JSON.stringify(storage.kv.get('render')).length - JSON.stringify(record).length;
      return { after, statuses: [...statuses], buyer: render.view(record.generation, record.buyer.nonce)?.status };
    });
    expect(grown).toEqual({ after: 0, statuses: ['cancelled'], buyer: 'rendering' });
  });

  it('is made for its buyer, who alone pays, and each who left stays cancelled', async () => {
    const { key, id, inside } = await slowRender('leavers-paid');
    const other = await addAccount('leavers-other');
    const left = await submitted({ prompt: 'leavers-paid sandbox:slow', seed: 1 }, { key: other });
    await cancelled(left.id, { key: other });
    await inside(async ({ render, record }) => {
      await render.cancel(record.generation, 'never joined');
    });
    expect((await afterSeconds(21, () => taskAt(id, 'ready', { key }))).status).toBe('ready');
    await whenSettled('leavers-paid');
    expect(await rowsOf('leavers-paid')).toMatchObject([{ outcome: 'ready' }]);
    expect(await countsOf('leavers-other')).toEqual({});
    expect((await taskOf(left.id, { key: other })).status).toBe('cancelled');
  });

  it('is stopped once its buyer has left too, and not before the last of them', async () => {
    const { key, id, inside } = await slowRender('leavers-all');
    await inside(async ({ render, record }) => {
      for (const nonce of nonces(3)) await render.join(joining(record, nonce));
      for (const nonce of nonces(2)) await render.cancel(record.generation, nonce);
    });
    await cancelled(id, { key });
    expect(await rowsOf('leavers-all')).toEqual([]);
    const last = await inside(async ({ render, record }) => {
      const staying = render.view(record.generation, nonces(3)[2] ?? '')?.status;
      await render.cancel(record.generation, nonces(3)[2] ?? '');
      return staying;
    });
    expect(last).toBe('rendering');
    await whenSettled('leavers-all');
    expect(await rowsOf('leavers-all')).toMatchObject([{ outcome: 'cancelled', spent_micros: 0 }]);
  });

  it('goes on from a record that names all who left, as it was stored in earlier days', async () => {
    const { key, id, fingerprint, inside } = await slowRender('leavers-earlier');
    await inside(async ({ storage, record }) => {
      for (const nonce of nonces(40)) storage.kv.put(`joiner:${nonce}`, joiner('leavers-gone', 'bfl'));
      storage.kv.put('render', { ...record, cancelled: nonces(40) });
    });
    const stub = env.RENDERS.getByName(fingerprint);
    await runInDurableObject(stub, (_, state) => state.abort('killed by a test')).catch(() => undefined);
    const seen = await inside(async ({ render, record }) => render.view(record.generation, nonces(1)[0] ?? '')?.status);
    expect(seen).toBe('cancelled');
    await cancelled(id, { key });
    await whenSettled('leavers-earlier');
    expect(await rowsOf('leavers-earlier')).toMatchObject([{ outcome: 'cancelled' }]);
    expect(await countsOf('leavers-gone')).toEqual({});
  });
});

describe('a render that two thousand joined', () => {
  it('is settled: counted by account and dialect, and each account pays once', async () => {
    const { key, id, inside } = await slowRender('crowd-buyer');
    const payers = ['crowd-0', 'crowd-1', 'crowd-2'];
    for (const payer of payers) {
      await addAccount(payer, { limits: { isPrepaid: true } });
      await ledgers.credit(payer, [entryOf(`top-${payer}`, 'top_up', 1_000_000)]);
    }
    await inside(async ({ storage }) => {
      for (const [index, nonce] of nonces(2_000).entries()) {
        const isPayer = index % 2 === 0;
        const account = isPayer ? `crowd-${index % 3}` : `crowd-free-${index}`;
        const row = joiner(account, index % 4 === 0 ? 'bfl' : 'fal', isPayer ? 100 : 0);
        storage.kv.put(`joiner:${nonce}`, index < 1_800 ? row : { ...row, hasLeft: true });
      }
    });
    expect((await afterSeconds(21, () => taskAt(id, 'ready', { key }))).status).toBe('ready');
    await whenSettled('crowd-buyer');
    const totals = `SELECT sum(count) AS joined, count(DISTINCT account_id) AS accounts, sum(charged_micros) AS charged
      FROM daily_counts WHERE account_id LIKE 'crowd-%' AND kind = 'joined'`;
    expect(await env.LEDGER.prepare(totals).first()).toEqual({ joined: 1_800, accounts: 903, charged: 90_000 });
    for (const payer of payers) expect(await ledgers.standing(payer)).toMatchObject({ balanceMicros: 970_000 });
  });

  it('is written once, though what joined is longer than one value of the database may be', async () => {
    const ledger = new UsageLedger(env.LEDGER);
    const bought = purchase({ accountId: 'crowd-wide' });
    const counts = Array.from({ length: 40_000 }, (_, index) => ({
      ...{ accountId: `wide-${index}`, day: '2026-01-02', dialect: 'bfl', kind: 'joined' as const },
      ...{ count: 1, savedMicros: 50_000, chargedMicros: 0 },
    }));
    const bound = vi.spyOn(Object.getPrototypeOf(env.LEDGER.prepare('SELECT 1')), 'bind');
    await ledger.record([bought], null, counts);
    const longest = Math.max(...bound.mock.calls.flat().map((value) => String(value).length));
    bound.mockRestore();
    expect([longest > 100_000, longest < 1_000_000]).toEqual([true, true]);
    await ledger.record([bought], null, counts);
    const total = "SELECT sum(count) AS joined FROM daily_counts WHERE account_id LIKE 'wide-%'";
    expect(await env.LEDGER.prepare(total).first()).toEqual({ joined: 40_000 });
  });
});
