import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import { addAccount, purchasesOf } from '../support/accounts';
import { call, origin } from '../support/front-door';

/** The same deployment, where the operator opened an account to requests without a key. */
const opened = {
  ...env,
  ANONYMOUS_ACCOUNT: 'everybody',
  ANONYMOUS_DAY_MICROS: '1000000000',
  ANONYMOUS_REQUESTS_PER_MINUTE: '2',
};

/** The same, on an account that has no limit. */
const boundless = { ...opened, ANONYMOUS_ACCOUNT: 'boundless' };

async function visit(
  path: string,
  { json, address, key }: { json?: object; address: string; key?: string },
  settings = opened,
) {
  const headers = new Headers({ 'cf-connecting-ip': address, 'content-type': 'application/json' });
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
  const body = json === undefined ? null : JSON.stringify(json);
  const request = new Request(origin + path, { method: json === undefined ? 'GET' : 'POST', headers, body });
  const context = createExecutionContext();
  const response = await app.fetch(request, settings, context);
  await waitOnExecutionContext(context);
  return response;
}

const order = (seed: number) => ({ prompt: 'anonymous: a picture', size: '128x128', steps: 4, seed });
const make = (seed: number, address: string, key?: string) =>
  visit('/v1/images/generations', { json: order(seed), address, ...(key === undefined ? {} : { key }) });

beforeAll(async () => {
  await addAccount('everybody', { limits: { dayMicros: 1_000_000_000 } });
  await addAccount('boundless');
});

describe('a request without a key', () => {
  it('is refused where the operator opened no account to it', async () => {
    expect((await call('/v1/images/generations', { json: order(1), key: null })).status).toBe(401);
  });

  it('is refused where that account has no limit: it would be everybody’s to spend from', async () => {
    const { status } = await visit('/v1/images/generations', { json: order(3), address: '198.51.100.9' }, boundless);
    expect(status).toBe(401);
  });

  it('is made on the account that the operator opened, in the name of what stands for its address', async () => {
    const response = await make(2, '198.51.100.1');
    expect([response.status, response.status === 200 ? '' : await response.text()]).toEqual([200, '']);
    const [row] = await purchasesOf(response.headers.get('x-fluxgate-fingerprint') ?? '');
    expect(row).toMatchObject({ account_id: 'everybody', key_id: expect.stringMatching(/^client:[0-9a-f]{16}$/) });
    expect(JSON.stringify(row)).not.toContain('198.51.100');
  });

  it('may buy so often in a minute, each client by itself', async () => {
    const statuses = [];
    for (const seed of [10, 11, 12]) statuses.push((await make(seed, '198.51.100.2')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await make(13, '198.51.100.3')).status).toBe(200);
    expect((await make(10, '198.51.100.2')).status).toBe(200);
  });

  it('learns nothing of what the account’s other clients have in common', async () => {
    for (const path of ['/v1/usage', '/v1/tasks', '/v1/balance', '/v1/webhooks/secret', '/v1/credits'])
      expect([path, (await visit(path, { address: '198.51.100.4' })).status]).toEqual([
        path,
        expect.toBeOneOf([401, 403]),
      ]);
    for (const path of ['/replicate/v1/predictions', '/replicate/v1/webhooks/default/secret', '/api/ai/queue'])
      expect([path, (await visit(path, { address: '198.51.100.4' })).status]).toEqual([path, 401]);
  });

  it('with a wrong key is refused, not taken for one without', async () => {
    expect((await make(20, '198.51.100.5', 'fg_live_wrong')).status).toBe(401);
  });
});
