import * as z from 'zod';
import { readCursor, writeCursor } from '../core/cursor';
import type { CreditTable } from '../storage/credit-table';
import type { LostLedger } from '../storage/lost-ledger';
import type { PictureInventory } from '../storage/picture-inventory';
import type { PictureRegister } from '../storage/picture-register';
import type { Accounts } from './accounts-port';
import { corrections } from './corrections';

export interface RestoreParts {
  readonly lost: LostLedger;
  readonly inventory: PictureInventory;
  readonly register: PictureRegister;
  readonly credits: CreditTable;
  readonly accounts: Pick<Accounts, 'spentDays' | 'entriesAfter'>;
  readonly now: () => number;
}

/** One page of restoring: what was looked at, and what of it had to be restored. */
export interface RestorePage {
  readonly checked: number;
  readonly restored: number;
  /** The cursor of the next page; null: that was all. */
  readonly next: string | null;
}

const picturesOfPage = 50;
const accountsOfPage = 10;
const entriesAtOnce = 1_000;

const storedCursorSchema = z.tuple([z.literal('stored'), z.string().max(2000)]);
const afterCursorSchema = z.tuple([z.literal('after'), z.string().max(200)]);

/** Lists the pictures again that are stored and not listed, from their recipes. */
export async function restoreListing(parts: RestoreParts, cursor: string | null): Promise<RestorePage> {
  const { lost, inventory } = parts;
  const place = cursor === null ? null : readCursor(cursor, storedCursorSchema)[1];
  const { fingerprints, next } = await inventory.stored(place, picturesOfPage);
  const unlisted = await inventory.withoutRow(fingerprints);
  const rows = (await Promise.all(unlisted.map((fingerprint) => lost.rowOf(fingerprint)))).filter(
    (row) => row !== null,
  );
  await lost.list(rows);
  return {
    checked: fingerprints.length,
    restored: rows.length,
    next: next === null ? null : writeCursor(['stored', next]),
  };
}

/**
 * Writes into the ledger what the account objects know and it does not: credits, entry by entry, and what was spent, day
 * by day. `restored` counts accounts whose purchases were not all in the ledger.
 */
export async function restoreAccounts(parts: RestoreParts, cursor: string | null): Promise<RestorePage> {
  const after = cursor === null ? '' : readCursor(cursor, afterCursorSchema)[1];
  const ids = await parts.lost.accountsAfter(after, accountsOfPage);
  let restored = 0;
  for (const id of ids) {
    await restoreCredits(parts, id);
    if (await restoreSpent(parts, id)) restored += 1;
  }
  return { checked: ids.length, restored, next: nextAfter(ids, accountsOfPage) };
}

/**
 * Notes of pictures that are listed, and of which a file is gone, that they have to be made again. Deletes nothing:
 * whoever asks for one next has it made, and nobody takes that for a second purchase.
 */
export async function noteMissing(parts: RestoreParts, cursor: string | null): Promise<RestorePage> {
  const { inventory, register, now } = parts;
  const after = cursor === null ? '' : readCursor(cursor, afterCursorSchema)[1];
  const rows = await inventory.rowsAfter(after, picturesOfPage);
  const states = await Promise.all(
    rows.map(async ({ fingerprint }) => ({ fingerprint, ...(await inventory.state(fingerprint)) })),
  );
  const missing = states.filter(({ master, hasRecipe }) => master === null || !hasRecipe);
  const at = now();
  if (missing.length > 0) {
    const fingerprints = missing.map(({ fingerprint }) => fingerprint);
    await register.markExpired(fingerprints, at + 1, at);
  }
  const next = nextAfter(
    rows.map(({ fingerprint }) => fingerprint),
    picturesOfPage,
  );
  return { checked: rows.length, restored: missing.length, next };
}

async function restoreCredits({ accounts, credits }: RestoreParts, accountId: string): Promise<void> {
  for (let after = ''; ; ) {
    const entries = await accounts.entriesAfter(accountId, after, entriesAtOnce);
    await credits.record(accountId, entries);
    const last = entries.at(-1);
    if (last === undefined || entries.length < entriesAtOnce) return;
    after = last.id;
  }
}

async function restoreSpent({ accounts, lost }: RestoreParts, accountId: string): Promise<boolean> {
  const lacking = corrections(await accounts.spentDays(accountId), await lost.days(accountId));
  for (const correction of lacking) await lost.restore(accountId, correction);
  return lacking.length > 0;
}

function nextAfter(names: readonly string[], pageLength: number): string | null {
  const last = names.length === pageLength ? names.at(-1) : undefined;
  return last === undefined ? null : writeCursor(['after', last]);
}
