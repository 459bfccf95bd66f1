import { noteRemoval } from './picture-register';
/** A row of the ledger: one vendor task that was (or may have been) paid for. Money in micro-dollars, times in ms. */
export interface Purchase {
  /** Unique for the attempt, and the same at every try to write it. */
  readonly id: string;
  readonly accountId: string;
  readonly settledAt: number;
  readonly fingerprint: string;
  readonly dialect: string;
  readonly task: string;
  readonly provider: string;
  readonly outcome: string;
  readonly inputMegapixels: number;
  readonly outputMegapixels: number;
  readonly quotedMicros: number;
  readonly actualMicros: number | null;
  readonly spentMicros: number;
  /** Whose vendor key it was bought with. */
  readonly paidBy: 'account' | 'caller';
  readonly queuedAt: number;
  /** The key that ordered it; null for the development key. */
  readonly keyId: string | null;
}

/** A picture for the list of what is stored. */
export interface StoredRender {
  readonly fingerprint: string;
  readonly accountId: string;
  readonly storedAt: number;
  readonly provider: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** When it was begun on purpose, although it was stored; absent: it was not. */
  readonly madeAgainSince?: number;
}

export type CountKind = 'hit' | 'joined';
export interface Count {
  readonly accountId: string;
  /** YYYY-MM-DD in UTC. */
  readonly day: string;
  readonly dialect: string;
  readonly kind: CountKind;
  readonly count: number;
  readonly savedMicros: number;
  /** What they were charged, where hits have a price. */
  readonly chargedMicros?: number;
}

/** D1: what was bought, by whom, and what was saved. */
export class UsageLedger {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /**
   * Writes purchases, the picture that the last one gave, and who joined its making, in one transaction. Safe to repeat:
   * the same id is one row, and what joined is added with the row alone.
   */
  async record(
    purchases: readonly Purchase[],
    render: StoredRender | null,
    joins: readonly Count[] = [],
  ): Promise<void> {
    const last = purchases.at(-1);
    const statements = [
      ...(last === undefined || joins.length === 0 ? [] : this.#addCountsOnceFor(last, joins)),
      ...purchases.map((purchase) => this.#insertPurchase(purchase)),
      ...(render === null ? [] : this.#insertRender(render)),
    ];
    if (statements.length > 0) await this.#database.batch(statements);
  }

  /** Adds batched counts of what did not have to be bought. */
  async count(counts: readonly Count[]): Promise<void> {
    await this.#database.prepare(addCountsWhere('true')).bind(JSON.stringify(counts)).run();
  }

  /**
   * A purchase of this account, by its own id or by that of the task that bought it, and what it spent; null when there
   * is none. What was lost on the way to a picture has an id alone.
   */
  async findPurchase(
    accountId: string,
    name: string,
  ): Promise<{ readonly id: string; readonly spentMicros: number } | null> {
    const statement = `SELECT id, spent_micros AS spentMicros FROM purchases
      WHERE account_id = ?1 AND (id = ?2 OR (task = ?2 AND id NOT GLOB '*-lost-[0-9]*')) ORDER BY id <> ?2 LIMIT 1`;
    return await this.#database.prepare(statement).bind(accountId, name).first<{ id: string; spentMicros: number }>();
  }

  #addCountsOnceFor({ accountId, settledAt, id }: Purchase, counts: readonly Count[]): D1PreparedStatement[] {
    const isNew = 'NOT EXISTS (SELECT 1 FROM purchases WHERE account_id = ?2 AND settled_at = ?3 AND id = ?4)';
    const statement = this.#database.prepare(addCountsWhere(isNew));
    return Array.from({ length: Math.ceil(counts.length / countsAtOnce) }, (_, index) => {
      const some = counts.slice(index * countsAtOnce, (index + 1) * countsAtOnce);
      return statement.bind(JSON.stringify(some), accountId, settledAt, id);
    });
  }

  #insertPurchase(row: Purchase): D1PreparedStatement {
    return this.#database
      .prepare(
        `INSERT INTO purchases (account_id, settled_at, id, fingerprint, dialect, task, provider, outcome,
          input_megapixels, output_megapixels, quoted_micros, actual_micros, spent_micros, queued_at, paid_by, key_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[row.accountId, row.settledAt, row.id, row.fingerprint, row.dialect, row.task, row.provider, row.outcome],
        ...[row.inputMegapixels, row.outputMegapixels, row.quotedMicros, row.actualMicros, row.spentMicros],
        row.queuedAt,
        row.paidBy,
        row.keyId,
      );
  }

  /** The row keeps the digest of the first time. Later ones of the same fingerprint were made again. */
  #insertRender(row: StoredRender): readonly D1PreparedStatement[] {
    const { fingerprint, madeAgainSince } = row;
    const insert = this.#database
      .prepare(
        `INSERT INTO renders (fingerprint, account_id, stored_at, provider, sha256, width, height, seed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET
          last_sha256 = excluded.sha256, rerendered_at = excluded.stored_at, expired_at = NULL,
          bought_by_others = max(bought_by_others, excluded.account_id <> account_id)
        WHERE excluded.stored_at > ifnull(rerendered_at, renders.stored_at)`,
      )
      .bind(row.fingerprint, row.accountId, row.storedAt, row.provider, row.sha256, row.width, row.height, row.seed);
    return madeAgainSince === undefined ? [insert] : [insert, noteRemoval(this.#database, fingerprint, madeAgainSince)];
  }
}

const addCountsWhere = (condition: string) => `
  INSERT INTO daily_counts (account_id, day, dialect, kind, count, saved_micros, charged_micros)
  SELECT value->>'accountId', value->>'day', value->>'dialect', value->>'kind', value->>'count',
    value->>'savedMicros', ifnull(value->>'chargedMicros', 0)
  FROM json_each(?1) WHERE ${condition}
  ON CONFLICT (account_id, day, dialect, kind) DO UPDATE SET
    count = count + excluded.count, saved_micros = saved_micros + excluded.saved_micros,
    charged_micros = charged_micros + excluded.charged_micros`;

/** In one value, of which D1 takes two megabytes at most. */
const countsAtOnce = 2_000;

export const dayMs = 86_400_000;

/** The UTC day of a time in milliseconds. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
