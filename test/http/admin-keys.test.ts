import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { digestOfKey } from '../../src/accounts/new-key';
import { accountWithKey, admin, administered, allPages, type Page, type WireKey } from '../support/admin-caller';
import { call } from '../support/front-door';

const dayMs = 86_400_000;
const works = async (key: string) => (await call('/v1/account', { key })).status === 200;
const errorOf = async (response: Response) =>
  (await response.json<{ error: { code: string; message: string; issues: { field: string; message: string }[] } }>())
    .error;

describe('an account', () => {
  it('is made, shown and changed, its limits one by one', async () => {
    const limits = { prepaid: true, day_micros: 5_000_000, requests_per_minute: 60 };
    const made = await administered('accounts', { json: { id: 'shop', name: 'Shop', visibility: 'private', limits } });
    const unlimited = { month_micros: null, renders_in_flight: null };
    const shown = {
      object: 'account',
      id: 'shop',
      name: 'Shop',
      visibility: 'private',
      limits: { ...limits, ...unlimited },
    };
    expect(made).toEqual({ ...shown, created_at: expect.stringMatching(/^\d{4}-.+Z$/) });
    const changed = await administered('accounts/shop', {
      method: 'PATCH',
      json: { limits: { day_micros: null, month_micros: 9 }, visibility: 'public' },
    });
    const after = { ...shown.limits, day_micros: null, month_micros: 9 };
    expect(changed).toMatchObject({ name: 'Shop', visibility: 'public', limits: after });
    const looked = await administered('accounts/shop');
    const nothing = { balance_micros: 0, reserved_micros: 0, in_flight: 0 };
    expect(looked).toMatchObject({ limits: after, standing: { ...nothing, day: { spent_micros: 0 } } });
  });

  it('gets an id of its own where none is given', async () => {
    const { id } = await administered<{ id: string }>('accounts', { json: { name: 'Anybody' } });
    expect(id).toMatch(/^a[0-9a-f]{20}$/);
  });

  it('is made once, also when two make it at the same moment', async () => {
    const both = await Promise.all([1, 2, 3].map(() => admin('accounts', { json: { id: 'racing', name: 'Racing' } })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    expect((await admin('accounts', { json: { id: 'development', name: 'Mine' } })).status).toBe(409);
  });

  it.each([
    ['no name', {}, 'name'],
    ['an empty name', { name: ' ' }, 'name'],
    ['an id with capitals', { name: 'x', id: 'Shop' }, 'id'],
    ['an id with a path in it', { name: 'x', id: '../x' }, 'id'],
    ['an id that is too long', { name: 'x', id: 'x'.repeat(41) }, 'id'],
    ['another visibility', { name: 'x', visibility: 'secret' }, 'visibility'],
    ['an unknown field', { name: 'x', balance: 1 }, 'balance'],
    ['an unknown limit', { name: 'x', limits: { week_micros: 1 } }, 'limits.week_micros'],
    ['a limit below zero', { name: 'x', limits: { day_micros: -1 } }, 'limits.day_micros'],
    ['a fraction of a micro-dollar', { name: 'x', limits: { month_micros: 0.5 } }, 'limits.month_micros'],
    ['a rate of none', { name: 'x', limits: { requests_per_minute: 0 } }, 'limits.requests_per_minute'],
    ['a text for a switch', { name: 'x', limits: { prepaid: 'yes' } }, 'limits.prepaid'],
  ])('is refused with %s', async (_name, json, field) => {
    const response = await admin('accounts', { json });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).issues[0]?.field).toBe(field);
  });

  it('that does not exist is not found, whatever is asked of it', async () => {
    for (const path of ['accounts/nobody', 'accounts/nobody/keys', 'accounts/nobody/credits', "accounts/x'--/keys"])
      expect((await admin(path)).status).toBe(404);
    expect((await admin('accounts/nobody', { method: 'PATCH', json: { name: 'x' } })).status).toBe(404);
    expect((await admin('accounts/nobody/keys', { json: { name: 'x' } })).status).toBe(404);
    expect((await admin('accounts/nobody/credits', { json: { kind: 'top_up', micros: 1 } })).status).toBe(404);
  });

  it('is in a list that is read page by page', async () => {
    const ids = ['page-1', 'page-2', 'page-3', 'page-4', 'page-5'];
    for (const id of ids) await administered('accounts', { json: { id, name: id } });
    const listed = (await allPages<{ id: string }>('accounts', 2)).map(({ id }) => id);
    expect(listed.filter((id) => ids.includes(id))).toEqual(ids);
    expect(new Set(listed).size).toBe(listed.length);
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'page=2'])
      expect((await admin(`accounts?${query}`)).status).toBe(400);
  });
});

describe('a key', () => {
  it('is shown once, works, and only its digest is kept', async () => {
    const { key, ...made } = await accountWithKey('once');
    expect(key).toMatch(/^fg_live_[0-9A-Za-z]{43}$/);
    expect(made).toMatchObject({
      account: 'once',
      scopes: ['generate', 'read'],
      hint: `${key.slice(0, 12)}…${key.slice(-4)}`,
    });
    expect(await works(key)).toBe(true);
    const tables = await env.LEDGER.prepare('SELECT * FROM api_keys').all();
    expect(JSON.stringify(tables.results)).not.toContain(key.slice(8));
    expect(JSON.stringify(tables.results)).toContain(await digestOfKey(key));
    for (const path of ['accounts/once/keys', 'accounts/once', 'accounts', 'audit'])
      expect(await (await admin(path)).text()).not.toContain(key.slice(13, -5));
    const [listed] = (await administered<Page<WireKey>>('accounts/once/keys')).data;
    expect(listed).toEqual({ ...made, spent: { today_micros: 0, ever_micros: 0 } });
  });

  it('is made with what it is told', async () => {
    const settings = {
      kind: 'pub',
      scopes: ['generate'],
      dialects: ['openai', 'bfl'],
      origins: ['https://shop.example'],
      expires_at: '2090-01-01T00:00:00.000Z',
    };
    const limits = {
      day_micros: 1,
      total_micros: 2,
      requests_per_minute: 3,
      maximum_steps: 4,
      maximum_megapixels: 1.5,
    };
    const made = await accountWithKey('told', { ...settings, limits });
    expect(made).toMatchObject({ ...settings, limits });
    expect(made.key).toMatch(/^fg_pub_/);
  });

  it('for web pages only orders, unless it is told otherwise', async () => {
    const made = await accountWithKey('pages', { kind: 'pub', origins: ['https://shop.example'] });
    expect(made.scopes).toEqual(['generate']);
  });

  it.each([
    ['no name', { name: undefined }, 'name'],
    ['another kind', { kind: 'test' }, 'kind'],
    ['another scope', { scopes: ['everything'] }, 'scopes.0'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['a dialect that takes no orders', { dialects: ['fluxgate'] }, 'dialects.0'],
    ['an origin with a path', { origins: ['https://a.example/'] }, 'origins.0'],
    ['an origin of no web page', { origins: ['null'] }, 'origins.0'],
    ['a pub key without origins', { kind: 'pub' }, 'origins'],
    ['a pub key that administrates', { kind: 'pub', origins: ['https://a.example'], scopes: ['admin'] }, 'scopes'],
    ['a time that is none', { expires_at: 'tomorrow' }, 'expires_at'],
    ['a time that is over', { expires_at: '2020-01-31T00:00:00Z' }, 'expires_at'],
    ['an unknown field', { secret: 'x' }, 'secret'],
    ['an unknown limit', { limits: { pictures: 1 } }, 'limits.pictures'],
    ['a limit below zero', { limits: { total_micros: -1 } }, 'limits.total_micros'],
  ])('is refused with %s', async (_name, settings, field) => {
    await admin('accounts', { json: { id: 'refusing', name: 'x' } });
    const response = await admin('accounts/refusing/keys', { json: { name: 'x', ...settings } });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).issues[0]?.field).toBe(field);
    expect((await administered<Page<WireKey>>('accounts/refusing/keys')).data).toEqual([]);
  });

  it('is replaced by one with the same settings, and goes on for a day', async () => {
    const first = await accountWithKey('rotating', {
      scopes: ['read'],
      dialects: ['bfl'],
      limits: { maximum_steps: 9 },
    });
    const second = await administered<WireKey>(`keys/${first.id}/rotate`, { method: 'POST' });
    expect(second).toMatchObject({
      scopes: ['read'],
      dialects: ['bfl'],
      limits: { maximum_steps: 9 },
      expires_at: null,
    });
    expect([await works(first.key), await works(second.key ?? '')]).toEqual([true, true]);
    const keys = (await administered<Page<WireKey>>('accounts/rotating/keys')).data;
    const old = keys.find(({ id }) => id === first.id);
    const left = Date.parse(old?.expires_at ?? '') - Date.now();
    expect(left).toBeGreaterThan(dayMs - 60_000);
    expect(left).toBeLessThanOrEqual(dayMs);
  });

  it('ends at once when it is replaced without an overlap, and cannot be replaced again', async () => {
    const first = await accountWithKey('at-once');
    const second = await administered<WireKey>(`keys/${first.id}/rotate`, { json: { overlap_seconds: 0 } });
    expect([await works(first.key), await works(second.key ?? '')]).toEqual([false, true]);
    expect((await admin(`keys/${first.id}/rotate`, { json: {} })).status).toBe(409);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['an empty stream', new Blob([]).stream()],
  ])('is replaced by a request whose body is %s', async (name, body) => {
    const first = await accountWithKey(`rotating-by-${name.replaceAll(' ', '-')}`);
    const headers = { 'content-type': 'application/json' };
    const second = await administered<WireKey>(`keys/${first.id}/rotate`, { method: 'POST', body, headers });
    expect(second.key).not.toBe(first.key);
    const blank = await admin(`keys/${second.id}/rotate`, { method: 'POST', body: ' ', headers });
    expect(blank.status).toBe(400);
  });

  it('never lives longer for being replaced', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const first = await accountWithKey('short', { expires_at: soon });
    const second = await administered<WireKey>(`keys/${first.id}/rotate`, { json: { overlap_seconds: 3_600 } });
    const keys = (await administered<Page<WireKey>>('accounts/short/keys')).data;
    expect(keys.find(({ id }) => id === first.id)?.expires_at).toBe(soon);
    expect(Date.parse(second.expires_at ?? '')).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it.each([-1, 2_592_001, 0.5, '60', null])('is not replaced with an overlap of %s seconds', async (seconds) => {
    await admin('accounts', { json: { id: 'overlap', name: 'x' } });
    const { id } = await administered<WireKey>('accounts/overlap/keys', { json: { name: 'x' } });
    const response = await admin(`keys/${id}/rotate`, { json: { overlap_seconds: seconds } });
    expect([response.status, (await errorOf(response)).issues[0]?.field]).toEqual([400, 'overlap_seconds']);
  });

  it('stops when it is revoked, once and for all', async () => {
    const { id, key } = await accountWithKey('revoking');
    expect(await works(key)).toBe(true);
    const revoked = await administered<WireKey>(`keys/${id}`, { method: 'DELETE' });
    expect(revoked.revoked_at).toEqual(expect.any(String));
    expect(await works(key)).toBe(false);
    expect((await administered<WireKey>(`keys/${id}`, { method: 'DELETE' })).revoked_at).toBe(revoked.revoked_at);
    expect((await admin(`keys/${id}/rotate`, { json: {} })).status).toBe(409);
  });

  it.each(['key_000000000000000000000000', 'key_%25', 'nothing', "key_' OR 1=1"])('%s does not exist', async (id) => {
    expect((await admin(`keys/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await admin(`keys/${id}/rotate`, { json: {} })).status).toBe(404);
  });

  it('is in a list that is read page by page, the newest first', async () => {
    const first = await accountWithKey('many');
    const made = [first.id];
    for (const name of ['b', 'c', 'd', 'e'])
      made.push((await administered<WireKey>('accounts/many/keys', { json: { name } })).id);
    const listed = await allPages<WireKey>('accounts/many/keys', 2);
    expect(listed.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    const times = listed.map(({ created_at: at }) => at);
    expect(times).toEqual(times.toSorted().reverse());
    for (const cursor of ['x', '.', '!!.a'])
      expect((await admin(`accounts/many/keys?cursor=${cursor}`)).status).toBe(400);
  });
});

describe('who a key is', () => {
  it('is told with how the account stands, and without the secret', async () => {
    const { key, id } = await accountWithKey('asking');
    const response = await call('/v1/account', { key });
    const text = await response.text();
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(text).not.toContain(key.slice(13, -5));
    expect(JSON.parse(text)).toMatchObject({
      object: 'account',
      id: 'asking',
      key: { id, name: 'first', scopes: ['generate', 'read'] },
      standing: { balance_micros: 0, in_flight: 0 },
    });
  });

  it('is told of the development key too', async () => {
    const body = await (await call('/v1/account')).json();
    expect(body).toMatchObject({
      id: 'development',
      key: { id: 'development', scopes: ['generate', 'read', 'admin'] },
    });
  });
});
