import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { bflOutside } from '../support/bfl-outside';
import { type Call, call } from '../support/front-door';
import { comeBack } from '../support/outside-world';
import { bfl } from '../vendors/bfl';

afterEach(comeBack);

let prompts = 0;
/** A small picture that nobody asked for before. */
function fresh() {
  prompts += 1;
  return { prompt: `provider keys ${prompts}`, size: '64x64', seed: 1 };
}

async function order(key: string, json: object, headers: Call['headers'] = {}) {
  const response = await call('/v1/images/generations', { key, json, headers });
  await response.arrayBuffer();
  return response;
}

const store = (key: string, own: string, provider = 'bfl') =>
  call(`/v1/provider-keys/${provider}`, { method: 'PUT', key, json: { key: own } });

async function ledgerRow(response: Response) {
  return await env.LEDGER.prepare(
    'SELECT provider, paid_by, spent_micros, actual_micros, outcome FROM purchases WHERE fingerprint = ?1',
  )
    .bind(response.headers.get('x-fluxgate-fingerprint'))
    .first();
}

describe('a stored key', () => {
  it('is taken, listed by its provider, deleted, and never shown', async () => {
    const key = await addAccount('shown');
    const before = Date.now();
    const put = await store(key, 'bfl_secret_of_mine');
    expect(put.status).toBe(201);
    const created = { object: 'provider_key', provider: 'bfl', created_at: expect.stringMatching(/^\d{4}-.*Z$/) };
    const answered = await put.json<{ created_at: string }>();
    expect(answered).toEqual(created);
    expect(Date.parse(answered.created_at)).toBeGreaterThanOrEqual(before);
    expect(put.headers.get('cache-control')).toBe('private, no-store');
    const list = await call('/v1/provider-keys', { key });
    expect(await list.json()).toEqual({ object: 'list', data: [answered] });
    const rows = await env.LEDGER.prepare('SELECT * FROM provider_keys').all();
    expect(JSON.stringify(rows.results)).not.toContain('secret');
    const path = '/v1/provider-keys/bfl';
    const removed = await call(path, { method: 'DELETE', key });
    expect([removed.status, await removed.text()]).toEqual([204, '']);
    expect((await call(path, { method: 'DELETE', key })).status).toBe(404);
    expect(await (await call('/v1/provider-keys', { key })).json()).toEqual({ object: 'list', data: [] });
  });

  it('is its account’s alone', async () => {
    const [owner, other] = [await addAccount('owner'), await addAccount('other')];
    await store(owner, bfl.key);
    expect(await (await call('/v1/provider-keys', { key: other })).json()).toEqual({ object: 'list', data: [] });
    expect((await call('/v1/provider-keys/bfl', { method: 'DELETE', key: other })).status).toBe(404);
    const { sent } = bflOutside();
    const response = await order(other, fresh());
    expect(response.headers.get('x-fluxgate-provider')).toBe('sandbox');
    expect(sent).toEqual([]);
  });

  const secret = 'sk-not-to-be-repeated';
  const mistakes: [string, string, Call][] = [
    ['no key', 'key', { json: {} }],
    ['an empty key', 'key', { json: { key: ' ' } }],
    ['a number', 'key', { json: { key: 17 } }],
    ['a key that no header can carry', 'key', { json: { key: `${secret}\nx-other: 1` } }],
    ['a key that is too long', 'key', { json: { key: secret.repeat(60) } }],
    ['a field that means nothing', 'value', { json: { key: secret, value: secret } }],
    ['a list', 'expected a JSON object', { json: [secret] }],
    ['what is no JSON', 'JSON', { body: `{"key": "${secret}"`, headers: { 'content-type': 'application/json' } }],
  ];
  it.each(mistakes)('is refused, and not repeated, where there is %s', async (_name, named, sent) => {
    const response = await call('/v1/provider-keys/bfl', { method: 'PUT', ...sent });
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text).toContain(named);
    expect(text).not.toContain(secret);
  });

  it.each(['nobody', 'sandbox', 'B%20F%20L'])(
    'is refused for a provider that there is none of: %s',
    async (provider) => {
      const response = await store(env.DEV_API_KEY, secret, provider);
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/provider: expected/);
    },
  );

  it('takes an API key of ours, and the methods that it names', async () => {
    for (const [path, method] of [
      ['/v1/provider-keys', 'GET'],
      ['/v1/provider-keys/bfl', 'PUT'],
      ['/v1/provider-keys/bfl', 'DELETE'],
    ] as const) {
      expect((await call(path, { method, key: null })).status).toBe(401);
    }
    const refused = await call('/v1/provider-keys/bfl', { json: { key: secret } });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'PUT, DELETE']);
  });
});

describe('a picture', () => {
  it('is bought with the stored key of the provider that was asked for, and costs the account nothing', async () => {
    const key = await addAccount('pinned');
    await store(key, bfl.key);
    const outside = bflOutside();
    const response = await order(key, fresh(), { 'x-fluxgate-provider': 'bfl' });
    expect([response.status, response.headers.get('x-fluxgate-provider')]).toEqual([200, 'bfl']);
    expect(await ledgerRow(response)).toEqual({
      ...{ provider: 'bfl', outcome: 'ready', paid_by: 'caller', spent_micros: 0 },
      actual_micros: outside.shop.billMicros,
    });
    expect(outside.shop.billMicros).toBe(50_000);
  });

  it('is bought with a stored key first where nobody was asked for', async () => {
    const key = await addAccount('unpinned');
    await store(key, bfl.key);
    const { shop } = bflOutside();
    const response = await order(key, fresh());
    expect(response.headers.get('x-fluxgate-provider')).toBe('bfl');
    expect(await ledgerRow(response)).toMatchObject({ paid_by: 'caller', spent_micros: 0 });
    expect(shop.sales.size).toBe(1);
  });

  it('is bought with the oldest of several keys', async () => {
    const key = await addAccount('several');
    await store(key, bfl.key);
    await scheduler.wait(2);
    await store(key, 'sk-comet', 'cometapi');
    const { sent } = bflOutside();
    expect((await order(key, fresh())).headers.get('x-fluxgate-provider')).toBe('bfl');
    expect(sent.some(({ url }) => url.includes('cometapi'))).toBe(false);
  });

  it('is left to the operator’s providers where the key’s cannot make it exactly', async () => {
    const key = await addAccount('inexact');
    await store(key, bfl.key);
    const { sent } = bflOutside();
    const pixel = 'data:image/gif;base64,R0lGODdhAQABAIAAAP///////ywAAAAAAQABAAACAkQBADs=';
    const response = await order(key, { ...fresh(), input_images: Array.from({ length: 9 }, () => pixel) });
    expect([response.status, response.headers.get('x-fluxgate-provider')]).toEqual([200, 'sandbox']);
    expect(await ledgerRow(response)).toMatchObject({ paid_by: 'account' });
    expect(sent).toEqual([]);
  });

  it('is left to the operator’s provider that was asked for, whatever keys there are', async () => {
    const key = await addAccount('elsewhere');
    await store(key, bfl.key);
    const { sent } = bflOutside();
    const response = await order(key, fresh(), { 'x-fluxgate-provider': 'sandbox' });
    expect(response.headers.get('x-fluxgate-provider')).toBe('sandbox');
    expect(sent).toEqual([]);
  });

  it('is bought with the key of the request where that has one', async () => {
    const key = await addAccount('header');
    await store(key, 'bfl_stored_and_wrong');
    const { sent } = bflOutside();
    const own = { 'x-fluxgate-provider': 'bfl', 'x-provider-key': bfl.key };
    expect((await order(key, fresh(), own)).status).toBe(200);
    expect(JSON.stringify(sent.map(({ headers }) => [...headers]))).not.toContain('bfl_stored_and_wrong');
  });

  it('is bought with what is stored at that moment', async () => {
    const key = await addAccount('changing');
    const { sent } = bflOutside();
    expect((await order(key, fresh())).headers.get('x-fluxgate-provider')).toBe('sandbox');
    await store(key, bfl.key);
    expect((await order(key, fresh())).headers.get('x-fluxgate-provider')).toBe('bfl');
    await store(key, 'bfl_replaced');
    expect((await order(key, fresh())).status).toBe(403);
    expect(sent.findLast(({ method }) => method === 'POST')?.headers.get('x-key')).toBe('bfl_replaced');
    await call('/v1/provider-keys/bfl', { method: 'DELETE', key });
    expect((await order(key, fresh())).headers.get('x-fluxgate-provider')).toBe('sandbox');
  });

  it('is quoted as it would be bought', async () => {
    const key = await addAccount('quoted');
    await store(key, bfl.key);
    const quote = await call('/v1/quote', { key, json: fresh() });
    expect(await quote.json()).toMatchObject({ total_micros: 50_000, pictures: [{ provider: 'bfl', stored: false }] });
  });
});

describe('a key', () => {
  it('goes to its provider’s own host and nowhere else: no log, no answer, no other host', async () => {
    const key = await addAccount('secret');
    const put = await store(key, bfl.key);
    const outside = bflOutside();
    const response = await call('/v1/images/generations', { key, json: fresh() });
    const carrying = outside.sent.filter((sent) =>
      JSON.stringify([...sent.headers, sent.url, sent.body]).includes(bfl.key),
    );
    expect(new Set(carrying.map(({ url }) => new URL(url).origin))).toEqual(new Set(['https://api.bfl.ai']));
    expect(outside.sent.some(({ url }) => url.startsWith('https://delivery.eu1.bfl.ai/'))).toBe(true);
    const told = [await put.text(), await response.text(), ...response.headers.values(), outside.logged()];
    expect(told.join('\n')).not.toContain(bfl.key);
  });

  it('that is wrong is told to its owner, is logged without its text, and turns nobody else away', async () => {
    const key = await addAccount('mistaken');
    const wrong = 'bfl_wrong_and_secret';
    await store(key, wrong);
    const outside = bflOutside();
    const response = await call('/v1/images/generations', { key, json: fresh() });
    const text = await response.text();
    expect(response.status).toBe(403);
    expect(text).toContain('does not accept the key of your own');
    expect(outside.logged()).toContain('"isCallersKey\\":true');
    expect(text + outside.logged()).not.toContain(wrong);
    expect(outside.shop.sales.size).toBe(0);
    const others = await addAccount('careful');
    await store(others, bfl.key);
    expect((await order(others, fresh())).status).toBe(200);
    const { last_error } = await lastErrorOf('bfl');
    expect(last_error).toBeNull();
  });

  it('without credit is told to its owner', async () => {
    const key = await addAccount('penniless');
    await store(key, bfl.key);
    const { shop } = bflOutside();
    shop.failWith('credit');
    expect((await order(key, fresh())).status).toBe(402);
  });
});

/** What the gate remembers of a provider, which the report shows of those that the operator set up alone. */
async function lastErrorOf(provider: string): Promise<{ last_error: unknown }> {
  const gates = await env.GATES.getByName('providers').states();
  return { last_error: gates[provider]?.lastError ?? null };
}
