import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { call } from '../support/front-door';
import { expectNothingShown, orderRoutes, refusedField } from '../support/refusal';

describe.each(orderRoutes)('$path', (route) => {
  const order = JSON.stringify({ prompt: 'content types', seed: 1, ...route.fields });
  const takesForms = route.path.endsWith('edits');

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'image/png',
    'application/octet-stream',
    'application/jsonx',
    'json',
    ';',
    'x'.repeat(5000),
    ...(takesForms ? [] : ['multipart/form-data; boundary=x']),
  ])('does not take %s', async (type) => {
    const response = await call(route.path, { body: order, headers: { 'content-type': type } });
    await refusedField(route, response, 415);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/vnd.api+json',
    null,
  ])('takes %s', async (type) => {
    const body = new TextEncoder().encode(JSON.stringify({ prompt: 3, ...route.fields }));
    const response = await call(route.path, { body, headers: type === null ? {} : { 'content-type': type } });
    expect(await refusedField(route, response)).toBe('prompt');
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('does not take %s', async (method) => {
    const response = await call(route.path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    if (method !== 'HEAD') route.fieldOf(await response.json());
  });

  it('asks for the key before it looks at anything else', async () => {
    for (const key of [null, 'fg_wrong', 'x'.repeat(100_000)]) {
      const response = await call(route.path, { body: '{', key });
      expect([401, 403]).toContain(response.status);
      expectNothingShown(await response.text());
    }
  });

  it.each(['/', '/more', '/..%2f', '%00', '?x=1#y/extra/'])('is not at %s', async (rest) => {
    const response = await call(route.path + rest, { json: { prompt: '' } });
    const isQuery = rest.startsWith('?');
    await refusedField(route, response, isQuery ? route.status : 404);
  });
});

describe('any path', () => {
  const paths = [
    '/nowhere',
    '/v1',
    '/v1/',
    '/v1/nowhere',
    '//v1/models',
    '/v1//models',
    '/%',
    '/%00',
    '/%E0%A4%A',
    '/%ff%fe',
    '/v1/tasks/%',
    '/v1/models/%',
    '/images/%',
    '/v1/get_result?id=%',
    '/v1/get_result?id=%E0%A4%A',
    '/v1/usage?days=%',
    `/${'a'.repeat(8000)}`,
    `/v1/tasks/${'a/'.repeat(2000)}`,
    '/.env',
    '/.dev.vars',
    '/wrangler.toml',
    '/../../etc/passwd',
    '/__proto__',
    '/constructor',
    '/v1/get_result?id=a&id=b',
    `/v1/get_result?${'id=x&'.repeat(2000)}`,
  ];
  it.each(paths)('%s is answered with what it is', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const response = await call(path, { method });
      expect(response.status).toBeLessThan(500);
      const text = await response.text();
      if (response.status < 400) continue;
      expectNothingShown(text);
      expect(Object.keys(JSON.parse(text)).length).toBeGreaterThan(0);
    }
  });

  it('that is not there is told by its method, and no more of it than fits', async () => {
    const response = await call(`/${'a'.repeat(5000)}`, { method: 'PUT' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: { code: 'not_found', message: expect.stringContaining('PUT /aaa') },
    });
  });
});

describe('any header', () => {
  const hostile: Record<string, string>[] = [
    { authorization: `Bearer ${'x'.repeat(100_000)}` },
    { authorization: 'Bearer \u00ff\u00fe' },
    { authorization: ' '.repeat(50_000) },
    { 'x-key': 'é'.repeat(1000) },
    { 'content-length': 'NaN' },
    { 'last-event-id': '9'.repeat(10_000) },
    { 'if-none-match': `"${'x,'.repeat(20_000)}` },
    { range: `bytes=${'9'.repeat(10_000)}` },
    { host: '' },
    { 'x-forwarded-host': 'evil.example' },
    { accept: 'text/html' },
    { cookie: 'x'.repeat(50_000) },
  ];
  it.each(hostile.map((headers) => ({ name: Object.keys(headers)[0] ?? '', headers })))(
    '$name is survived',
    async ({ headers }) => {
      const paths = ['/v1/usage', '/v1/credits', '/v1/models', '/v1/tasks/x/events', `/images/${'0'.repeat(64)}.png`];
      for (const path of paths) {
        const response = await call(path, { headers });
        expect(response.status).toBeLessThan(500);
        const text = await response.text();
        if (response.status >= 400) expectNothingShown(text);
      }
    },
  );

  it('leaves the request its own id', async () => {
    const ids = await Promise.all([1, 2].map(async () => (await call('/nowhere')).headers.get('x-request-id')));
    expect(new Set(ids).size).toBe(2);
    const sent = await call('/nowhere', { headers: { 'x-request-id': 'mine' } });
    expect(sent.headers.get('x-request-id')).not.toBe('mine');
  });
});

describe('a fault of our own', () => {
  it('is told as one, in the shape of each dialect, with nothing of what it was', async () => {
    const secret = 'no such table: accounts';
    const broken = vi.spyOn(Object.getPrototypeOf(env.LEDGER), 'prepare').mockImplementation(() => {
      throw new Error(secret);
    });
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      for (const route of orderRoutes) {
        const response = await call(route.path, { json: { prompt: 'x' }, key: `fg_unknown_${route.path}` });
        expect(response.status).toBe(500);
        const text = await response.text();
        expectNothingShown(text);
        expect(text).not.toContain(secret);
        route.fieldOf(JSON.parse(text));
      }
      expect(logged.mock.calls.flat().join()).toContain(secret);
    } finally {
      broken.mockRestore();
      logged.mockRestore();
    }
  });
});
