import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app';
import { addAccount } from '../support/accounts';
import { made } from '../support/bfl-caller';
import { call, origin } from '../support/front-door';
import { secretsIn } from '../support/sent-secrets';

afterEach(() => {
  vi.restoreAllMocks();
});

type Line = Readonly<Record<string, unknown>>;

/** The lines that are logged of the requests that `work` makes. */
async function linesOf(work: () => Promise<unknown>): Promise<Line[]> {
  const spy = vi.spyOn(console, 'log');
  await work();
  const lines = spy.mock.calls.map(([line]): Line => (String(line).startsWith('{') ? JSON.parse(String(line)) : {}));
  return lines.filter(({ event }) => event === 'request');
}

const picture = { prompt: 'request log: a private thought', size: '128x128', steps: 4 };

describe('the log of requests', () => {
  it('has one line of each, with who asked, what it was about and how it went', async () => {
    const key = await addAccount('logged');
    const headers = { 'cf-ray': '8f00-LIS', 'cf-connecting-ip': '198.51.100.77' };
    const order = () => call('/v1/images/generations', { json: { ...picture, seed: 1 }, key, headers });
    const [bought, hit, ...others] = await linesOf(async () => {
      await (await order()).text();
      await (await order()).text();
    });
    expect(others).toEqual([]);
    const shared = {
      event: 'request',
      request: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'POST',
      route: '/v1/images/generations',
      dialect: 'openai',
      status: 200,
      account: 'logged',
      key: expect.any(String),
      task: expect.any(String),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      provider: 'sandbox',
      duration_ms: expect.any(Number),
      ray: '8f00-LIS',
    };
    expect(bought).toMatchObject({ ...shared, source: 'bought', quoted_micros: expect.any(Number) });
    expect(hit).toMatchObject({ ...shared, source: 'hit', spent_micros: 0 });
    for (const line of [bought, hit]) {
      const text = JSON.stringify(line);
      expect([secretsIn(text), text.includes('198.51'), text.includes(key)]).toEqual([[], false, false]);
    }
  });

  it('has the pattern of a route, never the path or the query', async () => {
    const { sample } = await made({ prompt: 'request log: public', seed: 2 });
    const id = 'AAAAAAAAAAAAAAAAAAAAAA';
    const paths = [
      `${sample.slice(origin.length)}?w=48`,
      `/temporary/${'0'.repeat(64)}.png?expires=1&signature=${id}`,
      `/v1/tasks/${id}`,
      `/uploads/${id}.png`,
      `/nothing/at/${id}?key=${id}`,
    ];
    const lines = await linesOf(async () => {
      for (const path of paths) await (await call(path)).arrayBuffer();
    });
    expect(lines.map(({ route, status, fault }) => [route, status, fault])).toEqual([
      ['/images/:file', 200, undefined],
      ['/temporary/:file', 403, 'forbidden'],
      ['/v1/tasks/:id', 404, 'task_not_found'],
      ['/uploads/:file', 404, 'not_found'],
      ['none', 404, 'not_found'],
    ]);
    expect(JSON.stringify(lines)).not.toContain(id);
    expect(lines[0]?.bytes).toBeGreaterThan(100);
  });

  it('leaves out pictures that were there, and has those that were not', async () => {
    const { sample } = await made({ prompt: 'request log: hits', seed: 3 });
    const path = sample.slice(origin.length);
    const etag = (await call(path)).headers.get('etag') ?? '';
    const lines = await linesOf(async () => {
      expect((await call(path, { key: null })).status).toBe(200);
      expect((await call(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect((await call(path, { headers: { range: 'bytes=0-3' } })).status).toBe(206);
      expect((await call(path, { headers: { range: 'bytes=99999999-' } })).status).toBe(416);
      expect((await call(`${path}?w=47`)).status).toBe(400);
    });
    expect(lines.map(({ status }) => status)).toEqual([416, 400]);
  });

  it('is of failures alone, or of nothing, where the operator wants it so', async () => {
    const visit = async (logged: string, path: string) => {
      const request = new Request(origin + path);
      return await app.fetch(request, { ...env, LOG_REQUESTS: logged }, createExecutionContext());
    };
    const statuses = async (logged: string) =>
      (
        await linesOf(async () => {
          await visit(logged, '/health');
          await visit(logged, '/v1/usage');
        })
      ).map(({ status }) => status);
    expect(await statuses('all')).toEqual([200, 401]);
    vi.restoreAllMocks();
    expect(await statuses('errors')).toEqual([401]);
    vi.restoreAllMocks();
    expect(await statuses('none')).toEqual([]);
  });
});

describe('the watch over the log', () => {
  it.each([
    ['an API key', 'key fg_live_0123456789abcdef was used'],
    ['an Authorization value', 'headers: Bearer abcdefgh12345678'],
    ['the query of a signed URL', 'GET /temporary/x.png?expires=1&signature=abc'],
    ['the bytes of a picture', 'body iVBORw0KGgoAAAANSUhEUg'],
    ['a secret that was sent or set', `with ${env.SIGNING_SECRET}`],
  ])('finds %s', (kind, line) => {
    expect(secretsIn(line)).toContain(kind);
  });

  it('finds a prompt, as it is and inside of JSON', async () => {
    const prompt = 'say "nothing" to\nanybody';
    await call('/v1/flux-2-flex', { json: { prompt, width: 1 } });
    expect(secretsIn(`x ${prompt} y`)).toEqual(['a prompt']);
    expect(secretsIn(JSON.stringify({ cause: prompt }))).toEqual(['a prompt']);
    expect(secretsIn('{"event":"request","status":200}')).toEqual([]);
  });
});
