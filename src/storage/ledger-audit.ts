import { restoredOutcome, settlesWithinMs } from './lost-ledger';
import { removedBefore } from './retention';
import { dayMs, dayOf } from './usage-ledger';

/** What the roll-ups and the rows of a day come to. */
export interface DaySums {
  readonly day: string;
  readonly rows: Sums;
  readonly rollUps: Sums;
}
export interface Sums {
  readonly purchases: number;
  readonly spentMicros: number;
}

/** What the ledger says of an account's money. */
export interface LedgerMoney {
  readonly creditedMicros: number;
  readonly spentMicros: number;
  /** Spent in the day and month asked for, hits that have a price included. */
  readonly dayMicros: number;
  readonly monthMicros: number;
}

/** A purchase that something is wrong with (flags as SQL has them: 0 or 1). */
export interface SuspectPurchase {
  readonly id: string;
  readonly fingerprint: string;
  readonly quotedMicros: number;
  readonly actualMicros: number | null;
  readonly spentMicros: number;
  /** What was to be spent; `spentMicros` itself where nothing here says more. */
  readonly owedMicros: number;
  /** The vendor charged over a fifth more or less than was quoted. */
  readonly isOffQuote: number;
  readonly hasPicture: number;
  /** The picture was first stored by another purchase. */
  readonly isSecond: number;
}

/** More are not told of one window. */
const mostSuspects = 200;

/** SQL: whether a purchase is the first of its picture, which was listed again from its recipe before that was written. */
const isFirstAfterAll = `purchases.account_id = renders.account_id
  AND settled_at BETWEEN renders.stored_at AND renders.stored_at + ${settlesWithinMs} AND NOT EXISTS (
    SELECT 1 FROM purchases AS earlier WHERE earlier.account_id = renders.account_id AND earlier.outcome = 'ready'
      AND earlier.settled_at >= renders.stored_at AND earlier.settled_at < purchases.settled_at
      AND earlier.fingerprint = renders.fingerprint)`;

/**
 * SQL: what a purchase was to cost its account, as `purchaseOf` in src/renders/settlement.ts has it: what the vendor
 * reported, or what is presumed. That is a price which may be another vendor's than the quoted one's, and which moderation
 * comes to only where the picture was made: the ledger has neither, so that such a charge is held to its sign alone.
 */
const owedMicros = `CASE
  WHEN paid_by = 'caller' THEN 0
  WHEN actual_micros IS NOT NULL THEN actual_micros
  WHEN outcome IN ('ready', 'unknown', 'unfinished', 'lost') THEN iif(spent_micros > 0, spent_micros, quoted_micros)
  WHEN outcome = 'moderated' THEN max(spent_micros, 0)
  WHEN outcome = '${restoredOutcome}' THEN quoted_micros
  ELSE 0 END`;

/** What reconciling reads of the ledger, a bounded part at a time. */
export class LedgerAudit {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** The id of the first account after `after` that the ledger knows in any way; null: there is none. */
  async accountAfter(after: string): Promise<string | null> {
    const statement = `SELECT min(id) AS id FROM (
      SELECT min(id) AS id FROM accounts WHERE id > ?1
      UNION ALL SELECT min(account_id) FROM purchases WHERE account_id > ?1
      UNION ALL SELECT min(account_id) FROM purchase_days WHERE account_id > ?1
      UNION ALL SELECT min(account_id) FROM credit_entries WHERE account_id > ?1)`;
    const row = await this.#database.prepare(statement).bind(after).first<{ id: string | null }>();
    return row?.id ?? null;
  }

  /** The first day of which retention removed no purchase. */
  async completeFrom(): Promise<string> {
    return dayOf((await removedBefore(this.#database)) + dayMs - 1);
  }

  /** The first day from `from` on with purchases of an account; null: there is none. */
  async dayFrom(accountId: string, from: string): Promise<string | null> {
    const statement = `SELECT min(day) AS day FROM (
      SELECT min(day) AS day FROM purchase_days WHERE account_id = ?1 AND day >= ?2
      UNION ALL SELECT date(min(settled_at) / 1000, 'unixepoch') FROM purchases WHERE account_id = ?1 AND settled_at >= ?3)`;
    const row = await this.#database
      .prepare(statement)
      .bind(accountId, from, Date.parse(from))
      .first<{ day: string | null }>();
    return row?.day ?? null;
  }

  /** Days of an account on which its purchases and their roll-ups differ; `before` is not included. */
  async differingDays(accountId: string, from: string, before: string): Promise<readonly DaySums[]> {
    const statement = `
      SELECT day, sum(rows) AS rows, sum(spent) AS spent, sum(rolled) AS rolled, sum(rolled_spent) AS rolledSpent FROM (
        SELECT date(settled_at / 1000, 'unixepoch') AS day, 1 AS rows, spent_micros AS spent, 0 AS rolled, 0 AS rolled_spent
        FROM purchases WHERE account_id = ?1 AND settled_at >= ?4 AND settled_at < ?5
        UNION ALL SELECT day, 0, 0, purchases, spent_micros
        FROM purchase_days WHERE account_id = ?1 AND day >= ?2 AND day < ?3
      ) GROUP BY day HAVING sum(rows) <> sum(rolled) OR sum(spent) <> sum(rolled_spent) ORDER BY day`;
    const result = await this.#database
      .prepare(statement)
      .bind(accountId, from, before, Date.parse(from), Date.parse(before))
      .all<{ day: string; rows: number; spent: number; rolled: number; rolledSpent: number }>();
    return result.results.map((row) => ({
      day: row.day,
      rows: { purchases: row.rows, spentMicros: row.spent },
      rollUps: { purchases: row.rolled, spentMicros: row.rolledSpent },
    }));
  }

  /** What an account was credited and spent, ever and in a day (YYYY-MM-DD) and month (YYYY-MM). */
  async money(accountId: string, day: string, month: string): Promise<LedgerMoney> {
    const statement = `
      SELECT ifnull(sum(credited), 0) AS creditedMicros, ifnull(sum(spent), 0) AS spentMicros,
        ifnull(sum(iif(day = ?2, spent + hits, 0)), 0) AS dayMicros,
        ifnull(sum(iif(substr(day, 1, 7) = ?3, spent + hits, 0)), 0) AS monthMicros
      FROM (
        SELECT day, spent_micros AS spent, 0 AS credited, 0 AS hits FROM purchase_days WHERE account_id = ?1
        UNION ALL SELECT date(at / 1000, 'unixepoch'), 0, micros, iif(kind = 'hits', -micros, 0)
        FROM credit_entries WHERE account_id = ?1
      )`;
    const none = { creditedMicros: 0, spentMicros: 0, dayMicros: 0, monthMicros: 0 };
    return (await this.#database.prepare(statement).bind(accountId, day, month).first<LedgerMoney>()) ?? none;
  }

  /** Purchases of an account, of the days from `from` to before `before`, that something is wrong with. */
  async suspects(accountId: string, from: string, before: string): Promise<readonly SuspectPurchase[]> {
    const statement = `
      SELECT * FROM (
        SELECT purchases.id, purchases.fingerprint, quoted_micros AS quotedMicros, actual_micros AS actualMicros,
          spent_micros AS spentMicros, ${owedMicros} AS owedMicros,
          (outcome = 'ready' OR actual_micros > 0) AND ifnull(abs(actual_micros - quoted_micros) * 5 > quoted_micros, 0) AS isOffQuote,
          outcome <> 'ready' OR renders.fingerprint IS NOT NULL OR settled_at <= ifnull(removed.at, 0) AS hasPicture,
          outcome = 'ready' AND renders.fingerprint IS NOT NULL
            AND renders.stored_at <> settled_at AND removed.at IS NULL AND NOT (${isFirstAfterAll}) AS isSecond
        FROM purchases LEFT JOIN renders ON renders.fingerprint = purchases.fingerprint
          LEFT JOIN removed_pictures AS removed ON removed.fingerprint = purchases.fingerprint
        WHERE purchases.account_id = ?1 AND settled_at >= ?2 AND settled_at < ?3
        ORDER BY settled_at
      ) WHERE isOffQuote OR spentMicros <> owedMicros OR NOT hasPicture OR isSecond LIMIT ${mostSuspects}`;
    const result = await this.#database
      .prepare(statement)
      .bind(accountId, Date.parse(from), Date.parse(before))
      .all<SuspectPurchase>();
    return result.results;
  }
}
