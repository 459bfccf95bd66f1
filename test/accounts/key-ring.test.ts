import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KeyRing } from '../../src/accounts/key-ring';
import { digestOfKey, newKey } from '../../src/accounts/new-key';
import { KeyTable } from '../../src/storage/key-table';
import { addAccount, addKey, idOfKey } from '../support/accounts';
import { call, origin } from '../support/front-door';

const developmentKey = 'fg_dev_of_this_ring';
const adminToken = 'token-of-this-ring-0123456789-0123456789';
const keys = new KeyTable(env.LEDGER);

function ringAt(clock: { now: number }, table: Pick<KeyTable, 'holder'> = keys) {
  const holder = vi.fn((digest: string) => table.holder(digest));
  const holderOfId = (id: string) => keys.holderOfId(id);
  return {
    ring: new KeyRing({ keys: { holder, holderOfId }, developmentKey, adminToken, now: () => clock.now }),
    holder,
  };
}

afterEach(() => vi.restoreAllMocks());

describe('a key', () => {
  it('leads to its account and to what it may do', async () => {
    const key = await addAccount('ring-whole', {
      visibility: 'private',
      limits: { dayMicros: 5 },
      scopes: ['generate'],
      dialects: ['bfl'],
      origins: ['https://a.example'],
      keyLimits: { maximumSteps: 7 },
    });
    const { ring } = ringAt({ now: 1 });
    expect(await ring.holderOf(key, origin)).toMatchObject({
      account: { id: 'ring-whole', namespace: 'account:ring-whole', limits: { dayMicros: 5, isPrepaid: false } },
      key: {
        id: await idOfKey(key),
        scopes: ['generate'],
        dialects: ['bfl'],
        origins: ['https://a.example'],
        limits: { maximumSteps: 7, totalMicros: null },
      },
    });
    const open = await addAccount('ring-open');
    expect((await ring.holderOf(open, origin))?.account.namespace).toBe('public');
  });

  it('stops the moment it expires, although it is remembered', async () => {
    const key = await addAccount('ring-expiring', { expiresAt: 10_000 });
    const clock = { now: 9_999 };
    const { ring, holder } = ringAt(clock);
    expect(await ring.holderOf(key, origin)).not.toBeNull();
    clock.now = 10_000;
    expect(await ring.holderOf(key, origin)).toBeNull();
    expect(holder).toHaveBeenCalledTimes(1);
  });

  it('stops within half a minute of being revoked elsewhere', async () => {
    const key = await addAccount('ring-revoked');
    const clock = { now: 100_000 };
    const { ring } = ringAt(clock);
    expect(await ring.holderOf(key, origin)).not.toBeNull();
    await keys.revoke(await idOfKey(key), clock.now).run();
    clock.now += 29_999;
    expect(await ring.holderOf(key, origin)).not.toBeNull();
    clock.now += 1;
    expect(await ring.holderOf(key, origin)).toBeNull();
  });

  it('works within half a minute of being made, and at once where the change was made here', async () => {
    const { key, sha256, hint } = await newKey('live');
    await addAccount('ring-late');
    const clock = { now: 0 };
    const { ring, holder } = ringAt(clock);
    expect(await ring.holderOf(key, origin)).toBeNull();
    const settings = { accountId: 'ring-late', kind: 'live', name: 'late', hint, createdAt: 0, expiresAt: null };
    await keys.insert(sha256, { ...settings, scopes: '["read"]', dialects: null, origins: null, limits: '{}' }).run();
    clock.now = 29_999;
    expect(await ring.holderOf(key, origin)).toBeNull();
    expect(holder).toHaveBeenCalledTimes(1);
    ring.forget();
    expect(await ring.holderOf(key, origin)).not.toBeNull();
  });

  it('that is absurdly long is not even hashed', async () => {
    const { ring, holder } = ringAt({ now: 0 });
    expect(await ring.holderOf('x'.repeat(513), origin)).toBeNull();
    expect(holder).not.toHaveBeenCalled();
  });
});

describe('what a ring remembers', () => {
  it('is shared by look-ups at the same time', async () => {
    const key = await addAccount('ring-shared');
    const { ring, holder } = ringAt({ now: 0 });
    const found = await Promise.all(Array.from({ length: 20 }, () => ring.holderOf(key, origin)));
    expect(new Set(found.map((one) => one?.account.id))).toEqual(new Set(['ring-shared']));
    expect(holder).toHaveBeenCalledTimes(1);
  });

  it('does not make others wait for ever for a look-up that was cut off', async () => {
    const key = await addAccount('ring-cut');
    let calls = 0;
    const { ring } = ringAt(
      { now: 0 },
      {
        holder: async (digest) => {
          calls += 1;
          return await (calls === 1 ? new Promise<never>(() => undefined) : keys.holder(digest));
        },
      },
    );
    void ring.holderOf(key, origin);
    await vi.waitFor(() => expect(calls).toBe(1));
    expect((await ring.holderOf(key, origin))?.account.id).toBe('ring-cut');
  });

  it('forgets no failure into an answer: the next one looks again', async () => {
    const key = await addAccount('ring-failing');
    let calls = 0;
    const { ring } = ringAt(
      { now: 0 },
      {
        holder: async (digest) => {
          calls += 1;
          if (calls === 1) throw new Error('D1 is away.');
          return await keys.holder(digest);
        },
      },
    );
    await expect(ring.holderOf(key, origin)).rejects.toThrow('D1 is away.');
    expect(await ring.holderOf(key, origin)).not.toBeNull();
  });

  it('keeps good keys however many wrong ones are tried', async () => {
    const key = await addAccount('ring-flooded');
    const table = {
      holder: async (digest: string) => (digest === (await digestOfKey(key)) ? keys.holder(digest) : null),
    };
    const { ring, holder } = ringAt({ now: 0 }, table);
    await ring.holderOf(key, origin);
    for (let guess = 0; guess < 2_500; guess += 1) await ring.holderOf(`guess-${guess}`, origin);
    const before = holder.mock.calls.length;
    expect(await ring.holderOf(key, origin)).not.toBeNull();
    expect(await ring.holderOf('guess-2499', origin)).toBeNull();
    expect(holder).toHaveBeenCalledTimes(before);
    await ring.holderOf('guess-0', origin);
    expect(holder).toHaveBeenCalledTimes(before + 1);
  });

  it('is not what was read before a change that came meanwhile', async () => {
    const key = await addAccount('ring-racing');
    const read = Promise.withResolvers<void>();
    const { ring } = ringAt(
      { now: 0 },
      {
        holder: async (digest) => {
          const row = await keys.holder(digest);
          await read.promise;
          return row;
        },
      },
    );
    const before = ring.holderOf(key, origin);
    await keys.revoke(await idOfKey(key), 1).run();
    await scheduler.wait(20);
    ring.forget();
    read.resolve();
    await before;
    expect(await ring.holderOf(key, origin)).toBeNull();
  });
});

describe('the development key', () => {
  it.each(['http://127.0.0.1', 'http://127.9.8.7:8787', 'http://localhost:1', 'http://[::1]:8787'])(
    'does everything at %s',
    async (place) => {
      const { ring, holder } = ringAt({ now: 0 });
      expect((await ring.holderOf(developmentKey, place))?.key.scopes).toEqual(['generate', 'read', 'admin']);
      expect(holder).not.toHaveBeenCalled();
    },
  );

  it.each(['https://fluxgate.example', 'http://localhost.example', 'http://127.0.0.1.example', 'http://10.0.0.1'])(
    'does nothing at %s',
    async (place) => {
      expect(await ringAt({ now: 0 }).ring.holderOf(developmentKey, place)).toBeNull();
    },
  );

  it('is only the whole of it, and none at all where there is none', async () => {
    const { ring } = ringAt({ now: 0 });
    for (const guess of [developmentKey.slice(0, -1), `${developmentKey}x`, developmentKey.toUpperCase(), ''])
      expect(await ring.holderOf(guess, origin)).toBeNull();
    const without = new KeyRing({ keys, developmentKey: null, adminToken: null, now: () => 0 });
    expect(await without.holderOf('', origin)).toBeNull();
    expect([without.isAdminToken(''), ring.isAdminToken(adminToken), ring.isAdminToken(`${adminToken} `)]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('a new key', () => {
  it('is 256 bits of letters and digits, never the same, and its hint is too little to guess the rest', async () => {
    const made = await Promise.all(Array.from({ length: 200 }, () => newKey('pub')));
    expect(new Set(made.map(({ key }) => key)).size).toBe(200);
    for (const { key, hint, sha256 } of made) {
      expect(key).toMatch(/^fg_pub_[0-9A-Za-z]{43}$/);
      expect(hint).toBe(`fg_pub_${key.slice(7, 11)}…${key.slice(-4)}`);
      expect(sha256).toBe(await digestOfKey(key));
    }
    const letters = made.flatMap(({ key }) => [...key.slice(7)]);
    const counts = [...Map.groupBy(letters, (letter) => letter).values()].map(({ length }) => length);
    // 8,600 letters over 62: about 139 each.
    expect(counts).toHaveLength(62);
    expect(Math.min(...counts)).toBeGreaterThan(80);
    expect(Math.max(...counts)).toBeLessThan(210);
  });
});

describe('a request', () => {
  it('reads no table for a key that was used just now', async () => {
    const key = await addAccount('ring-door');
    const prepare = vi.spyOn(env.LEDGER, 'prepare');
    const reads = () => prepare.mock.calls.filter(([query]) => query.includes('FROM api_keys')).length;
    expect((await call('/v1/webhooks/secret', { key })).status).toBe(200);
    expect(reads()).toBe(1);
    prepare.mockClear();
    for (let again = 0; again < 5; again += 1) expect((await call('/v1/webhooks/secret', { key })).status).toBe(200);
    expect(prepare).not.toHaveBeenCalled();
    const guess = `fg_live_${crypto.randomUUID()}`;
    for (let again = 0; again < 5; again += 1)
      expect((await call('/v1/webhooks/secret', { key: guess })).status).toBe(401);
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  it('knows each key of an account as its own', async () => {
    const first = await addAccount('ring-two', { scopes: ['generate'] });
    const second = await addKey('ring-two', { scopes: ['read'] });
    expect((await call('/v1/webhooks/secret', { key: first })).status).toBe(403);
    expect((await call('/v1/webhooks/secret', { key: second })).status).toBe(200);
  });
});
