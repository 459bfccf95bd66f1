import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { balanceOf } from '../../src/accounts/balance';
import { withoutLimits } from '../../src/core/spending';
import { addAccount, addKey } from '../support/accounts';
import { made } from '../support/bfl-caller';
import { call } from '../support/front-door';

const now = Date.parse('2026-12-31T12:00:00Z');
const account = { id: 'acme', name: 'Acme', namespace: 'public' };
const limits = { ...withoutLimits, isPrepaid: true, dayMicros: 500 };
const standing = {
  ...{ creditedMicros: 900, spentMicros: 300, balanceMicros: 600, reservedMicros: 50, inFlight: 1 },
  ...{ day: { name: '2026-12-30', micros: 100 }, month: { name: '2026-12', micros: 200 }, oldestReservationAt: now },
};

describe('a balance', () => {
  it('has what was spent in the day and month that are now, and when they end', () => {
    expect(balanceOf({ ...account, limits }, standing, now)).toEqual({
      isPrepaid: true,
      balanceMicros: 600,
      reservedMicros: 50,
      day: { limitMicros: 500, spentMicros: 0, resetsAt: Date.parse('2027-01-01') },
      month: { limitMicros: null, spentMicros: 200, resetsAt: Date.parse('2027-01-01') },
    });
  });

  it('is not known where nothing is prepaid', () => {
    expect(balanceOf({ ...account, limits: withoutLimits }, standing, now).balanceMicros).toBeNull();
  });
});

describe('GET /v1/balance', () => {
  it('has what is left in our own words and in those of the vendor whose path it is', async () => {
    const key = await addAccount('balance-open');
    expect(await (await call('/v1/balance', { key })).json()).toMatchObject({
      ...{ object: 'balance', prepaid: false, balance_micros: null, reserved_micros: 0 },
      ...{ day: { limit_micros: null, spent_micros: 0, resets_at: expect.stringMatching(/T00:00:00\.000Z$/) } },
      ...{ data: { balance: 10_000_000 }, success: true },
    });
  });

  it('is the real one where it is prepaid, in every dialect that asks', async () => {
    const key = await addAccount('balance-prepaid');
    await env.LEDGER.prepare("UPDATE accounts SET limits = ?1 WHERE id = 'balance-prepaid'")
      .bind(JSON.stringify({ isPrepaid: true }))
      .run();
    const entry = { micros: 2_500_000, kind: 'top_up' as const, note: '', purchaseId: null, at: Date.now() };
    const object = env.ACCOUNTS.getByName('balance-prepaid');
    await object.credit('balance-prepaid', [{ ...entry, id: crypto.randomUUID() }]);
    expect(await (await call('/v1/balance', { key })).json()).toMatchObject({
      ...{ prepaid: true, balance_micros: 2_500_000, data: { balance: 2.5 } },
    });
    expect(await (await call('/v1/credits', { key })).json()).toEqual({ credits: 250 });
  });

  it.each([
    ['the day', { dayMicros: 3_000_000, monthMicros: 9_000_000 }, 2.95, 295],
    ['the month', { dayMicros: 3_000_000, monthMicros: 60_000 }, 0.01, 1],
    ['a budget that is used up', { dayMicros: 50_000 }, 0, 0],
    ['a budget that was lowered below what was spent', { monthMicros: 10_000 }, 0, 0],
    ['a balance that is less', { isPrepaid: true, dayMicros: 3_000_000 }, -0.05, -5],
    ['a budget that is less than the balance', { isPrepaid: true, dayMicros: 50_000 }, -0.05, -5],
  ])('tells vendors’ clients what %s leaves', async (name, given, dollars, credits) => {
    const id = `balance-${name.replaceAll(' ', '-')}`;
    const key = await addAccount(id);
    await made({ prompt: `spent: ${name}`, seed: 1 }, { key });
    await expect
      .poll(async () => (await (await call('/v1/balance', { key })).json<{ day: object }>()).day)
      .toMatchObject({ spent_micros: 50_000 });
    const statement = 'UPDATE accounts SET limits = ?2 WHERE id = ?1';
    await env.LEDGER.prepare(statement).bind(id, JSON.stringify(given)).run();
    const other = await addKey(id);
    expect(await (await call('/v1/balance', { key: other })).json()).toMatchObject({ data: { balance: dollars } });
    expect(await (await call('/v1/credits', { key: other })).json()).toEqual({ credits });
  });

  it('takes no parameters: another account is asked for in vain, and told so', async () => {
    const key = await addAccount('balance-asked');
    for (const query of ['account=acme', 'days=3', 'account=']) {
      const response = await call(`/v1/balance?${query}`, { key });
      expect(response.status).toBe(400);
      expect((await response.json<{ error: { message: string } }>()).error.message).toContain(query.split('=')[0]);
    }
  });
});
