import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app';
import { dialects } from '../../src/dialects/registry';
import { requestRecipes } from '../../src/discovery/request-recipes';
import { composeRequest } from '../../src/web/samples/compose-request';
import { call, enter, origin } from '../support/front-door';
import { secretsIn } from '../support/sent-secrets';

afterEach(() => vi.restoreAllMocks());

type Line = Readonly<Record<string, unknown>>;
/** All that a line may have: a field for what is secret would be one too many. */
const fieldNames = [
  ...['event', 'request', 'method', 'route', 'status', 'duration_ms', 'bytes', 'colo', 'ray'],
  ...['dialect', 'fault', 'account', 'key', 'task', 'fingerprint', 'source', 'provider'],
  ...['quoted_micros', 'spent_micros'],
];
const costNames = ['quoted_micros', 'spent_micros'];

/** One request, and the lines that were logged of it. */
async function linesOf(work: () => Promise<Response>): Promise<{ response: Response; lines: Line[] }> {
  const spy = vi.spyOn(console, 'log');
  const response = await work();
  await response.arrayBuffer();
  const texts = spy.mock.calls.map(([text]) => String(text)).filter((text) => text.startsWith('{"event":"request"'));
  spy.mockRestore();
  return { response, lines: texts.map((text): Line => JSON.parse(text)) };
}

/** Every route of the service but middleware; a path that refuses all other methods is asked with one of them. */
const routes = [
  ...new Map(
    app.routes
      .filter(({ path }) => !path.endsWith('*'))
      .map(({ method, path }) => [`${method} ${path}`, { method: method === 'ALL' ? 'PROPFIND' : method, path }]),
  ).values(),
];
const filled = (path: string) =>
  path
    .replace(':owner', 'black-forest-labs')
    .replace(':name', 'flux-2-flex')
    .replaceAll(/:\w+(\{[^}]*\})?/g, 'nothing-there');

describe('every route', () => {
  it('is among those that are asked', () => {
    const paths = new Set(routes.map(({ path }) => path));
    expect(paths.size).toBeGreaterThan(80);
    for (const { path } of dialects.flatMap(({ operations }) => operations)) expect(paths).toContain(path);
  });

  it.each(routes)('$method $path has one line of a request, without a cost where nothing is bought', async (route) => {
    const { method, path } = route;
    const takesBody = ['POST', 'PUT', 'PATCH'].includes(method);
    const body = takesBody ? JSON.stringify({ unknown: 'request lines: a thought' }) : null;
    const headers = {
      authorization: `Bearer ${env.DEV_API_KEY}`,
      'x-key': env.DEV_API_KEY,
      'content-type': 'application/json',
    };
    // What it redirects to is a request of its own.
    const request = new Request(origin + filled(path), { method, headers, body, redirect: 'manual' });
    const { response, lines } = await linesOf(() => enter(request));
    expect(lines).toHaveLength(1);
    const [line = {}] = lines;
    expect(line).toMatchObject({
      ...{ event: 'request', method, route: path, status: response.status, duration_ms: expect.any(Number) },
      request: response.headers.get('x-request-id'),
    });
    expect(line.fault ?? null).toBe(response.headers.get('x-fluxgate-error'));
    expect(line.fault !== undefined).toBe(response.status >= 400);
    expect(Object.keys(line).filter((name) => !fieldNames.includes(name))).toEqual([]);
    expect(Object.keys(line).filter((name) => costNames.includes(name))).toEqual([]);
    expect(secretsIn(JSON.stringify(line))).toEqual([]);
    // What does not say for how long it holds is kept by the cache in front of the Worker.
    expect(response.headers.get('cache-control')).not.toBeNull();
  });

  it.each([
    ['OPTIONS', '/v1/images/generations'],
    ['GET', '/nothing/here'],
    ['HEAD', '/health'],
  ])('and so has %s %s', async (method, path) => {
    const { response, lines } = await linesOf(() => call(path, { method, key: null }));
    expect(lines).toMatchObject([{ method, status: response.status, request: response.headers.get('x-request-id') }]);
    expect(response.headers.get('cache-control')).not.toBeNull();
  });
});

describe('a picture', () => {
  const recipes = requestRecipes(dialects);
  const settings = { steps: 25, guidance: 5, promptUpsampling: true, safetyTolerance: 2, quality: 80 };
  const making = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));

  it.each(making.map(({ id }, index) => ({ id, seed: index + 1 })))(
    'that is bought through $id has its cost in the line',
    async ({ id, seed }) => {
      const prompt = `request lines: bought through ${id}`;
      const picture = { prompt, seed, references: [], width: 1024, height: 1024, format: 'png', ...settings } as const;
      const composed = composeRequest(
        recipes.filter(({ dialect }) => dialect === id),
        picture,
      );
      if (composed.kind === 'impossible') throw new Error(composed.reasons.join(', '));
      const { recipe, body } = composed;
      const headers = { ...recipe.headers, [recipe.key.header]: `${recipe.key.scheme} ${env.DEV_API_KEY}`.trim() };
      const order = () => call(recipe.path, { headers, json: body, key: null });
      const { response, lines } = await linesOf(order);
      expect(response.status).toBeLessThan(300);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({
        ...{ dialect: id, account: 'development', key: 'development', source: 'bought' },
        task: response.headers.get('x-fluxgate-task'),
        fingerprint: response.headers.get('x-fluxgate-fingerprint'),
        ...{ quoted_micros: expect.any(Number), spent_micros: expect.any(Number) },
      });
      expect(secretsIn(JSON.stringify(lines))).toEqual([]);
    },
  );
});
