import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAdmin } from '../../src/client/admin';
import { createClient } from '../../src/client/client';
import { FluxgateError } from '../../src/client/fluxgate-error';
import { hit, lostConnection, refusal, type Step, scriptedFetch } from '../support/scripted-fetch';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const baseUrl = 'https://pictures.test/';

/** What came of a call while all its waiting is passed over. */
async function settled<Value>(call: Promise<Value>): Promise<Value | unknown> {
  const outcome = call.catch((thrown: unknown) => thrown);
  await vi.runAllTimersAsync();
  return await outcome;
}

/** An order against a service that answers as told. */
async function order(...steps: readonly Step[]) {
  const script = scriptedFetch(...steps);
  const client = createClient({ baseUrl, key: 'fg_live_x', fetch: script.fetch });
  return { outcome: await settled(client.generate('A fox')), sent: script.sent };
}

describe('an order that is sent again', () => {
  it.each([
    ['a lost connection', lostConnection()],
    ['429', refusal(429, 'rate_limited', { 'retry-after': '2' })],
    ['503', refusal(503, 'unavailable')],
    ['a proxy that gave up', new Response('<html>', { status: 504 })],
  ])('is the same order after %s', async (_, failure) => {
    const { outcome, sent } = await order(failure, hit());
    expect(outcome).toMatchObject({ seed: 7, source: 'hit' });
    expect(sent).toHaveLength(2);
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(sent[1]?.json).toEqual(sent[0]?.json);
  });

  it('waits as long as it is told', async () => {
    const { fetch, sent } = scriptedFetch(refusal(503, 'unavailable', { 'retry-after': '20' }), hit());
    const call = createClient({ baseUrl, fetch }).generate('A fox');
    await vi.advanceTimersByTimeAsync(19_900);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await call).toMatchObject({ source: 'hit' });
  });

  it('gives up after four times, with what went wrong', async () => {
    const { outcome, sent } = await order(...Array.from({ length: 9 }, lostConnection));
    expect(sent).toHaveLength(4);
    expect(outcome).toBeInstanceOf(FluxgateError);
    expect(outcome).toMatchObject({ code: 'unreachable', status: 0, isRetryable: true });
  });

  it.each([
    [400, 'invalid_request'],
    [401, 'unauthenticated'],
    [402, 'insufficient_credit'],
    [403, 'forbidden'],
    [500, 'internal'],
  ])('is not sent again after %i %s', async (status, code) => {
    const { outcome, sent } = await order(refusal(status, code, { 'x-request-id': 'r-1' }), hit());
    expect(sent).toHaveLength(1);
    expect(outcome).toMatchObject({ code, status, requestId: 'r-1' });
  });

  it('leaves it to the caller when the service asks for much patience', async () => {
    const { outcome, sent } = await order(refusal(429, 'rate_limited', { 'retry-after': '60' }), hit());
    expect(sent).toHaveLength(1);
    expect(outcome).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 60, isRetryable: true });
  });

  it('is another order for each call, unless the caller names it', async () => {
    const { fetch, sent } = scriptedFetch(hit(), hit(), hit());
    const client = createClient({ baseUrl, fetch });
    await client.generate('A fox');
    await client.generate('A fox');
    await client.generate('A fox', { idempotencyKey: 'mine' });
    const [first, second, third] = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(second).not.toBe(first);
    expect(third).toBe('mine');
  });
});

describe('what changes something', () => {
  it('is not sent twice: nobody can tell what became of it', async () => {
    const { fetch, sent } = scriptedFetch(lostConnection(), Response.json({}));
    const outcome = await settled(createAdmin({ baseUrl, fetch }).accounts.create({ name: 'Acme' }));
    expect(outcome).toMatchObject({ code: 'unreachable' });
    expect(sent).toHaveLength(1);
  });

  it('is sent again where a key makes it count once', async () => {
    const { fetch, sent } = scriptedFetch(lostConnection(), Response.json({ entries: [], balance_micros: 5 }));
    const credit = { kind: 'top_up', micros: 5, feePercent: 2 } as const;
    const outcome = await settled(createAdmin({ baseUrl, fetch }).credits.add('acme/1', credit));
    expect(outcome).toEqual({ entries: [], balanceMicros: 5 });
    expect(sent[1]?.path).toBe('/v1/admin/accounts/acme%2F1/credits');
    expect(sent[1]?.json).toEqual({ kind: 'top_up', micros: 5, fee_percent: 2 });
    expect(sent[1]?.headers.get('idempotency-key')).toBe(sent[0]?.headers.get('idempotency-key'));
  });

  it('is sent again under a key of its own deed, where that buys a picture again', async () => {
    const made = () => Response.json({ object: 'rerender', before_sha256: 'a', after_sha256: 'a', same: true });
    const { fetch, sent } = scriptedFetch(lostConnection(), made(), made(), made());
    const { pictures } = createAdmin({ baseUrl, fetch });
    expect(await settled(pictures.rerender('4f1c'))).toMatchObject({ same: true, beforeSha256: 'a' });
    await settled(pictures.rerender('4f1c'));
    await settled(pictures.rerender('4f1c', 'named'));
    expect(sent.map(({ path }) => path)).toEqual(Array(4).fill('/v1/admin/pictures/4f1c/rerender'));
    const [lost, again, other, named] = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(lost).toMatch(/^[0-9a-f-]{36}$/);
    expect([again === lost, other === lost, named]).toEqual([true, false, 'named']);
  });
});
