import { describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import { dialects } from '../../src/dialects/registry';
import { wirePath } from '../../src/discovery/wire-schema';
import { call, origin } from '../support/front-door';

interface OpenApiOperation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Record<string, { content: { 'application/json': { schema: { properties: object } } } }>;
  readonly security: readonly object[];
}

describe('what the service says about itself', () => {
  it('serves an OpenAPI 3.1 document of its own origin, to anybody', async () => {
    const response = await call('/openapi.json', { key: null });
    const document = (await response.json()) as { openapi: string; servers: { url: string }[]; paths: object };
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: origin }]);
    expect(Object.keys(document.paths)).toContain('/v1/images/generations');
  });

  it('tells every route that it serves under /v1, with what it takes and answers', async () => {
    const response = await call('/openapi.json', { key: null });
    const { paths } = await response.json<{ paths: Record<string, Record<string, OpenApiOperation>> }>();
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(v1\/|metrics)/.test(path))
      .map(({ method, path }) => `${method} ${wirePath(path)}`);
    expect(served.length).toBeGreaterThan(40);
    expect([...new Set(served)].filter((route) => !told.includes(route))).toEqual([]);
    const usage = paths['/v1/usage']?.get;
    expect(usage?.parameters?.map(({ name }) => name)).toEqual([
      ...['from', 'to', 'days', 'group', 'latency', 'format', 'account'],
    ]);
    expect(usage?.responses['200']?.content['application/json'].schema.properties).toHaveProperty('latency_days');
    expect(paths['/v1/pictures/{fingerprint}']?.delete?.responses).toHaveProperty('409');
    const link = paths['/i/{slug}.{format}']?.get;
    expect(link?.security).toEqual([]);
    expect(link?.parameters?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['slug', 'format', 'prompt', 'key', 'sig', 'exp', 'max', 'onmiss', 'onfail']),
    );
    expect(paths['/v1/admin/accounts']?.post?.security).toEqual([{ bearer: [] }]);
  });

  it('serves a reference page that asks no foreign host for anything', async () => {
    const response = await call('/docs', { key: null });
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([...page.matchAll(/(?:src|href|data-url)="([^"]+)"/g)].map((match) => match[1]?.slice(0, 1))).toEqual([
      '/',
      '/',
      '/',
    ]);
  });

  it('serves llms.txt with every route', async () => {
    const text = await (await call('/llms.txt', { key: null })).text();
    expect(text.startsWith('# ')).toBe(true);
    for (const { operations } of dialects) for (const { path } of operations) expect(text).toContain(path);
    for (const path of ['/v1/usage', '/v1/tasks', '/v1/keys', '/v1/pictures/{fingerprint}', '/images/{', '/i/{'])
      expect(text).toMatch(new RegExp(`^- [A-Z]+ ${path.replaceAll(/[{}]/g, '\\$&')}`, 'm'));
    expect(text).not.toContain('/v1/admin/');
  });

  it('lists the model with its price, parameters and limits, true to this deployment', async () => {
    const response = await call('/v1/models/black-forest-labs/flux-2-flex');
    const model = (await response.json()) as Record<string, unknown>;
    expect(model).toMatchObject({
      id: 'black-forest-labs/flux-2-flex',
      object: 'model',
      owned_by: 'black-forest-labs',
    });
    expect(JSON.stringify(model)).toContain('32000');
  });
});
