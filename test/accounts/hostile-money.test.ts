import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fingerprint as fingerprintOf } from '../../src/core/fingerprint';
import { squareMegapixel } from '../../src/core/price';
import { withoutLimits } from '../../src/core/spending';
import type { JoinRequest } from '../../src/renders/render-ports';
import { rendersPort } from '../../src/renders/renders-port';
import { UsageLedger } from '../../src/storage/usage-ledger';
import { addAccount } from '../support/accounts';
import { administered } from '../support/admin-caller';
import { afterSeconds } from '../support/clock';
import { call } from '../support/front-door';
import { addLinkKey, follow, linkFor } from '../support/link';
import { accounts, reserveRequest } from '../support/reserve';
import { countsOf, rowsOf, totalOf, whenSettled } from '../support/spending';

const day = 86_400;
const order = (key: string, prompt: string, headers: Record<string, string> = {}) =>
  call('/v1/images/generations', { key, headers, json: { prompt, size: '64x64', steps: 4, seed: 1 } });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a settlement', () => {
  it('that is tried again for weeks counts once', async () => {
    const settle = (id: string) =>
      accounts.settle({ accountId: 'weeks', id, spent: [{ micros: 30_000, at: Date.now() }], refunds: [] });
    await accounts.reserve('weeks', reserveRequest('weeks-a'));
    await settle('weeks-a');
    for (const days of [3, 6, 9, 12]) {
      await afterSeconds(days * day, async () => {
        await accounts.reserve('weeks', reserveRequest(`weeks-${days}`));
        await accounts.settle({
          accountId: 'weeks',
          id: `weeks-${days}`,
          spent: [{ micros: 0, at: Date.now() }],
          refunds: [],
        });
        await settle('weeks-a');
      });
    }
    expect(await accounts.standing('weeks')).toMatchObject({ spentMicros: 30_000 });
  });

  it('that comes after its reservation ran out counts against the key that ordered it all the same', async () => {
    const allowances = [{ name: 'key:late', dayMicros: null, totalMicros: 100_000, requestsPerMinute: null }];
    await accounts.reserve('late', reserveRequest('late-a', { allowances, lifetimeMs: 1 }));
    await scheduler.wait(5);
    expect(await accounts.standing('late')).toMatchObject({ reservedMicros: 0, inFlight: 0 });
    await accounts.settle({
      accountId: 'late',
      id: 'late-a',
      spent: [{ micros: 90_000, at: Date.now() }],
      refunds: [],
    });
    const verdict = await accounts.reserve('late', reserveRequest('late-b', { allowances }));
    expect(verdict).toMatchObject({ kind: 'over-budget', period: 'total', leftMicros: 10_000 });
  });

  it('is one row and one sum though the ledger is away, and a failed render is its buyer’s, not the next one’s', async () => {
    const { record } = UsageLedger.prototype;
    let failures = 0;
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementation(async function (this: UsageLedger, ...given) {
      failures += 1;
      // Written, and the answer lost; then not written.
      if (failures !== 2) await record.apply(this, given);
      if (failures <= 2) throw new Error('D1_ERROR: Network connection lost.');
    });
    const [first, second] = [await addAccount('buyer-first'), await addAccount('buyer-second')];
    for (const [account, key] of Object.entries({ 'buyer-first': first, 'buyer-second': second })) {
      expect((await order(key, 'please sandbox:unknown, twice')).ok).toBe(false);
      await whenSettled(account);
      await vi.waitFor(() => expect(failures).toBeGreaterThanOrEqual(3), { timeout: 5_000 });
      const rows = await vi.waitFor(async () => {
        const found = await rowsOf(account);
        expect(found).toHaveLength(1);
        return found;
      });
      const { spentMicros, creditedMicros, balanceMicros } = await accounts.standing(account);
      expect([totalOf(rows), spentMicros, creditedMicros, balanceMicros]).toEqual([50_000, 50_000, 50_000, 0]);
    }
    expect(failures).toBeGreaterThanOrEqual(4);
  });
});

describe('a reservation', () => {
  it('runs out in its own time, though older ones live longer', async () => {
    await accounts.reserve('lifetimes', reserveRequest('long', { lifetimeMs: 86_400_000 }));
    await accounts.reserve('lifetimes', reserveRequest('short', { lifetimeMs: 1 }));
    await scheduler.wait(5);
    expect(await accounts.standing('lifetimes')).toMatchObject({ inFlight: 1, reservedMicros: 100_000 });
    await accounts.reserve('lifetimes', reserveRequest('shorter', { lifetimeMs: 1 }));
    await scheduler.wait(5);
    expect(await accounts.standing('lifetimes')).toMatchObject({ inFlight: 1, reservedMicros: 100_000 });
  });
});

async function requestOf(account: string, prompt: string): Promise<JoinRequest> {
  const request = { ...squareMegapixel, prompt, width: 64, height: 64, steps: 4 };
  const [fingerprint, nonce] = [await fingerprintOf(request), crypto.getRandomValues(new Uint8Array(7)).toHex()];
  const handle = {
    ...{
      fingerprint,
      nonce,
      accountTag: 'a'.repeat(16),
      generation: 0,
      createdAt: Date.now(),
      source: 'hit' as const,
    },
    ...{ format: 'png' as const, quality: null, size: { width: 64, height: 64 } },
  };
  const buyer = { accountId: account, keyId: null, dialect: 'bfl', nonce, quotedMicros: 50_000 };
  const spending = { limits: withoutLimits, allowances: [], order: { id: nonce, pictures: 1 }, drawn: null };
  const plan = { provider: null, sealedKey: null };
  return { fingerprint, request, buyer, handle, spending, plan, isRetry: false, joinPriceMicros: 0 };
}

describe('a buyer that asks its render again, as the answer was lost', () => {
  it('is still its buyer, and still the only one: what it cancels stops', async () => {
    const renders = rendersPort(env.RENDERS);
    const request = await requestOf('asked-again', 'asked again sandbox:slow');
    const [bought, again] = [await renders.join(request), await renders.join(request)];
    expect([bought.kind, again]).toEqual(['bought', bought]);
    const generation = bought.kind === 'bought' ? bought.generation : 0;
    await scheduler.wait(100);
    await renders.cancel({ ...request.handle, generation });
    expect(await whenSettled('asked-again')).toMatchObject({ spentMicros: 0, reservedMicros: 0 });
  });

  it('does not buy a second time once the render failed, under a reservation that is settled', async () => {
    const renders = rendersPort(env.RENDERS);
    const request = await requestOf('asked-later', 'asked later sandbox:unknown');
    await renders.join(request);
    await whenSettled('asked-later');
    await renders.join(request);
    await scheduler.wait(500);
    const { spentMicros } = await whenSettled('asked-later');
    expect([(await rowsOf('asked-later')).length, spentMicros]).toEqual([1, 50_000]);
  });
});

describe('who joined and asks again, as the answer was lost', () => {
  it('joined once, and has no hit beside that, though the picture came meanwhile', async () => {
    const { record } = UsageLedger.prototype;
    let isAway = true;
    vi.spyOn(UsageLedger.prototype, 'record').mockImplementation(async function (this: UsageLedger, ...given) {
      if (isAway) throw new Error('D1_ERROR: overloaded');
      await record.apply(this, given);
    });
    const renders = rendersPort(env.RENDERS);
    const request = await requestOf('rejoined-buyer', 'joined again');
    const joining = { ...request, buyer: { ...request.buyer, accountId: 'rejoined', nonce: 'b'.repeat(14) } };
    const bought = await renders.join(request);
    const generation = bought.kind === 'bought' ? bought.generation : 0;
    const joined = await renders.join(joining);
    const view = () => renders.view({ ...request.handle, generation });
    await vi.waitFor(async () => expect(await view()).toMatchObject({ status: 'ready' }), { timeout: 10_000 });
    expect([joined, await renders.join(joining)]).toEqual(Array(2).fill({ kind: 'joined', generation }));
    isAway = false;
    await whenSettled('rejoined-buyer');
    await vi.waitFor(async () => expect(await countsOf('rejoined')).toEqual({ joined: 1 }), { timeout: 10_000 });
  });
});

describe('a key', () => {
  it('has the same budget after it was rotated, and no second one while both work', async () => {
    await administered('accounts', { json: { id: 'rotated', name: 'Rotated' } });
    type Made = { readonly id: string; readonly key: string };
    const json = { name: 'one', limits: { total_micros: 50_000 } };
    const first = await administered<Made>('accounts/rotated/keys', { json });
    expect((await order(first.key, 'rotated: bought')).status).toBe(200);
    const rotate = (id: string) => administered<Made>(`keys/${id}/rotate`, { json: { overlap_seconds: 600 } });
    const second = await rotate(first.id);
    const third = await rotate(second.id);
    for (const { key } of [first, second, third]) expect((await order(key, 'rotated: no more')).status).toBe(402);
    expect(totalOf(await rowsOf('rotated'))).toBe(50_000);
  });
});

describe('a caller', () => {
  it('cannot claim the idempotency key that an administrator books under', async () => {
    await administered('accounts', { json: { id: 'squatter', name: 'Squatter' } });
    const { key } = await administered<{ key: string }>('accounts/squatter/keys', { json: { name: 'one' } });
    expect((await order(key, 'squatting', { 'idempotency-key': 'credit invoice-11' })).status).toBe(200);
    const headers = { 'idempotency-key': 'invoice-11' };
    const json = { kind: 'adjustment', micros: -7_000 };
    const booked = await administered('accounts/squatter/credits', { json, headers });
    expect(booked).toMatchObject({ balance_micros: -57_000 });
  });

  it('with a link signed by a key that may not generate buys nothing', async () => {
    const signer = await addLinkKey('reads-only', { scopes: ['read'] });
    const response = await follow(await linkFor({ prompt: 'signed to read', width: 64, height: 64 }, signer));
    expect([response.status, await rowsOf('reads-only')]).toEqual([403, []]);
  });
});

describe('an order of several pictures', () => {
  it('is bought whole or not at all, though other orders come between', async () => {
    const limit = { dayMicros: 400_000 };
    const ask = (id: string, order: { id: string; pictures: number }) =>
      accounts.reserve('hostile-wholes', reserveRequest(id, { limit, order }));
    const four = { id: 'four', pictures: 4 };
    expect(await ask('four-1', four)).toEqual({ kind: 'admitted' });
    expect(await ask('one', { id: 'one', pictures: 1 })).toMatchObject({ kind: 'over-budget', leftMicros: 0 });
    for (const id of ['four-2', 'four-3', 'four-4']) expect(await ask(id, four)).toEqual({ kind: 'admitted' });
    expect(await accounts.standing('hostile-wholes')).toMatchObject({ reservedMicros: 400_000, inFlight: 4 });
  });

  it('takes its purchases of the minute at once', async () => {
    const limit = { requestsPerMinute: 4 };
    const ask = (id: string, order: { id: string; pictures: number }) =>
      accounts.reserve('minutes', reserveRequest(id, { limit, order }));
    const four = { id: 'four', pictures: 4 };
    expect(await ask('four-1', four)).toEqual({ kind: 'admitted' });
    expect(await ask('one', { id: 'one', pictures: 1 })).toMatchObject({ kind: 'too-fast' });
    for (const id of ['four-2', 'four-3', 'four-4']) expect(await ask(id, four)).toEqual({ kind: 'admitted' });
  });

  it('keeps its place for moments alone, where some of its pictures were not to be bought after all', async () => {
    const limit = { rendersInFlight: 4, dayMicros: 400_000 };
    const ask = (id: string, order: { id: string; pictures: number }) =>
      accounts.reserve('places', reserveRequest(id, { limit, order }));
    await ask('three-1', { id: 'three', pictures: 3 });
    await ask('three-2', { id: 'three', pictures: 3 });
    expect(await accounts.standing('places')).toMatchObject({ reservedMicros: 300_000, inFlight: 3 });
    await afterSeconds(4, async () => {
      expect(await accounts.standing('places')).toMatchObject({ reservedMicros: 200_000, inFlight: 2 });
      expect(await ask('two-1', { id: 'two', pictures: 2 })).toEqual({ kind: 'admitted' });
      expect(await ask('two-2', { id: 'two', pictures: 2 })).toEqual({ kind: 'admitted' });
    });
  });
});
