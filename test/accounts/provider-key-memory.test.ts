import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProviderKeys } from '../../src/accounts/provider-keys';
import { addAccount } from '../support/accounts';
import { call } from '../support/front-door';

const keys = new ProviderKeys(env.LEDGER, {
  providers: ['bfl', 'fal'],
  seal: async (key) => `sealed ${key}`,
  reseal: async () => null,
});
const readsOf = (prepare: { mock: { calls: [string][] } }) =>
  prepare.mock.calls.filter(([query]) => query.includes('SELECT provider, sealed_key')).length;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('what an account stored', () => {
  it('is read once in half a minute, also where it is nothing', async () => {
    const start = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: start });
    const prepare = vi.spyOn(env.LEDGER, 'prepare');
    for (const later of [0, 1_000, 29_999]) {
      vi.setSystemTime(start + later);
      expect(await keys.keysOf('nobody')).toEqual([]);
    }
    expect(readsOf(prepare)).toBe(1);
    vi.setSystemTime(start + 30_000);
    await keys.keysOf('nobody');
    expect(readsOf(prepare)).toBe(2);
  });

  it('is known at once where it was changed here, the oldest first', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
    expect(await keys.keysOf('changing')).toEqual([]);
    await keys.put('changing', 'fal', 'one');
    expect(await keys.keysOf('changing')).toEqual([{ provider: 'fal', sealedKey: 'sealed one' }]);
    vi.setSystemTime(2_000);
    await keys.put('changing', 'bfl', 'two');
    expect((await keys.keysOf('changing')).map(({ provider }) => provider)).toEqual(['fal', 'bfl']);
    expect(await keys.remove('changing', 'fal')).toBe(true);
    expect(await keys.remove('changing', 'fal')).toBe(false);
    expect((await keys.keysOf('changing')).map(({ provider }) => provider)).toEqual(['bfl']);
  });

  it('is not remembered as it was before a change that came while it was read', async () => {
    const { promise: isChanged, resolve: changed } = Promise.withResolvers<void>();
    const { prepare } = env.LEDGER;
    vi.spyOn(env.LEDGER, 'prepare').mockImplementationOnce((query) => {
      const statement = prepare.call(env.LEDGER, query).bind('racing');
      const all = async () => {
        const rows = await statement.all();
        await isChanged;
        return rows;
      };
      return Object.assign(statement, { bind: () => Object.assign(Object.create(null), { all }) });
    });
    const reading = keys.keysOf('racing');
    await keys.put('racing', 'bfl', 'new');
    changed();
    expect(await reading).toEqual([]);
    expect(await keys.keysOf('racing')).toEqual([{ provider: 'bfl', sealedKey: 'sealed new' }]);
  });
});

describe('a hit', () => {
  it('does not ask which keys there are, and a miss does', async () => {
    const key = await addAccount('hitting');
    const json = { prompt: 'provider keys: a hit', size: '64x64', seed: 1 };
    const prepare = vi.spyOn(Object.getPrototypeOf(env.LEDGER), 'prepare');
    const order = async () => (await call('/v1/images/generations', { key, json })).headers.get('x-fluxgate-source');
    expect(await order()).toBe('bought');
    const reads = () => prepare.mock.calls.filter(([query]) => String(query).includes('sealed_key')).length;
    expect(reads()).toBe(1);
    await call('/v1/provider-keys/bfl', { method: 'DELETE', key });
    expect(await order()).toBe('hit');
    expect(reads()).toBe(1);
  });
});
