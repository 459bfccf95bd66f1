import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { CreateOperation, Dialect } from '../../src/core/dialect';
import { Fault, type FaultCode, faultTable } from '../../src/core/fault';
import { dialects } from '../../src/dialects/registry';
import { operationExample } from '../../src/discovery/examples';
import { bytesAt, call, origin } from '../support/front-door';
import { ways } from './one-picture';

const codes = Object.keys(faultTable) as FaultCode[];
const makers = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
const createsOf = (dialect: Dialect) => dialect.operations.filter((operation) => operation.kind === 'create');
const pathOf = (path: string) =>
  path
    .replace(':owner', 'black-forest-labs')
    .replace(':name', 'flux-2-flex')
    .replaceAll(/:\w+(\{[^}]*\})?/g, 'nothing');

/** The keys of an answer, to tell one shape from another. */
const shapeOf = (body: unknown): string =>
  typeof body === 'object' && body !== null ? Object.keys(body).toSorted().join() : typeof body;

/** A request to an operation that is right but for what a test changes. */
function order(
  dialect: Dialect,
  operation: CreateOperation,
  { key = env.DEV_API_KEY, json }: { key?: string | null; json?: unknown } = {},
) {
  const body = json ?? operationExample(operation);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (key !== null) Object.assign(headers, keyHeader(dialect, key));
  return call(pathOf(operation.path), { method: 'POST', headers, body: JSON.stringify(body), key: null });
}

function keyHeader(dialect: Dialect, key: string): Record<string, string> {
  const tries = [
    { authorization: `Bearer ${key}` },
    { 'x-key': key },
    { authorization: `Key ${key}` },
    { 'api-key': key },
  ];
  return tries.find((headers) => dialect.credential(new Headers(headers)) === key) ?? {};
}

describe.each(dialects.map((dialect) => [dialect.id, dialect] as const))('the dialect %s', (_id, dialect) => {
  it.each(codes)('words the fault %s as an error of its own, with the message and nothing secret', (code) => {
    const secret = 'cause-with-a-key-in-it';
    const fault = new Fault(code, 'The sentence for the caller.', { cause: new Error(secret) });
    const { status, body } = dialect.encodeFault(fault, 'request-1');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    const text = JSON.stringify(body);
    if (code !== 'unauthenticated') expect(text).toContain('The sentence for the caller.');
    expect(text).not.toContain(secret);
    // Clients retry a 5xx by themselves: what would fail again, or buy again, must not be one everywhere.
    if (!faultTable[code].isRetryable) expect(status).toBeLessThan(500);
  });

  it('answers paths below its own prefixes in its own shape', async () => {
    for (const prefix of dialect.prefixes.filter((candidate) => candidate !== '/')) {
      const response = await call(`${prefix}/there-is/nothing/at/all/here`);
      const expected = dialect.encodeFault(new Fault('not_found', 'x'), 'y').body;
      expect([prefix, response.status, shapeOf(await response.json())]).toEqual([
        prefix,
        expect.any(Number),
        shapeOf(expected),
      ]);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
  });

  it('refuses another method with 405 and Allow', async () => {
    for (const { path } of dialect.operations) {
      const response = await call(pathOf(path), { method: 'PATCH' });
      expect([path, response.status]).toEqual([path, 405]);
      expect(response.headers.get('allow')).toMatch(/^[A-Z, ]+$/);
    }
  });
});

describe.each(makers.map((dialect) => [dialect.id, dialect] as const))('ordering in %s', (_id, dialect) => {
  it.each(createsOf(dialect).map((operation) => [operation.path, operation] as const))(
    '%s needs a key',
    async (_path, operation) => {
      const [without, withBad] = [
        await order(dialect, operation, { key: null }),
        await order(dialect, operation, { key: 'fg_wrong' }),
      ];
      const expected = dialect.encodeFault(new Fault('unauthenticated', 'x'), 'y');
      for (const response of [without, withBad]) {
        expect(response.status).toBe(expected.status);
        const text = await response.text();
        expect(shapeOf(JSON.parse(text))).toBe(shapeOf(expected.body));
        expect(text).not.toContain('fg_wrong');
      }
    },
  );

  it.each(createsOf(dialect).map((operation) => [operation.path, operation] as const))(
    '%s refuses what it cannot read in its own shape',
    async (path) => {
      const expected = dialect.encodeFault(new Fault('invalid_request', 'x'), 'y');
      const bodies = ['{not json', '[]', '"text"', 'null', '{}', '{"__proto__":{"prompt":"x"}}'];
      for (const body of bodies) {
        const headers = { 'content-type': 'application/json', ...keyHeader(dialect, env.DEV_API_KEY) };
        const response = await call(pathOf(path), { method: 'POST', headers, body, key: null });
        expect([body, response.status]).toEqual([body, expected.status]);
        expect(shapeOf(await response.json())).toBe(shapeOf(expected.body));
      }
      const typed = await call(pathOf(path), {
        headers: { 'content-type': 'text/plain', ...keyHeader(dialect, env.DEV_API_KEY) },
        body: 'x',
        key: null,
      });
      expect(typed.status).toBe(dialect.encodeFault(new Fault('unsupported_media_type', 'x'), 'y').status);
    },
  );

  it('does not know other models', async () => {
    for (const operation of createsOf(dialect)) {
      const example = operationExample(operation);
      // Where the path names the model, the path decides.
      const takesModel = example !== null && 'model' in example && !operation.path.includes(':name');
      if (!takesModel) continue;
      const response = await order(dialect, operation, { json: { ...example, model: 'no-such-model' } });
      expect([operation.path, response.status]).toEqual([operation.path, 404]);
    }
  });

  it.each(
    createsOf(dialect)
      .filter(({ accepts }) => accepts.includes('json'))
      .map((operation) => [operation.path, operation] as const),
  )('%s takes the example of its documentation', async (_path, operation) => {
    const response = await order(dialect, operation);
    expect([response.status, response.ok ? '' : await response.text()]).toEqual([expect.any(Number), '']);
  });
});

describe('one picture in every dialect', () => {
  it('has a way for every dialect that orders', () => {
    expect(Object.keys(ways).toSorted()).toEqual(makers.map(({ id }) => id).toSorted());
  });

  it('is the same file and one purchase, whatever the dialect and the delivery', async () => {
    const reached: { way: string; fingerprint: string; digest: string }[] = [];
    for (const [dialect, deliveries] of Object.entries(ways)) {
      for (const [delivery, go] of Object.entries(deliveries)) {
        const { url, fingerprint } = await go();
        expect(url.startsWith(`${origin}/`)).toBe(true);
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await bytesAt(url))).toHex();
        reached.push({ way: `${dialect} ${delivery}`, fingerprint, digest });
      }
    }
    const [first] = reached;
    for (const { way, fingerprint, digest } of reached)
      expect([way, fingerprint, digest]).toEqual([way, first?.fingerprint, first?.digest]);
    const { results } = await env.LEDGER.prepare('SELECT id FROM purchases WHERE fingerprint = ?1')
      .bind(first?.fingerprint)
      .all();
    expect(results).toHaveLength(1);
  });
});

it('gives every method and path to one dialect alone', () => {
  const routes = dialects.flatMap(({ id, operations }) =>
    operations.map(({ method, path }) => ({ id, route: `${method} ${path.replaceAll(/:\w+(\{[^}]*\})?/g, '*')}` })),
  );
  const taken = new Map<string, string>();
  for (const { id, route } of routes) {
    expect([route, taken.get(route) ?? id]).toEqual([route, id]);
    expect([route, taken.has(route)]).toEqual([route, false]);
    taken.set(route, id);
  }
});
