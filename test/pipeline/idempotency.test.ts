import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint';
import { addAccount, purchasesOf } from '../support/accounts';
import { call } from '../support/front-door';
import { comeBack, outsideWorld } from '../support/outside-world';
import { accounts } from '../support/reserve';

const order = (prompt: string, key: string | null, account?: string) =>
  call('/v1/images/generations', {
    json: { prompt, size: '64x64' },
    headers: key === null ? {} : { 'idempotency-key': key },
    ...(account === undefined ? {} : { key: account }),
  });
const seen = async (response: Response) => {
  expect(response.status).toBe(200);
  return [response.headers.get('x-fluxgate-fingerprint'), response.headers.get('x-fluxgate-seed')];
};

describe('an order without a seed, sent again', () => {
  it('is the same picture and one purchase under the same idempotency key', async () => {
    const [first, again] = await Promise.all([order('idempotent', 'one'), order('idempotent', 'one')]);
    expect(await seen(first)).toEqual(await seen(again));
    const later = await order('idempotent', 'one');
    expect(later.headers.get('x-fluxgate-source')).toBe('hit');
    expect(await purchasesOf(first.headers.get('x-fluxgate-fingerprint') ?? '')).toHaveLength(1);
  });

  it('is another picture under another key, under none, and for another account', async () => {
    const other = await addAccount('somebody-else');
    const answers = [
      await order('idempotent', 'two'),
      await order('idempotent', 'three'),
      await order('idempotent', null),
    ];
    const seeds = await Promise.all([...answers, await order('idempotent', 'two', other)].map(seen));
    expect(new Set(seeds.map(([fingerprint]) => fingerprint)).size).toBe(4);
  });

  it('is refused when its key is too long', async () => {
    const response = await order('idempotent', 'x'.repeat(256));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('idempotency-key');
  });
});

describe('an order with a seed under an idempotency key', () => {
  const seeded = (seed: number, key: string) =>
    call('/v1/images/generations', {
      json: { prompt: 'idempotent with a seed', size: '64x64', seed },
      headers: { 'idempotency-key': key },
    });

  it('is that order for good: another seed under the key is a conflict', async () => {
    const [fingerprint] = await seen(await seeded(1, 'seeded'));
    expect((await seeded(2, 'seeded')).status).toBe(409);
    const again = await seeded(1, 'seeded');
    expect(again.headers.get('x-fluxgate-source')).toBe('hit');
    expect(again.headers.get('x-fluxgate-fingerprint')).toBe(fingerprint);
  });
});

describe('an order without a seed that its client sends again', () => {
  const send = (prompt: string, retries: number, account?: string) =>
    call('/v1/images/generations', {
      json: { prompt, size: '64x64' },
      headers: { 'x-stainless-retry-count': String(retries) },
      ...(account === undefined ? {} : { key: account }),
    });

  it('is the picture of the first time, though that is still in the making', async () => {
    const first = send('marked as a retry', 0);
    await scheduler.wait(30);
    const again = await send('marked as a retry', 1);
    expect(await seen(await first)).toEqual(await seen(again));
    expect(await seen(await send('marked as a retry', 2))).toEqual(await seen(again));
    expect(await purchasesOf(again.headers.get('x-fluxgate-fingerprint') ?? '')).toHaveLength(1);
  });

  it('is a picture of its own where nothing came before it, or another account sent that', async () => {
    const other = await addAccount('retry-other');
    const first = await send('marked and alone', 1);
    expect((await send('marked and alone', 1, other)).headers.get('x-fluxgate-seed')).not.toBe(
      first.headers.get('x-fluxgate-seed'),
    );
    expect((await send('marked and alone', 0)).headers.get('x-fluxgate-seed')).not.toBe(
      first.headers.get('x-fluxgate-seed'),
    );
  });

  it('is unmarked by what is no number', async () => {
    const response = await call('/v1/images/generations', {
      json: { prompt: 'a strange mark', size: '64x64' },
      headers: { 'x-stainless-retry-count': 'many' },
    });
    expect(response.status).toBe(200);
  });
});

describe('an order that may have been bought, and came to nothing', () => {
  const send = (key: string | null, retries: number, account: string) =>
    call('/v1/images/generations', {
      json: { prompt: `repeated, sandbox:unknown, ${account}`, size: '64x64', seed: 1 },
      headers: {
        ...(key === null ? {} : { 'idempotency-key': key }),
        ...(retries === 0 ? {} : { 'x-stainless-retry-count': `${retries}` }),
      },
      key: account,
    });
  const bought = async (account: string) => {
    const statement = env.LEDGER.prepare('SELECT count(*) AS count FROM purchases WHERE account_id = ?1');
    return (await statement.bind(account).first<{ count: number }>())?.count;
  };

  it('is not bought again under its idempotency key, and is under another one', async () => {
    const key = await addAccount('unknown-named');
    const first = await send('one', 0, key);
    const again = await send('one', 0, key);
    expect([first.status, again.status, await bought('unknown-named')]).toEqual([first.status, first.status, 1]);
    expect(await again.text()).toContain('It is not bought again by itself');
    await send('two', 0, key);
    expect(await bought('unknown-named')).toBe(2);
    await send('one', 0, key);
    expect(await bought('unknown-named')).toBe(2);
  });

  it('is not bought again when its client marks it as a retry, and is when somebody asks anew', async () => {
    const key = await addAccount('unknown-marked');
    await send(null, 0, key);
    await send(null, 1, key);
    expect(await bought('unknown-marked')).toBe(1);
    await send(null, 0, key);
    expect(await bought('unknown-marked')).toBe(2);
  });

  it('is nobody else’s business', async () => {
    const [key, other] = [await addAccount('unknown-own'), await addAccount('unknown-other')];
    const prompt = (account: string) => ({
      json: { prompt: 'shared, sandbox:unknown', size: '64x64', seed: 1 },
      headers: { 'idempotency-key': 'same' },
      key: account,
    });
    await call('/v1/images/generations', prompt(key));
    await call('/v1/images/generations', prompt(other));
    expect([await bought('unknown-own'), await bought('unknown-other')]).toEqual([1, 1]);
  });

  it('is tried again under its key where it cost nothing', async () => {
    const key = await addAccount('free-failure');
    const free = () =>
      call('/v1/images/generations', {
        json: { prompt: 'sandbox:error', size: '64x64', seed: 1 },
        headers: { 'idempotency-key': 'free' },
        key,
      });
    const [first, again] = [await free(), await free()];
    expect([first.ok, again.ok]).toEqual([false, false]);
    expect(await again.text()).not.toContain('It is not bought again');
  });
});

describe('an order under an idempotency key that stands for another', () => {
  beforeEach(() => outsideWorld(() => new Response(null, { status: 204 })));
  afterEach(comeBack);

  const purchasesIn = async (account: string) => {
    const statement = env.LEDGER.prepare('SELECT count(*) AS count FROM purchases WHERE account_id = ?1');
    return (await statement.bind(account).first<{ count: number }>())?.count;
  };
  const hook = { webhook_url: 'https://hooks.example.com/one', webhook_secret: 'one' };
  const url = { size: '64x64', response_format: 'url' };

  it.each([
    ['another webhook', '/v1/flux-2-flex', hook, { ...hook, webhook_url: 'https://hooks.example.com/two' }],
    ['another secret of its webhook', '/v1/flux-2-flex', hook, { ...hook, webhook_secret: 'two' }],
    ['no webhook', '/v1/flux-2-flex', hook, {}],
    ['a webhook of late', '/v1/flux-2-flex', {}, hook],
    ['the bytes in place of the URL', '/v1/images/generations', url, { ...url, response_format: 'b64_json' }],
    ['another file format', '/v1/images/generations', url, { ...url, output_format: 'webp' }],
    ['another size', '/v1/images/generations', url, { ...url, size: '128x64' }],
  ])('is refused with %s, and the first is still what it was', async (difference, path, first, second) => {
    const account = `bound-${difference.replaceAll(' ', '-').toLowerCase()}`;
    const key = await addAccount(account);
    const send = async (body: object) => {
      const json = { prompt: `bound: ${difference}`, seed: 1, ...body };
      const answer = await call(path, { json, key, headers: { 'idempotency-key': 'bound' } });
      return [answer.status, answer.headers.get('x-fluxgate-error')];
    };
    expect(await send(first)).toEqual([200, null]);
    expect(await send(second)).toEqual([409, 'conflict']);
    expect(await send(first)).toEqual([200, null]);
    await vi.waitFor(async () => expect(await purchasesIn(account)).toBe(1), { timeout: 5_000 });
  });

  it('is the same order where the key was bound by what came before an upgrade: to the pictures alone', async () => {
    const key = await addAccount('bound-before');
    const send = (more: object, headers: Record<string, string>) =>
      call('/v1/images/generations', { json: { prompt: 'earlier days', seed: 1, ...url, ...more }, key, headers });
    const picture = (await send({}, {})).headers.get('x-fluxgate-fingerprint');
    const facts = { dialect: 'openai', count: 1, format: 'png', quality: 100, seed: 1, picture };
    const digest = await sha256Hex(Uint8Array.from(new TextEncoder().encode(JSON.stringify(facts))));
    await accounts.claim('bound-before', 'order earlier', digest);
    const earlier = { 'idempotency-key': 'earlier' };
    expect((await send({}, earlier)).status).toBe(200);
    expect((await send({ seed: 2 }, earlier)).status).toBe(409);
  });
});
