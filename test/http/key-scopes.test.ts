import { describe, expect, it } from 'vitest';
import type { Dialect, Operation } from '../../src/core/dialect';
import { Fault } from '../../src/core/fault';
import { dialects } from '../../src/dialects/registry';
import { operationExample } from '../../src/discovery/examples';
import { type AccountOptions, addAccount } from '../support/accounts';
import { call } from '../support/front-door';

const pathOf = (path: string) =>
  path
    .replace(':owner', 'black-forest-labs')
    .replace(':name', 'flux-2-flex')
    .replaceAll(/:\w+(\{[^}]*\})?/g, 'nothing');

function ask(dialect: Dialect, operation: Operation, key: string, headers: Readonly<Record<string, string>> = {}) {
  const tries = [
    { authorization: `Bearer ${key}` },
    { 'x-key': key },
    { authorization: `Key ${key}` },
    { 'api-key': key },
  ];
  const sent = { ...tries.find((given) => dialect.credential(new Headers(given)) === key), ...headers };
  const { method } = operation;
  // A body that no dialect takes: whoever gets past the key is told so.
  const options = method === 'GET' || method === 'DELETE' ? {} : { json: null };
  return call(pathOf(operation.path), { method, key: null, headers: sent, ...options });
}

const keyed = (dialect: Dialect) => dialect.operations.filter(({ auth = 'required' }) => auth !== 'none');
const firstCreate = ({ operations }: Dialect) => operations.find((operation) => operation.kind === 'create');
const shapeOf = (body: unknown) => Object.keys(Object(body)).toSorted().join();
const keyWith = (options: AccountOptions) => addAccount(`scope-${crypto.randomUUID()}`, options);

async function expectForbidden(dialect: Dialect, response: Response, told: string): Promise<void> {
  const text = await response.text();
  const expected = dialect.encodeFault(new Fault('forbidden', 'x'), 'y');
  expect([response.status, text]).toEqual([expected.status, expect.stringContaining(told)]);
  expect(shapeOf(JSON.parse(text))).toBe(shapeOf(expected.body));
}

describe.each(dialects.map((dialect) => [dialect.id, dialect] as const))('a key in %s', (_id, dialect) => {
  it('that may only read orders nothing, cancels nothing and uploads nothing, and is told why', async () => {
    const key = await keyWith({ scopes: ['read'] });
    const writes = keyed(dialect).filter(({ kind }) => ['create', 'cancel', 'upload', 'upload-promise'].includes(kind));
    for (const operation of writes)
      await expectForbidden(dialect, await ask(dialect, operation, key), 'the scope generate; this key has read.');
  });

  it('that may only order does not read what the account has, yet follows what it ordered', async () => {
    const key = await keyWith({ scopes: ['generate'] });
    for (const operation of keyed(dialect)) {
      const response = await ask(dialect, operation, key);
      if (['list', 'balance', 'webhook-key'].includes(operation.kind))
        await expectForbidden(dialect, response, 'the scope read; this key has generate.');
      else
        expect([operation.path, await response.text()]).toEqual([operation.path, expect.not.stringContaining('scope')]);
    }
  });

  it('that only administrates orders nothing', async () => {
    const key = await keyWith({ scopes: ['admin'] });
    const create = firstCreate(dialect);
    if (create !== undefined) await expectForbidden(dialect, await ask(dialect, create, key), 'this key has admin.');
  });

  it('works in its own dialects alone, and in the tasks that all of them share', async () => {
    const others = dialects.filter(({ id }) => id !== dialect.id && id !== 'fluxgate').map(({ id }) => id);
    const [stranger, native] = [await keyWith({ dialects: others }), await keyWith({ dialects: [dialect.id] })];
    for (const operation of keyed(dialect)) {
      const told = `it works in ${others.join(', ')}.`;
      const response = await ask(dialect, operation, stranger);
      if (dialect.id === 'fluxgate') expect(await response.text()).not.toContain('works in');
      else await expectForbidden(dialect, response, told);
      expect(await (await ask(dialect, operation, native)).text()).not.toContain('works in');
    }
  });

  it('that is bound to pages works from them alone', async () => {
    const key = await keyWith({ kind: 'pub', origins: ['https://shop.example'] });
    for (const operation of keyed(dialect)) {
      const told = 'only in pages of https://shop.example';
      await expectForbidden(dialect, await ask(dialect, operation, key), told);
      for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'null'])
        await expectForbidden(dialect, await ask(dialect, operation, key, { origin }), told);
      const own = await ask(dialect, operation, key, { origin: 'https://shop.example' });
      expect(await own.text()).not.toContain('only in pages');
    }
  });

  it('that is unknown, expired or revoked is refused by every operation that looks at keys', async () => {
    const keys = [
      `fg_live_${crypto.randomUUID()}`,
      await keyWith({ expiresAt: Date.now() - 1 }),
      await keyWith({ revokedAt: Date.now() - 1 }),
    ];
    const expected = dialect.encodeFault(new Fault('unauthenticated', 'x'), 'y');
    for (const key of keys) {
      for (const operation of keyed(dialect)) {
        const response = await ask(dialect, operation, key);
        const text = await response.text();
        expect([operation.path, response.status]).toEqual([operation.path, expected.status]);
        expect(shapeOf(JSON.parse(text))).toBe(shapeOf(expected.body));
        expect(text).not.toContain(key);
      }
    }
  });

  it('may order up to its own limits', async () => {
    const create = firstCreate(dialect);
    const example = create === undefined ? null : operationExample(create);
    if (create === undefined || example === null) return;
    const key = await keyWith({ keyLimits: { maximumMegapixels: 0.001 } });
    const tries = [
      { authorization: `Bearer ${key}` },
      { 'x-key': key },
      { authorization: `Key ${key}` },
      { 'api-key': key },
    ];
    const headers = tries.find((given) => dialect.credential(new Headers(given)) === key) ?? {};
    const response = await call(pathOf(create.path), { key: null, headers, json: example });
    await expectForbidden(dialect, response, 'this key may order at most 0.001 megapixels');
  });
});

it('quotes no more than its key may order, and names the field', async () => {
  const key = await keyWith({ keyLimits: { maximumMegapixels: 0.1 } });
  const quoted = (width: number) =>
    call('/v1/quote?dialect=bfl', { key, json: { prompt: 'quoted up to the limits', width, height: 256, seed: 7 } });
  expect((await quoted(256)).status).toBe(200);
  const refused = await quoted(1024);
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { error: { code: 'forbidden', issues: [{ field: 'size', message: expect.stringContaining('at most 0.1') }] } },
  ]);
});
