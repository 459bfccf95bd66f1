import { describe, expect, it } from 'vitest';
import { addAccount, purchasesOf } from '../support/accounts';
import { call } from '../support/front-door';

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
    const other = await addAccount('idempotent-other');
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
