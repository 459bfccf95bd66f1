import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { addAccount } from '../support/accounts';
import { accountWithKey, admin, administered } from '../support/admin-caller';
import { ended, fingerprintIn, made, submit, submitted } from '../support/bfl-caller';
import { call } from '../support/front-door';
import { purchase, record } from '../support/ledger-rows';
import { loseLedger, restore } from '../support/lost-ledger';
import { differencesFound } from '../support/reconciled';
import { accounts } from '../support/reserve';
import { renderRow } from '../support/stored-objects';

interface Standing {
  readonly standing: { readonly balance_micros: number; readonly day: { readonly spent_micros: number } };
}
const spentInLedger = async (accountId: string) =>
  await env.LEDGER.prepare('SELECT sum(spent_micros) AS sum FROM purchases WHERE account_id = ?1')
    .bind(accountId)
    .first<number>('sum');

describe('a ledger that was lost', () => {
  const pictures: string[] = [];
  let before: Standing;
  let row: Awaited<ReturnType<typeof renderRow>>;

  beforeAll(async () => {
    const { key } = await accountWithKey('acme');
    await administered('accounts/acme/credits', { json: { kind: 'top_up', micros: 5_000_000, fee_percent: 3 } });
    const privately = await addAccount('hidden', { visibility: 'private' });
    for (const seed of [1, 2, 3]) {
      pictures.push(fingerprintIn((await made({ prompt: 'restore: bought', seed }, { key })).sample));
    }
    const hidden = await submit({ prompt: 'restore: private', seed: 1 }, { key: privately });
    await renderRow(hidden.headers.get('x-fluxgate-fingerprint') ?? '');
    // One that cost money, gave no picture, and was given back.
    const { id } = await submitted({ prompt: 'sandbox:unknown restore', seed: 1 }, { key });
    await ended(id);
    row = await renderRow(pictures[0] ?? '');
    await vi.waitFor(async () => expect((await differencesFound()).differences).toEqual([]), 10_000);
    before = await administered('accounts/acme');
    expect(before.standing.day.spent_micros).toBeGreaterThan(0);
    await loseLedger();
  }, 20_000);

  it('is missed by reconciling, and by every key', async () => {
    const { differences } = await differencesFound();
    expect(differences.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'not_listed'));
    expect((await admin('accounts/acme')).status).toBe(404);
  });

  it('is restored from the recipes and the account objects, so that reconciling finds nothing', async () => {
    expect(await restore('listing')).toEqual({ checked: 4, restored: 4 });
    expect(await restore('accounts')).toEqual({ checked: 2, restored: 2 });
    expect((await differencesFound()).differences).toEqual([]);
    const again = await renderRow(pictures[0] ?? '');
    expect({ ...again, stored_at: 0 }).toEqual({ ...row, stored_at: 0 });
    expect(row.stored_at - again.stored_at).toBeLessThan(5_000);
    const owners = await env.LEDGER.prepare('SELECT DISTINCT account_id AS id FROM renders ORDER BY id').all();
    expect(owners.results).toEqual([{ id: 'acme' }, { id: 'hidden' }]);
    const { spentMicros } = await accounts.standing('acme');
    expect(await spentInLedger('acme')).toBe(spentMicros);
  });

  it('is left alone by restoring it again', async () => {
    const rows = async () => (await env.LEDGER.prepare('SELECT * FROM purchases').all()).results;
    const known = await rows();
    expect(await restore('listing')).toMatchObject({ restored: 0 });
    expect(await restore('accounts')).toMatchObject({ restored: 0 });
    expect(await rows()).toEqual(known);
  });

  it('gives an account that is made again under its id what it had, and its pictures cost nothing', async () => {
    const { key } = await accountWithKey('acme');
    expect((await administered<Standing>('accounts/acme')).standing).toEqual(before.standing);
    const hit = await submit({ prompt: 'restore: bought', seed: 2 }, { key });
    expect(hit.headers.get('x-fluxgate-source')).toBe('hit');
    await made({ prompt: 'restore: bought afterwards', seed: 1 }, { key });
    await expect.poll(async () => (await differencesFound()).differences, { timeout: 10_000 }).toEqual([]);
  });

  it('shows what was restored in its reports, and in no list of tasks', async () => {
    const usage = await (await call('/v1/usage?days=2&group=outcome&account=acme', { key: env.ADMIN_TOKEN })).text();
    expect(usage).toContain('"restored"');
    const byDay = await (await call('/v1/usage?days=2&account=acme', { key: env.ADMIN_TOKEN })).json();
    const { days } = byDay as { days: { failures: number; purchases: number; average_seconds: number }[] };
    expect(days.map(({ failures }) => failures)).toEqual(days.map(() => 0));
    expect(days.some(({ purchases }) => purchases > 1)).toBe(true);
    const { key } = await administered<{ key: string }>('accounts/acme/keys', { json: { name: 'lists' } });
    const tasks = await (await call('/v1/tasks', { key })).text();
    expect(tasks).toContain('ready');
    expect(tasks).not.toContain('restored');
  });

  it('is for administrators alone to restore, page by page', async () => {
    const key = await addAccount('curious');
    for (const part of ['listing', 'accounts', 'missing']) {
      const path = `/v1/admin/restore/${part}`;
      expect((await call(path, { key: null, json: {} })).status).toBe(401);
      expect((await call(path, { key, json: {} })).status).toBe(403);
      expect((await admin(`restore/${part}`)).status).toBe(405);
      expect((await admin(`restore/${part}`, { json: { cursor: 'x' } })).status).toBe(400);
      expect((await admin(`restore/${part}`, { json: { from: 'x' } })).status).toBe(400);
    }
  });

  it('lists a picture as of its purchase where only the list was lost', async () => {
    const key = await addAccount('listless');
    const print = fingerprintIn((await made({ prompt: 'restore: unlisted', seed: 1 }, { key })).sample);
    const known = await renderRow(print);
    await env.LEDGER.prepare('DELETE FROM renders WHERE fingerprint = ?1').bind(print).run();
    expect(await restore('listing')).toMatchObject({ restored: 1 });
    expect(await renderRow(print)).toEqual(known);
    await expect.poll(async () => (await differencesFound()).differences, { timeout: 10_000 }).toEqual([]);
  });

  it('takes back what was restored of a purchase that its render writes after all', async () => {
    await accounts.settle({ accountId: 'tardy', id: 'a', spent: [{ micros: 70_000, at: Date.now() }], refunds: [] });
    await addAccount('tardy');
    await restore('accounts');
    expect(await spentInLedger('tardy')).toBe(70_000);
    await record(purchase({ accountId: 'tardy', spentMicros: 70_000, outcome: 'moderated' }));
    expect(await spentInLedger('tardy')).toBe(140_000);
    expect(await restore('accounts')).toMatchObject({ restored: 1 });
    expect(await spentInLedger('tardy')).toBe(70_000);
    expect((await differencesFound()).differences.filter(({ subject }) => subject.startsWith('tardy'))).toEqual([]);
    expect(await restore('accounts')).toMatchObject({ restored: 0 });
  });
});

describe('pictures that were bought again, after their ledger was lost', () => {
  const deletion = async (print: string, key: string) =>
    (await call(`/v1/pictures/${print}`, { method: 'DELETE', key })).status;
  const bought = async (prompt: string, key: string) => {
    const print = fingerprintIn((await made({ prompt, seed: 1 }, { key })).sample);
    await renderRow(print);
    return print;
  };
  const boughtAgain = async (print: string, account: string) => {
    const { rerendered_at: before } = await renderRow(print);
    await administered(`pictures/${print}/rerender`, { json: { account } });
    await renderRow(print, ({ rerendered_at: after }) => after !== before);
  };

  it('are still their first buyers’, and kept for the others', async () => {
    const [first, second] = [await addAccount('first-buyer'), await addAccount('second-buyer')];
    const shared = await bought('restore: bought by two', first);
    await boughtAgain(shared, 'second-buyer');
    const back = await bought('restore: bought back', first);
    await boughtAgain(back, 'second-buyer');
    await boughtAgain(back, 'first-buyer');
    const own = await bought('restore: bought twice by one', first);
    await boughtAgain(own, 'first-buyer');
    const deletions = async (keys: readonly string[]) => {
      const statuses: number[] = [];
      for (const print of [shared, back]) for (const key of keys) statuses.push(await deletion(print, key));
      return statuses;
    };
    expect(await deletions([first, second])).toEqual([409, 403, 409, 403]);
    await loseLedger();
    await restore('listing');
    const keys = [await addAccount('first-buyer'), await addAccount('second-buyer')];
    expect(await deletions(keys)).toEqual([409, 403, 409, 403]);
    expect([await deletion(own, keys[1] ?? ''), await deletion(own, keys[0] ?? '')]).toEqual([403, 200]);
  });

  it('go by the earliest purchase where the recipe does not say who was first, and are kept for all', async () => {
    const [early, late] = [await addAccount('early-buyer'), await addAccount('late-buyer')];
    const print = await bought('restore: from before', early);
    await boughtAgain(print, 'late-buyer');
    const recipe = await env.PICTURES.get(`pictures/${print}/recipe.json`);
    const { 'first-account': _, 'only-account': __, ...customMetadata } = recipe?.customMetadata ?? {};
    await env.PICTURES.put(`pictures/${print}/recipe.json`, (await recipe?.text()) ?? '', { customMetadata });
    await env.LEDGER.prepare('DELETE FROM renders WHERE fingerprint = ?1').bind(print).run();
    expect(await restore('listing')).toMatchObject({ restored: 1 });
    expect([await deletion(print, early), await deletion(print, late)]).toEqual([409, 403]);
  });
});
