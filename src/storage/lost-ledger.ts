import * as z from 'zod';
import { buyersOf, recipeKey } from './picture-store';
import { recipeSchema } from './recipe';
import { type StoredRender, UsageLedger } from './usage-ledger';

/** What the ledger has of an account's purchases on a UTC day. Money in micro-dollars. */
export interface LedgerDay {
  readonly day: string;
  readonly micros: number;
  /** What of it was restored, in how many rows. */
  readonly restoredMicros: number;
  readonly restoredRows: number;
}

/** A stored picture as its recipe has it. */
export interface LostRender extends StoredRender {
  /** Who bought it first, as opposed to who did the last time; null: that is not known. */
  readonly firstBuyer: string | null;
  readonly isBoughtByOthers: boolean;
}

/** The outcome of rows that stand for what was spent on a day, after its purchases were lost. */
export const restoredOutcome = 'restored';
/** The buyer of a picture from before its recipe was stored with one. */
const unknownBuyer = 'unknown';
const privateNamespace = z.string().regex(/^account:/);

/** A recipe has the time at which its picture was stored, its purchase that at which it was settled: soon after. */
export const settlesWithinMs = 3_600_000;

/** What restoring reads and writes where the ledger, or a part of it, is gone. Everything is safe to repeat. */
export class LostLedger {
  readonly #database: D1Database;
  readonly #bucket: R2Bucket;

  constructor(database: D1Database, bucket: R2Bucket) {
    this.#database = database;
    this.#bucket = bucket;
  }

  /** The row of a stored picture as its recipe has it; null: it has no recipe, so it is not stored. */
  async rowOf(fingerprint: string): Promise<LostRender | null> {
    const object = await this.#bucket.get(recipeKey(fingerprint));
    if (object === null) return null;
    const { request, facts } = recipeSchema.parse(await object.json());
    const owner = privateNamespace.safeParse(facts.namespace).data?.slice('account:'.length);
    const { provider, sha256, width, height, endedAt } = facts;
    const buyers = buyersOf(object);
    const accountId = buyers?.accountId ?? owner ?? unknownBuyer;
    const first = { firstBuyer: buyers?.first?.accountId ?? null, isBoughtByOthers: buyers?.first?.isOnly !== true };
    return { fingerprint, accountId, ...first, storedAt: endedAt, provider, sha256, width, height, seed: request.seed };
  }

  /**
   * Lists pictures again, as of their purchase where the ledger has that; one that is listed stays as it is. Where a
   * recipe does not say who bought it first, the earliest purchase does, and the picture is kept for others: who was
   * mistaken for its only buyer could delete what another account paid for.
   */
  async list(lost: readonly LostRender[]): Promise<void> {
    const earliest = await this.#earliestBuyers(lost.filter(({ firstBuyer }) => firstBuyer === null));
    const rows = lost.map(({ firstBuyer, ...row }) => {
      return { ...row, firstBuyer: firstBuyer ?? earliest.get(row.fingerprint) ?? row.accountId };
    });
    const statement = `
      INSERT INTO renders (fingerprint, account_id, stored_at, provider, sha256, width, height, seed,
        bought_by_others)
      SELECT value->>'fingerprint', value->>'firstBuyer', ifnull((
          SELECT min(settled_at) FROM purchases WHERE account_id = value->>'accountId' AND outcome = 'ready'
            AND settled_at BETWEEN value->>'storedAt' AND value->>'storedAt' + ${settlesWithinMs}
            AND purchases.fingerprint = value->>'fingerprint'
        ), value->>'storedAt'), value->>'provider', value->>'sha256',
        value->>'width', value->>'height', value->>'seed', value->>'isBoughtByOthers'
      FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;
    if (rows.length > 0) await this.#database.prepare(statement).bind(JSON.stringify(rows)).run();
  }

  /** By fingerprint. Reads the whole table once: nothing finds purchases by their pictures. */
  async #earliestBuyers(rows: readonly StoredRender[]): Promise<ReadonlyMap<string, string>> {
    if (rows.length === 0) return new Map();
    const statement = `SELECT fingerprint, account_id AS accountId, min(settled_at) FROM purchases
      WHERE outcome = 'ready' AND fingerprint IN (SELECT value FROM json_each(?1)) GROUP BY fingerprint`;
    const fingerprints = JSON.stringify(rows.map(({ fingerprint }) => fingerprint));
    const bought = this.#database.prepare(statement).bind(fingerprints);
    const { results } = await bought.all<{ fingerprint: string; accountId: string }>();
    return new Map(results.map(({ fingerprint, accountId }) => [fingerprint, accountId]));
  }

  /** Ids of accounts that any table still knows, or knows again, those after `after`. Reads whole tables. */
  async accountsAfter(after: string, limit: number): Promise<readonly string[]> {
    const statement = `SELECT id FROM (
        SELECT id FROM accounts UNION SELECT account_id FROM renders
        UNION SELECT account_id FROM purchase_days UNION SELECT account_id FROM credit_entries
      ) WHERE id > ?1 ORDER BY id LIMIT ?2`;
    const { results } = await this.#database.prepare(statement).bind(after, limit).all<{ id: string }>();
    return results.map(({ id }) => id);
  }

  async days(accountId: string): Promise<readonly LedgerDay[]> {
    const statement = `SELECT day, sum(spent_micros) AS micros,
        sum(iif(outcome = ?2, spent_micros, 0)) AS restoredMicros, sum(iif(outcome = ?2, purchases, 0)) AS restoredRows
      FROM purchase_days WHERE account_id = ?1 GROUP BY day`;
    return (await this.#database.prepare(statement).bind(accountId, restoredOutcome).all<LedgerDay>()).results;
  }

  /**
   * Writes what is missing of a day as one row, which stands for purchases that nobody can list any more; below zero it
   * takes back what had been restored of purchases that were written after all. `row` counts those of the day.
   */
  async restore(accountId: string, { day, micros, row }: Correction): Promise<void> {
    const settledAt = Date.parse(day);
    const told = {
      provider: restoredOutcome,
      dialect: restoredOutcome,
      outcome: restoredOutcome,
      paidBy: 'account',
    } as const;
    const empty = {
      fingerprint: '',
      task: '',
      inputMegapixels: 0,
      outputMegapixels: 0,
      actualMicros: null,
      keyId: null,
    };
    const money = { quotedMicros: micros, spentMicros: micros };
    const times = { settledAt, queuedAt: settledAt };
    const id = `restored-${accountId}-${day}-${row}`;
    await new UsageLedger(this.#database).record([{ id, accountId, ...told, ...empty, ...money, ...times }], null);
  }
}

/** What is to be added to a day, as which of its restored rows. */
export interface Correction {
  readonly day: string;
  readonly micros: number;
  readonly row: number;
}
