import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { addAccount, idOfKey } from '../support/accounts';
import { accountWithKey, admin, administered, allPages } from '../support/admin-caller';
import { call } from '../support/front-door';

const print = 'a'.repeat(64);
type Route = readonly [method: string, path: string, json: object | null];
const routes: readonly Route[] = [
  ['GET', 'accounts', null],
  ['POST', 'accounts', { name: 'x' }],
  ['GET', 'accounts/development', null],
  ['PATCH', 'accounts/development', { name: 'x' }],
  ['GET', 'accounts/development/keys', null],
  ['POST', 'accounts/development/keys', { name: 'x' }],
  ['POST', 'keys/key_0/rotate', {}],
  ['DELETE', 'keys/key_0', null],
  ['GET', 'accounts/development/credits', null],
  ['POST', 'accounts/development/credits', { kind: 'top_up', micros: 1 }],
  ['DELETE', `pictures/${print}`, null],
  ['POST', `pictures/${print}/rerender`, {}],
  ['GET', 'audit', null],
];
const allowed: readonly (readonly [string, string])[] = [
  ['accounts', 'GET, HEAD, POST'],
  ['accounts/x', 'GET, HEAD, PATCH'],
  ['accounts/x/keys', 'GET, HEAD, POST'],
  ['accounts/x/credits', 'GET, HEAD, POST'],
  ['keys/x', 'DELETE'],
  ['keys/x/rotate', 'POST'],
  [`pictures/${print}`, 'DELETE'],
  [`pictures/${print}/rerender`, 'POST'],
  ['audit', 'GET, HEAD'],
];

interface Entry {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, unknown>>;
}

describe.each(routes)('%s /v1/admin/%s', (method, path, json) => {
  it('is for administrators alone', async () => {
    const request = { method, ...(json === null ? {} : { json }) };
    const everyday = await addAccount(`everyday-${crypto.randomUUID()}`);
    expect((await admin(path, { ...request, key: everyday })).status).toBe(403);
    const wrong = [null, '', `${env.ADMIN_TOKEN}x`, env.ADMIN_TOKEN.slice(0, -1), 'Bearer'];
    for (const key of wrong) expect((await admin(path, { ...request, key })).status).toBe(401);
    // The token is a bearer's alone, and no page sends it by itself.
    for (const headers of [{ 'x-key': env.ADMIN_TOKEN }, { cookie: `token=${env.ADMIN_TOKEN}` }])
      expect((await call(`/v1/admin/${path}`, { ...request, key: null, headers })).status).toBe(401);
  });
});

it.each(allowed)('/v1/admin/%s refuses other methods and names its own', async (path, methods) => {
  const response = await admin(path, { method: 'PUT' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, methods]);
});

it('does not take the token for a key of an account', async () => {
  for (const path of ['/v1/account', '/v1/webhooks/secret', '/v1/provider-keys'])
    expect((await call(path, { key: env.ADMIN_TOKEN })).status).toBe(401);
  const order = { json: { prompt: 'no', width: 64, height: 64 }, key: env.ADMIN_TOKEN };
  expect((await call('/v1/flux-2-flex', order)).status).toBe(403);
});

it('says to whoever sends the token where a key belongs that it has no account, and what to use', async () => {
  const order = { json: { prompt: 'no', size: '64x64' }, key: env.ADMIN_TOKEN };
  for (const [path, request] of [
    ['/v1/usage', { key: env.ADMIN_TOKEN }],
    ['/v1/quote', order],
    ['/v1/images/generations', order],
  ] as const)
    expect(await (await call(path, request)).text()).toMatch(/operator's token has no account.*\?account=/);
  const wrong = await call('/v1/usage', { key: `${env.ADMIN_TOKEN}x` });
  expect(await wrong.text()).toContain('unknown, expired or revoked');
});

it('tells who has the token how each provider is doing, with what all accounts spent', async () => {
  const response = await call('/v1/providers', { key: env.ADMIN_TOKEN });
  expect(response.status).toBe(200);
  const { data } = await response.json<{ data: { id: string; circuit: string; spent_micros: number }[] }>();
  expect(data[0]).toMatchObject({ circuit: 'closed', spent_micros: expect.any(Number) });
  const owned = await addAccount(`providers-${crypto.randomUUID()}`);
  expect((await call('/v1/providers', { key: owned })).status).toBe(200);
});

it('minds no Origin, since nothing but a header lets anybody in', async () => {
  const response = await admin('accounts', { headers: { origin: 'https://evil.example' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(response.headers.get('cache-control')).toBe('private, no-store');
});

describe('the audit log', () => {
  it('has a line for every change, with who made it and no secret', async () => {
    const chief = await addAccount('audit-chief', { scopes: ['admin'] });
    const { id, key } = await accountWithKey('audited');
    await administered('accounts/audited', { method: 'PATCH', json: { limits: { day_micros: 7 } }, key: chief });
    const rotated = await administered<{ id: string; key: string }>(`keys/${id}/rotate`, { json: {}, key: chief });
    await administered(`keys/${rotated.id}`, { method: 'DELETE' });
    await administered('accounts/audited/credits', { json: { kind: 'top_up', micros: 5, note: 'hello' } });
    const entries = await allPages<Entry>('audit', 2);
    const about = entries.filter(({ target }) => ['audited', id, rotated.id].includes(target)).reverse();
    const chiefId = await idOfKey(chief);
    expect(about.map(({ actor, action, target }) => [actor, action, target])).toEqual([
      ['admin-token', 'account.create', 'audited'],
      ['admin-token', 'key.create', id],
      [chiefId, 'account.change', 'audited'],
      [chiefId, 'key.rotate', id],
      ['admin-token', 'key.revoke', rotated.id],
      ['admin-token', 'credit.top_up', 'audited'],
    ]);
    expect(about[2]?.details).toEqual({ limits: { dayMicros: 7 } });
    expect(about[3]?.details).toMatchObject({ account: 'audited', successor: rotated.id });
    const text = JSON.stringify(entries);
    for (const secret of [key, rotated.key, chief, env.ADMIN_TOKEN]) expect(text).not.toContain(secret.slice(13, -5));
  });

  it('has no line for what was refused, and none twice', async () => {
    const { id } = await accountWithKey('unaudited');
    await admin('accounts', { json: { id: 'unaudited', name: 'again' } });
    await admin('accounts/unaudited/keys', { json: { name: '' } });
    await admin(`keys/${id}`, { method: 'DELETE' });
    await admin(`keys/${id}`, { method: 'DELETE' });
    const entries = (await allPages<Entry>('audit', 50)).filter(({ target }) => [id, 'unaudited'].includes(target));
    expect(entries.map(({ action }) => action)).toEqual(['key.revoke', 'key.create', 'account.create']);
  });
});
