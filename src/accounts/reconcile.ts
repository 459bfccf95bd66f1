import * as z from 'zod';
import { readCursor, writeCursor } from '../core/cursor';
import type { LedgerAudit } from '../storage/ledger-audit';
import type { PictureInventory } from '../storage/picture-inventory';
import { dayMs, dayOf } from '../storage/usage-ledger';
import type { Accounts } from './accounts-port';
import {
  type Difference,
  dayDifferences,
  pictureDifferences,
  purchaseDifferences,
  standingDifferences,
  unlistedDifferences,
} from './reconciliation';

export interface ReconcileParts {
  readonly audit: LedgerAudit;
  readonly inventory: PictureInventory;
  readonly accounts: Pick<Accounts, 'standing'>;
  /** How long a render may take: no reservation is older. */
  readonly deadlineMs: number;
  readonly now: () => number;
}

/** A page of differences. `checked` counts accounts that were looked at to their end, or pictures: each of them once. */
export interface ReconcilePage {
  readonly checked: number;
  readonly differences: readonly Difference[];
  /** The cursor of the next page; null: that was all. */
  readonly next: string | null;
}

/** Work of one page. */
const stepsOfPage = 10;
const daysOfStep = 31;
const picturesOfPage = 100;

const accountCursorSchema = z.tuple([z.literal('account'), z.string().max(200), z.iso.date()]);
const pictureCursorSchema = z.union([
  z.tuple([z.literal('listed'), z.string().max(64)]),
  z.tuple([z.literal('stored'), z.string().max(2000).nullable()]),
]);

/** Compares each account's purchases, roll-ups, credits and object: a month of an account is a step of it. */
export async function reconcileAccounts(parts: ReconcileParts, cursor: string | null): Promise<ReconcilePage> {
  const { audit } = parts;
  const start = cursor === null ? null : readCursor(cursor, accountCursorSchema);
  const first = await audit.completeFrom();
  let accountId = start === null ? await audit.accountAfter('') : start[1];
  let from = start === null || start[2] < first ? first : start[2];
  const differences: Difference[] = [];
  let checked = 0;
  for (let steps = 0; ; steps += 1) {
    if (accountId === null) return { checked, differences, next: null };
    if (steps === stepsOfPage) return { checked, differences, next: writeCursor(['account', accountId, from]) };
    const day = await audit.dayFrom(accountId, from);
    if (day === null) {
      differences.push(...(await standingOf(parts, accountId)));
      checked += 1;
      [accountId, from] = [await audit.accountAfter(accountId), first];
      continue;
    }
    const before = dayOf(Date.parse(day) + daysOfStep * dayMs);
    differences.push(...dayDifferences(accountId, await audit.differingDays(accountId, day, before)));
    differences.push(...purchaseDifferences(await audit.suspects(accountId, day, before)));
    from = before;
  }
}

/** Compares the list of renders with what is stored, and then what is stored with the list. */
export async function reconcilePictures(parts: ReconcileParts, cursor: string | null): Promise<ReconcilePage> {
  const place = cursor === null ? (['listed', ''] as const) : readCursor(cursor, pictureCursorSchema);
  return place[0] === 'listed' ? await listedPage(parts, place[1]) : await storedPage(parts, place[1]);
}

async function standingOf({ audit, accounts, now, deadlineMs }: ReconcileParts, accountId: string) {
  const standing = await accounts.standing(accountId);
  const ledger = await audit.money(accountId, standing.day.name, standing.month.name);
  return standingDifferences(accountId, { standing, ledger, now: now(), deadlineMs });
}

async function listedPage({ inventory }: ReconcileParts, after: string): Promise<ReconcilePage> {
  const rows = await inventory.rowsAfter(after, picturesOfPage);
  const found = await Promise.all(
    rows.map(async (row) => pictureDifferences(row, await inventory.state(row.fingerprint))),
  );
  const last = rows.length === picturesOfPage ? rows.at(-1) : undefined;
  const next = last === undefined ? (['stored', null] as const) : (['listed', last.fingerprint] as const);
  return { checked: rows.length, differences: found.flat(), next: writeCursor(next) };
}

async function storedPage({ inventory }: ReconcileParts, place: string | null): Promise<ReconcilePage> {
  const { fingerprints, next } = await inventory.stored(place, picturesOfPage);
  const unlisted = await inventory.withoutRow(fingerprints);
  return {
    // The others were counted where they are listed.
    checked: unlisted.length,
    differences: unlistedDifferences(unlisted),
    next: next === null ? null : writeCursor(['stored', next]),
  };
}
