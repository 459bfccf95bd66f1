import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { accountWithKey, administered } from '../support/admin-caller';
import { fingerprintIn, made, submit } from '../support/bfl-caller';
import { keepLedger, restore } from '../support/lost-ledger';
import { differencesFound } from '../support/reconciled';
import { accounts } from '../support/reserve';
import { renderRow } from '../support/stored-objects';

const spentInLedger = async (accountId: string) =>
  await env.LEDGER.prepare('SELECT sum(spent_micros) AS sum FROM purchases WHERE account_id = ?1')
    .bind(accountId)
    .first<number>('sum');

const purchaseOf = async (fingerprint: string) =>
  await env.LEDGER.prepare('SELECT id FROM purchases WHERE fingerprint = ?1').bind(fingerprint).first<string>('id');

describe('a ledger that was put back as it was some time ago', () => {
  it('is brought up to date by both restores, after pictures were bought, made again and deleted', async () => {
    const { key } = await accountWithKey('traveller');
    const bought = async (prompt: string) => {
      const print = fingerprintIn((await made({ prompt, seed: 1 }, { key })).sample);
      await renderRow(print);
      return print;
    };
    const kinds = async () =>
      (await differencesFound()).differences.map(({ kind, subject }) => `${kind} ${subject}`).toSorted();
    const [deleted, again] = [await bought('restore: deleted since'), await bought('restore: made again since')];
    await expect.poll(kinds, { timeout: 10_000 }).toEqual([]);
    const putBack = await keepLedger();

    const since = [await bought('restore: bought since'), await bought('restore: bought since, too')];
    await administered(`pictures/${deleted}`, { method: 'DELETE' });
    await administered(`pictures/${again}/rerender`, { json: {} });
    const { sha256 } = await renderRow(again, ({ rerendered_at }) => rerendered_at !== null);
    await administered('accounts/traveller/credits', { json: { kind: 'top_up', micros: 5_000_000 } });
    await administered('accounts/traveller/credits', {
      json: { kind: 'refund', micros: 1, purchase_id: await purchaseOf(since[0] ?? '') },
    });
    await expect.poll(kinds, { timeout: 10_000 }).toEqual([]);
    const before = await administered('accounts/traveller');
    await putBack();
    // Most vendors' bytes are others each time.
    const setDigest = async (column: string, digest: string) =>
      await env.LEDGER.prepare(`UPDATE renders SET ${column} = ?2 WHERE fingerprint = ?1`).bind(again, digest).run();
    await setDigest('sha256', '0'.repeat(64));
    expect(await kinds()).toEqual(expect.arrayContaining(since.map((print) => `not_listed ${print}`)));

    expect(await restore('listing')).toMatchObject({ restored: since.length });
    expect((await restore('accounts')).restored).toBeGreaterThan(0);
    const gone = [`no_master ${deleted}`, `no_recipe ${deleted}`];
    expect(await kinds()).toEqual([...gone, `other_bytes ${again}`]);
    expect(await restore('missing')).toMatchObject({ restored: 1 });
    expect(await kinds()).toEqual([`other_bytes ${again}`]);
    await setDigest('last_sha256', sha256);
    expect(await kinds()).toEqual([]);
    expect(await administered('accounts/traveller')).toEqual(before);
    expect(await spentInLedger('traveller')).toBe((await accounts.standing('traveller')).spentMicros);
    expect(
      (await submit({ prompt: 'restore: deleted since', seed: 1 }, { key })).headers.get('x-fluxgate-source'),
    ).toBe('bought');
    await expect.poll(kinds, { timeout: 10_000 }).toEqual([]);
  });
});
