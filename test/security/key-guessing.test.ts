import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addAccount } from '../support/accounts';
import { admin } from '../support/admin-caller';
import { call } from '../support/front-door';

afterEach(() => vi.restoreAllMocks());

const answerTo = async (key: string) => {
  const response = await call('/v1/account', { key });
  const body = await response.json<object>();
  return { status: response.status, body: JSON.stringify(body).replaceAll(/[0-9a-f-]{36}/g, 'id') };
};

describe('whoever guesses a key', () => {
  it('learns nothing from the answer: unknown, expired and revoked are one', async () => {
    const [expired, revoked] = [
      await addAccount('guessed-expired', { expiresAt: 1 }),
      await addAccount('guessed-revoked', { revokedAt: 1 }),
    ];
    const unknown = await answerTo('fg_live_0000000000000000000000000000000000000000');
    expect(unknown.status).toBe(401);
    for (const key of [expired, revoked, 'x', `${env.ADMIN_TOKEN} `.trim().slice(1)])
      expect(await answerTo(key)).toEqual(unknown);
  });

  it('learns nothing from the time that a comparison takes: keys are found by their digest, the rest is constant', async () => {
    const compared = vi.spyOn(crypto.subtle, 'timingSafeEqual');
    const wrong = env.ADMIN_TOKEN.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect((await admin('accounts', { key: wrong })).status).toBe(401);
    expect(compared.mock.calls.some(([a, b]) => a.byteLength === b.byteLength)).toBe(true);
    const { results } = await env.LEDGER.prepare('SELECT * FROM api_keys').all();
    for (const row of results) expect(String(row.sha256)).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(results)).not.toContain('fg_test_guessed');
  });

  it.each([
    env.ADMIN_TOKEN.slice(0, -1),
    `${env.ADMIN_TOKEN}0`,
    env.ADMIN_TOKEN.toUpperCase(),
    ' ',
    'undefined',
    'null',
  ])('is no administrator with nearly the token: %#', async (key) => {
    expect((await admin('accounts', { key })).status).toBe(401);
  });
});

describe('whoever has another site', () => {
  it('finds no cookie to ride on, and no form that is understood', async () => {
    const answers = await Promise.all([
      call('/'),
      call('/v1/account'),
      admin('accounts'),
      call('/health'),
      call('/v1/flux-2-flex', { json: { prompt: 3 } }),
    ]);
    for (const response of answers) expect(response.headers.get('set-cookie')).toBeNull();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = {
        'content-type': type,
        cookie: `authorization=Bearer ${env.ADMIN_TOKEN}; key=${env.DEV_API_KEY}`,
      };
      const response = await call('/v1/admin/accounts', {
        key: null,
        headers,
        body: '{"id":"forged","name":"forged"}',
      });
      expect(response.status).toBe(401);
      // Neither with the key, which no other site has: a form's body is none of ours.
      const keyed = await admin('accounts', {
        headers: { 'content-type': type },
        body: '{"id":"forged","name":"forged"}',
      });
      expect([400, 415]).toContain(keyed.status);
    }
    expect((await admin('accounts/forged')).status).toBe(404);
  });

  it('gets nothing for a key in the URL', async () => {
    for (const name of ['key', 'api_key', 'token', 'access_token', 'authorization'])
      expect((await call(`/v1/account?${name}=${env.DEV_API_KEY}`, { key: null })).status).toBe(401);
  });
});
