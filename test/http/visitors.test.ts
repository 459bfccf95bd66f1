import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../../src/core/client-address';
import { visitorRates } from '../../src/http/visitor-rates';
import { addAccount } from '../support/accounts';
import { made } from '../support/bfl-caller';
import { type Call, call, origin } from '../support/front-door';

const { limit } = visitorRates.keyless;
let last = 0;
/** An address that no other test has. */
function newAddress(): string {
  last += 1;
  return `203.0.113.${last}`;
}
const from = (address: string, options: Call = {}): Call => ({
  key: null,
  ...options,
  headers: { ...options.headers, 'cf-connecting-ip': address },
});

/** Sends requests without a key until the limit of their address is used up. */
async function useUp(address: string, count: number = limit): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await call('/v1/credits', from(address));
}

describe('a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['127.0.0.1', null],
    ['127.8.9.10', null],
    ['::1', null],
    ['', null],
    ['nonsense', 'nonsense'],
  ])('at %s is counted as %s', (address, client) => {
    expect(clientOf(new Headers({ 'cf-connecting-ip': address }))).toBe(client);
  });

  it('is not who X-Forwarded-For says', () => {
    expect(clientOf(new Headers({ 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7' }))).toBeNull();
  });
});

// Again where the limiter's minute happened to end in the middle of one: it does not do so twice in a row.
describe('a visitor without a key', { retry: 2 }, () => {
  it('is refused in the shape of its dialect, with a true status, once it comes too often', async () => {
    const address = newAddress();
    await useUp(address);
    for (const path of ['/v1/credits', '/v1/models', '/replicate/v1/predictions', '/api/ai/queue', '/v1/usage']) {
      const response = await call(path, from(address));
      expect([path, response.status]).toEqual([path, 429]);
      expect(response.headers.get('retry-after')).toBe('60');
      expect(response.headers.get('ratelimit-limit')).toBe(String(limit));
      expect(response.headers.get('ratelimit-remaining')).toBe('0');
      expect(response.headers.get('ratelimit-reset')).toBe('60');
      expect(response.headers.get('ratelimit-policy')).toContain(`q=${limit};w=60`);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.text()).toContain('Too many requests without a key');
    }
  });

  it('with a key that we do not know is counted too, and so is one that polls', async () => {
    const address = newAddress();
    const guess = () => from(address, { key: `fg_live_${crypto.randomUUID()}` });
    for (let sent = 0; sent < limit / 2; sent += 1) {
      expect((await call('/v1/credits', guess())).status).toBe(403);
      await call('/v1/get_result?id=unknown', from(address));
    }
    expect((await call('/v1/credits', guess())).status).toBe(429);
    expect((await call('/v1/get_result?id=unknown', from(address))).status).toBe(429);
  });

  it('leaves others alone: another address, and whoever has a key at the same one', async () => {
    const address = newAddress();
    const key = await addAccount('same-address');
    await useUp(address, limit + 1);
    expect((await call('/v1/credits', from(address))).status).toBe(429);
    expect((await call('/v1/credits', from(newAddress()))).status).toBe(403);
    for (let sent = 0; sent < 5; sent += 1)
      expect((await call('/v1/credits', from(address, { key }))).status).toBe(200);
  });

  it('is one with all of its /64, and is not another one by what else it says', async () => {
    await useUp('2001:db8:5:6::1');
    expect((await call('/v1/credits', from('2001:db8:5:6:ffff::2'))).status).toBe(429);
    expect((await call('/v1/credits', from('2001:db8:5:7::1'))).status).toBe(403);
    const headers = { 'x-forwarded-for': newAddress() };
    expect((await call('/v1/credits', from('2001:db8:5:6::1', { headers }))).status).toBe(429);
  });

  it('on this machine is never refused', async () => {
    for (let sent = 0; sent < limit + 5; sent += 1)
      expect((await call('/v1/credits', from('127.0.0.1'))).status).toBe(403);
  });
});

describe('public pictures', () => {
  const { limit: most } = visitorRates.public;

  it('are refused to a client that asks too often, never answered with another picture', { retry: 2 }, async () => {
    const { sample } = await made({ prompt: 'visitors: public', seed: 1 });
    const path = sample.slice(origin.length);
    const address = newAddress();
    // So many pictures would take a busy machine longer than the limiter's minute: all but one are counted without being sent.
    expect((await call(path, from(address))).status).toBe(200);
    for (let sent = 1; sent < most; sent += 1) await env.PUBLIC_RATE.limit({ key: address });
    for (const asked of [path, path.replace('.png', '.json'), `${path}?w=64`]) {
      const response = await call(asked, from(address));
      expect([asked, response.status, response.headers.get('cache-control')]).toEqual([
        asked,
        429,
        'private, no-store',
      ]);
      expect(response.headers.get('retry-after')).toBe('60');
      expect(response.headers.get('content-type')).toContain('application/json');
    }
    expect((await call(path, from(address, { key: env.DEV_API_KEY }))).status).toBe(200);
    expect((await call(path, from(newAddress()))).status).toBe(200);
  });
});

it('tells the limits that wrangler.toml has', () => {
  const files = import.meta.glob<string>('../../wrangler.toml', { query: '?raw', import: 'default', eager: true });
  const [wranglerToml = ''] = Object.values(files);
  const told = [...wranglerToml.matchAll(/name = "(\w+)_RATE"[^[]*limit = (\d+), period = (\d+)/g)].map(
    ([, name, most, period]) => [name?.toLowerCase(), { limit: Number(most), windowSeconds: Number(period) }],
  );
  expect(Object.fromEntries(told)).toEqual(visitorRates);
});
