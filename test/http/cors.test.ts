import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { adminRoutesTold } from '../../src/http/admin/admin-api';
import { addAccount, addKey } from '../support/accounts';
import { accountWithKey, admin } from '../support/admin-caller';
import { afterSeconds } from '../support/clock';
import { call } from '../support/front-door';

const home = 'https://site.example';
const order = { prompt: 'cors: one', width: 64, height: 64, seed: 1 };

/** What the client and the component send. */
const sentHeaders = [
  ...['authorization', 'x-key', 'content-type', 'idempotency-key', 'last-event-id'],
  ...['x-fluxgate-provider', 'x-fluxgate-fit', 'x-provider-key'],
];

function ask(path: string, method: string, origin = home): Promise<Response> {
  const headers = {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': sentHeaders.join(','),
  };
  return call(path, { method: 'OPTIONS', headers, key: null });
}

/** What is wrong with a key in its page; null: nothing. */
async function faultOf(key: string): Promise<string | null> {
  const response = await call('/v1/flux-2-flex', { json: order, key, headers: { origin: home } });
  return response.headers.get('x-fluxgate-error');
}

const allowedOrigin = (response: Response) => response.headers.get('access-control-allow-origin');
const corsHeaders = (response: Response) =>
  [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('a preflight', () => {
  it.each([
    ['POST', '/v1/flux-2-flex'],
    ['POST', '/v1/images/generations'],
    ['GET', '/v1/tasks/x/events'],
    ['DELETE', '/v1/tasks/x'],
    ['PUT', '/v1/pins/x'],
  ])('of %s %s allows what the client sends, and holds for a day', async (method, path) => {
    const response = await ask(path, method);
    expect(response.status).toBe(204);
    expect(allowedOrigin(response)).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain(method);
    const allowed = response.headers
      .get('access-control-allow-headers')
      ?.split(',')
      .map((name) => name.trim());
    expect(allowed).toEqual(sentHeaders);
    expect(response.headers.get('access-control-max-age')).toBe('86400');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each(['accounts', 'accounts/x/keys', 'keys/x/rotate', 'pictures/x'])(
    'of /v1/admin/%s is refused',
    async (path) => {
      for (const spelling of [`/v1/admin/${path}`, `/v1/%61dmin/${path}`, `/metrics`]) {
        const response = await ask(spelling, 'POST');
        expect(response.status).toBe(403);
        expect(corsHeaders(response)).toEqual([]);
      }
    },
  );
});

describe('the administration', () => {
  it('answers the pages of no other site, whatever it answers', async () => {
    const headers = { origin: home };
    const answers = [
      await admin('accounts', { headers }),
      await admin('accounts', { headers, key: 'fg_wrong' }),
      await admin('nothing', { headers }),
      await admin('accounts', { headers, json: {} }),
      await call('/v1/%61dmin/accounts', { headers, key: env.ADMIN_TOKEN }),
      await call('/metrics', { headers, key: env.ADMIN_TOKEN }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 400, 200, 200]);
    for (const answer of answers) expect(corsHeaders(answer)).toEqual([]);
  });
});

describe('what only administrators may ask', () => {
  const admins = adminRoutesTold(['bfl']).map(({ method, path }) => [method, path] as const);
  const forms = ['/v1/usage?account=*', '/v1/usage?account=cors-bound&format=csv', '/v1/usage?account=*&days=wrong'];
  const lists = ['/v1/tasks?account=development', '/v1/tasks?account=*', '/v1/providers'];
  const asked = [...admins, ...[...forms, ...lists].map((path) => ['GET', path] as const)];

  it('is many things', () => {
    expect(admins.length).toBeGreaterThan(15);
  });

  it.each(asked)('is told to the pages of no other site: %s %s', async (method, path) => {
    const reader = await addAccount(`cors-${crypto.randomUUID()}`, { scopes: ['read'] });
    const wrong = path === '/v1/providers' ? [] : [reader, 'fg_wrong', null];
    for (const key of [env.ADMIN_TOKEN, ...wrong]) {
      const headers = { origin: home, 'content-type': 'application/json' };
      const named = path.replace(':id', 'cors-nobody').replace(':fingerprint', '0'.repeat(64));
      const answer = await call(named, { method, headers, key, ...(method === 'POST' ? { body: '{' } : {}) });
      expect([key, answer.status, corsHeaders(answer)]).toEqual([key, expect.any(Number), []]);
    }
  });

  it('is told to others where it is the account of the key that asks', async () => {
    const key = await addAccount('cors-own');
    for (const path of ['/v1/usage', '/v1/tasks', '/v1/providers'])
      expect(allowedOrigin(await call(path, { headers: { origin: home }, key }))).toBe('*');
    const picture = await call(`/images/${'0'.repeat(64)}.png?account=*`, { headers: { origin: home }, key: null });
    expect(allowedOrigin(picture)).toBe('*');
  });
});

describe('a key that is bound to origins', () => {
  it('works in their pages, and tells caches that the answer is for that origin', async () => {
    const { key } = await accountWithKey('cors-bound', { kind: 'pub', origins: [home, 'https://other.example'] });
    for (const origin of [home, 'https://other.example']) {
      const response = await call('/v1/flux-2-flex', { json: order, key, headers: { origin } });
      expect(response.status).toBe(200);
      expect(allowedOrigin(response)).toBe(origin);
      expect(response.headers.get('vary')).toContain('Origin');
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      const { id } = await response.json<{ id: string }>();
      const task = await call(`/v1/tasks/${id}`, { key, headers: { origin } });
      expect([task.status, allowedOrigin(task)]).toEqual([200, origin]);
    }
  });

  it('is told what is wrong with an order, which only its page can read', async () => {
    const key = await addAccount('cors-refused', { kind: 'pub', origins: [home] });
    const response = await call('/v1/flux-2-flex', { json: { ...order, width: 9 }, key, headers: { origin: home } });
    expect(response.status).toBe(422);
    expect(allowedOrigin(response)).toBe(home);
  });

  it.each([
    ['another site', 'https://evil.example'],
    ['no origin at all, as of a sandboxed frame or a file', 'null'],
    ['a subdomain', 'https://www.site.example'],
    ['a longer host that begins alike', 'https://site.example.evil.test'],
    ['a longer host that ends alike', 'https://evilsite.example'],
    ['a user name', 'https://site.example@evil.test'],
    ['another scheme', 'http://site.example'],
    ['a port', 'https://site.example:8443'],
    ['the usual port, which browsers leave out', 'https://site.example:443'],
    ['capitals, which browsers do not send', 'https://SITE.example'],
    ['a trailing dot', 'https://site.example.'],
    ['a path', 'https://site.example/'],
    ['two origins', 'https://site.example https://evil.example'],
    ['a list', 'https://site.example, https://evil.example'],
    ['a tab', 'https://site.example\tx'],
    ['nothing', ''],
  ])('is refused with a reason for %s', async (_, origin) => {
    const key = await addAccount(`cors-${crypto.randomUUID()}`, { kind: 'pub', origins: [home] });
    const response = await call('/v1/flux-2-flex', { json: order, key, headers: { origin } });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-fluxgate-error')).toBe('forbidden');
    expect(await response.text()).toContain(`This key works only in pages of ${home}`);
    expect(allowedOrigin(response)).toBe('*');
  });

  it('is refused without an Origin', async () => {
    const key = await addAccount('cors-none', { kind: 'pub', origins: [home] });
    expect((await call('/v1/flux-2-flex', { json: order, key })).status).toBe(403);
  });

  it.each([
    'null',
    '*',
    'site.example',
    'https://site.example/',
    'https://SITE.example',
    'https://*.site.example',
    'file:///x',
  ])('cannot be bound to %s', async (origin) => {
    await admin('accounts', { json: { id: 'cors-odd', name: 'odd' } });
    const json = { name: 'odd', kind: 'pub', origins: [origin] };
    expect((await admin('accounts/cors-odd/keys', { json })).status).toBe(400);
  });

  it('that is turned off elsewhere stops within a minute', async () => {
    const account = `cors-off-${crypto.randomUUID()}`;
    await addAccount(account);
    const key = await addKey(account, { kind: 'pub', origins: [home] });
    const use = () => faultOf(key);
    expect(await use()).toBeNull();
    // As another of the service's instances would have it written: this one is told nothing.
    const statement = env.LEDGER.prepare("UPDATE api_keys SET revoked_at = 1 WHERE account_id = ?1 AND kind = 'pub'");
    await statement.bind(account).run();
    expect(await use()).toBeNull();
    expect(await afterSeconds(60, use)).toBe('unauthenticated');
  });

  it('that is turned off here stops at once', async () => {
    const { id, key } = await accountWithKey('cors-off-here', { kind: 'pub', origins: [home] });
    const use = () => faultOf(key);
    expect(await use()).toBeNull();
    await admin(`keys/${id}`, { method: 'DELETE' });
    expect(await use()).toBe('unauthenticated');
  });
});

it('answers everybody about public pictures and with other keys', async () => {
  const headers = { origin: home };
  for (const path of ['/health', '/images/x.png', '/v1/usage', '/nothing'])
    expect(allowedOrigin(await call(path, { headers }))).toBe('*');
});
