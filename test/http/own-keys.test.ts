import { describe, expect, it } from 'vitest';
import { addAccount, addKey, idOfKey } from '../support/accounts';
import { accountWithKey, administered } from '../support/admin-caller';
import { call } from '../support/front-door';
import { generate } from '../support/openai-caller';

interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly spent: { readonly today_micros: number; readonly ever_micros: number };
}
interface List {
  readonly object: 'list';
  readonly data: readonly ListedKey[];
  readonly next: string | null;
}
const keysOf = async (key: string, query = '') => (await call(`/v1/keys${query}`, { key })).json<List>();
const spentBy = async (key: string, id: string) => (await keysOf(key)).data.find((row) => row.id === id)?.spent;

describe('the keys of an account', () => {
  it('are listed to it with what they may do and without a secret, and nobody else’s', async () => {
    const limits = { day_micros: 500_000, total_micros: 900_000 };
    const first = await accountWithKey('keys-own', { limits, origins: ['https://a.example'], scopes: ['read'] });
    await accountWithKey('keys-other');
    const key = await addKey('keys-own');
    const answer = await call('/v1/keys', { key });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    const text = await answer.text();
    const { data, next }: List = JSON.parse(text);
    expect([data.map(({ id }) => id), next]).toEqual([[first.id, await idOfKey(key)], null]);
    expect(data[0]).toMatchObject({
      ...{ object: 'api_key', account: 'keys-own', kind: 'live', name: 'first', scopes: ['read'] },
      ...{ origins: ['https://a.example'], limits, expires_at: null, revoked_at: null },
      spent: { today_micros: 0, ever_micros: 0 },
    });
    expect(data[0]).not.toHaveProperty('key');
    for (const secret of [first.key, key]) expect(text).not.toContain(secret);
  });

  it('tell what each spent, with a limit of its own or without, and what its successor does', async () => {
    const unlimited = await addAccount('keys-spent');
    const limited = await addKey('keys-spent', { keyLimits: { totalMicros: 10_000_000 } });
    const [id, other] = [await idOfKey(unlimited), await idOfKey(limited)];
    await generate({ prompt: 'keys: spent', seed: 1 }, { key: unlimited });
    await expect.poll(async () => (await spentBy(unlimited, id))?.ever_micros).toBeGreaterThan(0);
    const spent = (await spentBy(unlimited, id))?.ever_micros ?? 0;
    expect(await spentBy(unlimited, id)).toEqual({ today_micros: spent, ever_micros: spent });
    expect(await spentBy(unlimited, other)).toEqual({ today_micros: 0, ever_micros: 0 });
    await generate({ prompt: 'keys: spent', seed: 2 }, { key: limited });
    await expect.poll(async () => (await spentBy(unlimited, other))?.ever_micros).toBe(spent);
    const successor = await administered<{ id: string }>(`keys/${id}/rotate`, { json: {} });
    expect(await spentBy(unlimited, successor.id)).toMatchObject({ ever_micros: spent });
    const { data } = await administered<List>('accounts/keys-spent/keys');
    expect(data).toEqual((await keysOf(unlimited)).data);
  });

  it('come in pages', async () => {
    const key = await addAccount('keys-pages');
    for (let count = 0; count < 4; count += 1) await addKey('keys-pages');
    const first = await keysOf(key, '?limit=3');
    const second = await keysOf(key, `?limit=3&cursor=${encodeURIComponent(first.next ?? '')}`);
    expect([first.data.length, second.data.length, second.next]).toEqual([3, 2, null]);
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(5);
    for (const query of ['?limit=0', '?limit=x', '?cursor=x', '?account=keys-own'])
      expect((await call(`/v1/keys${query}`, { key })).status).toBe(400);
  });

  it('are for a secret key that may read', async () => {
    const origin = 'https://shop.example';
    const page = await addAccount('keys-pub', { kind: 'pub', scopes: ['read', 'generate'], origins: [origin] });
    const refused = await call('/v1/keys', { key: page, headers: { origin } });
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('a secret key')]);
    const maker = await addKey('keys-pub', { scopes: ['generate'] });
    expect((await call('/v1/keys', { key: maker })).status).toBe(403);
    const revoked = await addKey('keys-pub', { revokedAt: Date.now() - 1 });
    for (const key of [null, revoked, await addKey('keys-pub', { kind: 'link' })])
      expect((await call('/v1/keys', { key })).status).toBe(401);
    const other = await call('/v1/keys', { method: 'POST', json: {} });
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
