import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { purchaseOf } from '../../src/renders/settlement';
import { Retention } from '../../src/storage/retention';
import { addAccount } from '../support/accounts';
import { ended, type Submitted, submit } from '../support/bfl-caller';
import { call } from '../support/front-door';
import { countOf, purchase, record } from '../support/ledger-rows';
import { differencesOf, kindsOf, type ReconciledPage, reconciled } from '../support/reconciled-pages';
import { endingWith, phases, recordIn } from '../support/render-records';

async function bought(prompt: string, key: string): Promise<string> {
  const response = await submit({ prompt, seed: 1 }, { key });
  await ended((await response.json<Submitted>()).id);
  return response.headers.get('x-fluxgate-fingerprint') ?? '';
}

describe('reconciling accounts', () => {
  it('finds no difference where all went through the front door', async () => {
    const key = await addAccount('agreed');
    const fingerprint = await bought('reconcile: agreed', key);
    await expect.poll(async () => kindsOf(await differencesOf('accounts'), 'agreed'), { timeout: 10_000 }).toEqual([]);
    expect(kindsOf(await differencesOf('accounts'), fingerprint)).toEqual([]);
    expect(kindsOf(await differencesOf('pictures'), fingerprint)).toEqual([]);
  });

  it('finds purchases that the account does not know of', async () => {
    await record(purchase({ accountId: 'unknown-to-account' }));
    const kinds = kindsOf(await differencesOf('accounts'), 'unknown-to-account');
    expect(kinds).toEqual(['balance', 'day_spent', 'month_spent', 'spent']);
  });

  it('finds roll-ups that are not the sum of their purchases, whenever it was', async () => {
    const row = purchase({
      accountId: 'roll-up',
      settledAt: Date.parse('2026-01-05T12:00:00Z'),
      id: 'roll-up-purchase',
    });
    await record(row, { ...row, id: 'roll-up-second', settledAt: Date.parse('2025-06-05T12:00:00Z') });
    await env.LEDGER.prepare("DELETE FROM purchases WHERE id = 'roll-up-purchase'").run();
    await env.LEDGER.prepare(
      "UPDATE purchase_days SET spent_micros = 1 WHERE account_id = 'roll-up' AND day < '2026'",
    ).run();
    const differences = (await differencesOf('accounts')).filter(({ kind }) => kind === 'roll_up');
    expect(differences).toMatchObject([
      { subject: 'roll-up/2025-06-05', expected: 50_000, actual: 1 },
      { subject: 'roll-up/2026-01-05', expected: 0, actual: 50_000 },
    ]);
  });

  it('finds no difference in what retention removed', async () => {
    const old = Date.parse('2020-05-05T12:00:00Z');
    await record(purchase({ accountId: 'retained', settledAt: old }), purchase({ accountId: 'retained' }));
    await new Retention(env.LEDGER).removeBefore(Date.parse('2021-01-01'), Date.now());
    expect(await countOf('purchases', 'retained')).toBe(1);
    const differences = await differencesOf('accounts');
    expect(kindsOf(differences, 'retained')).not.toContain('roll_up');
    expect(differences).toContainEqual(
      expect.objectContaining({ kind: 'spent', subject: 'retained', expected: 100_000, actual: 0 }),
    );
  });

  it('finds what is wrong with purchases', async () => {
    const key = await addAccount('suspect');
    const fingerprint = await bought('reconcile: suspect', key);
    const kept = { outcome: 'moderated' };
    await record(
      purchase({ accountId: 'suspect', id: 'suspect-twice', fingerprint }),
      purchase({ accountId: 'suspect', id: 'suspect-gone', fingerprint: '9'.repeat(64) }),
      purchase({
        accountId: 'suspect',
        id: 'suspect-dear',
        fingerprint,
        ...kept,
        actualMicros: 60_001,
        spentMicros: 60_001,
      }),
      purchase({
        accountId: 'suspect',
        id: 'suspect-fair',
        fingerprint,
        ...kept,
        actualMicros: 60_000,
        spentMicros: 60_000,
      }),
    );
    const differences = await differencesOf('accounts');
    expect(kindsOf(differences, 'suspect-twice')).toEqual(['bought_twice']);
    expect(kindsOf(differences, 'suspect-gone')).toEqual(['no_picture']);
    expect(differences.filter(({ subject }) => subject === 'suspect-dear')).toMatchObject([
      { kind: 'off_quote', expected: 50_000, actual: 60_001 },
    ]);
    expect(kindsOf(differences, 'suspect-fair')).toEqual([]);
  });

  it('finds a purchase whose vendor reported another cost than was charged', async () => {
    const key = await addAccount('charged');
    const fingerprint = await bought('reconcile: charged', key);
    expect(kindsOf(await differencesOf('accounts'), fingerprint)).toEqual([]);
    await env.LEDGER.prepare('UPDATE purchases SET actual_micros = 59000 WHERE fingerprint = ?1')
      .bind(fingerprint)
      .run();
    const told = (await differencesOf('accounts')).filter(({ subject }) => subject.startsWith(fingerprint));
    expect(told).toMatchObject([{ kind: 'charged', expected: 59_000, actual: 50_000 }]);
  });

  it('finds no render charged otherwise than it is to be, however it ended', async () => {
    const outcomes = ['ready', 'failed', 'moderated', 'unknown', 'unfinished', 'lost', 'cancelled'] as const;
    const rows = outcomes.flatMap((outcome) =>
      [null, 0, 52_500].flatMap((charge) =>
        (outcome === 'moderated' ? [true, false] : [false]).flatMap((isSold) =>
          [null, 'sealed'].map((sealedKey) => {
            const ending = endingWith({ outcome, charge, isSold });
            const render = recordIn({ ...phases.ended, ending }, { plan: { provider: null, sealedKey } });
            return purchaseOf(render, ending, 'task');
          }),
        ),
      ),
    );
    const written = rows.filter((row) => row !== null).map((row, index) => ({ ...row, id: `ended-${index}` }));
    expect(written).toHaveLength(48);
    await record(...written.map((row) => ({ ...row, accountId: 'every-end' })));
    expect(kindsOf(await differencesOf('accounts'), 'ended-')).not.toContain('charged');
  });

  it('misses nothing of a picture that was purged, nor of one that was made again', async () => {
    const key = await addAccount('removed');
    const purged = await bought('reconcile: purged', key);
    const again = await bought('reconcile: made again', key);
    await call(`/v1/admin/pictures/${purged}`, { method: 'DELETE' });
    const made = await call(`/v1/admin/pictures/${again}/rerender`, { json: {} });
    expect(made.status).toBe(200);
    const own = (await differencesOf('accounts')).filter(({ subject }) => /^[0-9a-f]{64}-/.test(subject));
    expect(own.filter(({ subject }) => subject.startsWith(purged) || subject.startsWith(again))).toEqual([]);
  });

  it('works in pages, and goes through each account once', async () => {
    const months = Array.from({ length: 24 }, (_, index) => Date.UTC(2024, index, 15));
    await record(...months.map((settledAt) => purchase({ accountId: 'many-months', settledAt, outcome: 'failed' })));
    const first = await (await call('/v1/admin/reconcile/accounts')).json<ReconciledPage>();
    expect(first.next).toEqual(expect.any(String));
    const spent = (await differencesOf('accounts')).filter(
      ({ kind, subject }) => `${kind} ${subject}` === 'spent many-months',
    );
    expect(spent).toMatchObject([{ expected: 24 * 50_000, actual: 0 }]);
  });
});

describe('reconciling pictures', () => {
  it('finds what is listed and not stored, stored and not listed, and other bytes than were listed', async () => {
    const key = await addAccount('pictures');
    const [master, recipe, row, bytes] = await Promise.all(
      ['master', 'recipe', 'row', 'bytes'].map((what) => bought(`reconcile: no ${what}`, key)),
    );
    await expect
      .poll(async () => kindsOf(await differencesOf('pictures'), bytes ?? ''), { timeout: 10_000 })
      .toEqual([]);
    await env.PICTURES.delete(`pictures/${master}/master`);
    await env.PICTURES.delete(`pictures/${recipe}/recipe.json`);
    await env.LEDGER.prepare('DELETE FROM renders WHERE fingerprint = ?1').bind(row).run();
    await env.PICTURES.put(`pictures/${bytes}/master`, 'other', {
      sha256: await crypto.subtle.digest('SHA-256', new TextEncoder().encode('other')),
    });
    const differences = await differencesOf('pictures');
    expect(kindsOf(differences, master ?? '')).toEqual(['no_master']);
    expect(kindsOf(differences, recipe ?? '')).toEqual(['no_recipe']);
    expect(kindsOf(differences, row ?? '')).toEqual(['not_listed']);
    expect(kindsOf(differences, bytes ?? '')).toEqual(['other_bytes']);
  });
});

describe('what was checked', () => {
  it('are accounts and pictures, each counted once however many pages it takes', async () => {
    const key = await addAccount('counted-listed');
    const [unlisted] = [await bought('reconcile: counted, not listed', key), await bought('reconcile: counted', key)];
    const months = Array.from({ length: 15 }, (_, index) => Date.UTC(2023, index, 15));
    await record(...months.map((settledAt) => purchase({ accountId: 'counted-months', settledAt, outcome: 'failed' })));
    await expect.poll(async () => kindsOf(await differencesOf('pictures'), unlisted), { timeout: 10_000 }).toEqual([]);
    const countOfRows = async (from: string) =>
      await env.LEDGER.prepare(`SELECT count(DISTINCT id) AS count FROM (${from})`).first<number>('count');
    const accounts = ['SELECT id FROM accounts'].concat(
      ['purchases', 'purchase_days', 'credit_entries'].map((table) => `SELECT account_id AS id FROM ${table}`),
    );
    const pictures = await countOfRows('SELECT fingerprint AS id FROM renders WHERE expired_at IS NULL');
    expect((await reconciled('accounts')).checked).toBe(await countOfRows(accounts.join(' UNION ')));
    await env.LEDGER.prepare('DELETE FROM renders WHERE fingerprint = ?1').bind(unlisted).run();
    const found = await reconciled('pictures');
    const others = found.differences.filter(({ kind, subject }) => kind === 'not_listed' && subject !== unlisted);
    expect(found.checked).toBe((pictures ?? 0) + others.length);
  });
});

describe('both routes', () => {
  it.each(['accounts', 'pictures'])('are for admins alone: %s', async (what) => {
    const path = `/v1/admin/reconcile/${what}`;
    expect((await call(path, { key: null })).status).toBe(401);
    expect((await call(path, { key: await addAccount(`reconcile-${what}`) })).status).toBe(403);
    expect((await call(path, { method: 'POST', body: 'x' })).status).toBe(405);
    for (const cursor of ['~', btoa('["account"]'), btoa('["account","a","soon"]'), 'x'.repeat(5000)]) {
      const response = await call(`${path}?cursor=${encodeURIComponent(cursor)}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { issues: [{ field: 'cursor' }] } });
    }
  });
});
