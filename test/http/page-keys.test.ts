import { beforeAll, describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import type { Dialect, Operation } from '../../src/core/dialect';
import { Fault } from '../../src/core/fault';
import { dialects } from '../../src/dialects/registry';
import { addAccount, addKey } from '../support/accounts';
import { call } from '../support/front-door';

/**
 * What a route asks of a key: none at all; any; one that orders; one that was made to read, too; a secret one; one that
 * runs the deployment. A key of a web page is everybody's who looks at the page.
 */
type Need = 'nothing' | 'any' | 'generate' | 'read' | 'secret' | 'admin';

const needOfKind: Readonly<Record<Operation['kind'], Need>> = {
  create: 'generate',
  cancel: 'generate',
  upload: 'generate',
  'upload-promise': 'generate',
  read: 'generate',
  watch: 'generate',
  'upload-read': 'generate',
  catalogue: 'any',
  balance: 'read',
  // Ids of tasks are as good as the tasks: who has them can cancel.
  list: 'secret',
  // Who has it can send webhooks that look like ours.
  'webhook-key': 'secret',
};

const ownNeeds: Readonly<Record<string, Need>> = {
  'GET /v1/key': 'any',
  'GET /v1/account': 'read',
  'GET /v1/usage': 'read',
  'GET /v1/providers': 'read',
  'POST /v1/quote': 'read',
  'GET /v1/keys': 'secret',
  'GET /v1/tasks': 'secret',
  'DELETE /v1/pictures/:fingerprint': 'secret',
  'GET /v1/pins': 'secret',
  'PUT /v1/pins/:fingerprint': 'secret',
  'DELETE /v1/pins/:fingerprint': 'secret',
  'GET /v1/provider-keys': 'secret',
  'PUT /v1/provider-keys/:provider': 'secret',
  'DELETE /v1/provider-keys/:provider': 'secret',
  'GET /v1/webhooks/secret': 'secret',
};

const operations = new Map<string, { readonly dialect: Dialect; readonly operation: Operation }>(
  dialects.flatMap((dialect) =>
    dialect.operations.map((operation) => [`${operation.method} ${operation.path}`, { dialect, operation }] as const),
  ),
);
const routes = [
  ...new Map(
    app.routes
      .filter(({ method, path }) => method !== 'ALL' && method !== 'OPTIONS' && !path.endsWith('*'))
      .map(({ method, path }) => [`${method} ${path}`, { name: `${method} ${path}`, method, path }]),
  ).values(),
];

function needOf(name: string): Need | undefined {
  const own = ownNeeds[name];
  if (own !== undefined) return own;
  const served = operations.get(name);
  if (served !== undefined) return served.operation.auth === 'none' ? 'nothing' : needOfKind[served.operation.kind];
  const path = name.slice(name.indexOf(' ') + 1);
  if (path.startsWith('/v1/admin/') || path === '/metrics') return 'admin';
  return path.startsWith('/v1/') ? undefined : 'nothing';
}

const site = 'https://page-keys.example';
const fingerprint = 'a'.repeat(64);
const filled = (path: string) =>
  path
    .replace(':owner', 'black-forest-labs')
    .replace(':name', 'flux-2-flex')
    .replace(':fingerprint', fingerprint)
    .replaceAll(/:\w+(\{[^}]*\})?/g, 'nothing');

async function ask({ name, method, path }: (typeof routes)[number], key: string): Promise<[number, string]> {
  const dialect = operations.get(name)?.dialect;
  const tries = [
    { authorization: `Bearer ${key}` },
    { 'x-key': key },
    { authorization: `Key ${key}` },
    { 'api-key': key },
  ];
  const credential = tries.find((given) => dialect?.credential(new Headers(given)) === key) ?? tries[0];
  const takesBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const headers = { ...credential, origin: site };
  const response = await call(filled(path), { method, key: null, headers, ...(takesBody ? { json: null } : {}) });
  return [response.status, await response.text()];
}

const keys = { usual: '', whole: '' };
beforeAll(async () => {
  const bound = { kind: 'pub', origins: [site] } as const;
  keys.usual = await addAccount('page-keys', { ...bound, scopes: ['generate'] });
  keys.whole = await addKey('page-keys', { ...bound, scopes: ['generate', 'read'] });
});

describe('a key of a web page', () => {
  it('has its place in the table for every route that looks at keys', () => {
    expect(routes.filter(({ name }) => needOf(name) === undefined).map(({ name }) => name)).toEqual([]);
    const served = new Set(routes.map(({ name }) => name));
    expect(Object.keys(ownNeeds).filter((name) => !served.has(name))).toEqual([]);
  });

  it.each(routes)('asks, orders and follows, and may nothing else: $name', async (route) => {
    const need = needOf(route.name);
    const may = { usual: ['nothing', 'any', 'generate'], whole: ['nothing', 'any', 'generate', 'read'] } as const;
    const dialect = operations.get(route.name)?.dialect;
    const { status } = dialect?.encodeFault(new Fault('forbidden', 'x'), 'y') ?? { status: 403 };
    for (const which of ['usual', 'whole'] as const) {
      const [answered, text] = await ask(route, keys[which]);
      const isRefused = /This needs a (secret key|key with the scope)/.test(text);
      expect([which, isRefused]).toEqual([which, !may[which].some((allowed) => allowed === need)]);
      if (isRefused) expect([which, answered]).toEqual([which, status]);
      else expect([which, answered]).not.toEqual([which, 401]);
    }
  });

  it('asks what it is, and is told nothing of its account', async () => {
    for (const key of [keys.usual, keys.whole]) {
      const response = await call('/v1/key', { key, headers: { origin: site } });
      const told = { object: 'api_key', kind: 'pub', origins: [site], limits: { day_micros: null } };
      expect([response.status, await response.json()]).toMatchObject([200, told]);
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect((await call('/v1/key', { key })).status).toBe(403);
    }
  });
});
