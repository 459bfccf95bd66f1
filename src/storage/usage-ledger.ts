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
}

export interface UsageTotals {
  readonly purchases: number;
  readonly pictures: number;
  readonly spentMicros: number;
  readonly hits: number;
  readonly joins: number;
  readonly savedMicros: number;
}
export interface UsageDay extends UsageTotals {
  readonly day: string;
}

/** D1: what was bought, by whom, and what was saved. */
export class UsageLedger {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Writes purchases, and the picture that the last one gave, in one transaction. Safe to repeat: the same id is one row. */
  async record(purchases: readonly Purchase[], render: StoredRender | null): Promise<void> {
    const statements = [
      ...purchases.map((purchase) => this.#insertPurchase(purchase)),
      ...(render === null ? [] : [this.#insertRender(render)]),
    ];
    if (statements.length > 0) await this.#database.batch(statements);
  }

  /** Adds batched counts of what did not have to be bought. */
  async count(counts: readonly Count[]): Promise<void> {
    const statement = `
      INSERT INTO daily_counts (account_id, day, dialect, kind, count, saved_micros)
      SELECT value->>'accountId', value->>'day', value->>'dialect', value->>'kind', value->>'count', value->>'savedMicros'
      FROM json_each(?1) WHERE true
      ON CONFLICT (account_id, day, dialect, kind) DO UPDATE SET
        count = count + excluded.count, saved_micros = saved_micros + excluded.saved_micros`;
    await this.#database.prepare(statement).bind(JSON.stringify(counts)).run();
  }

  /** An account's usage by UTC day, from `since` on, newest first. */
  async byDay(accountId: string, since: number): Promise<UsageDay[]> {
    const firstDay = dayOf(since);
    const statement = `
      SELECT day, sum(purchases) AS purchases, sum(pictures) AS pictures, sum(spent) AS spentMicros,
        sum(hits) AS hits, sum(joins) AS joins, sum(saved) AS savedMicros
      FROM (
        SELECT date(settled_at / 1000, 'unixepoch') AS day, (outcome = 'ready' OR spent_micros > 0) AS purchases, outcome = 'ready' AS pictures,
          spent_micros AS spent, 0 AS hits, 0 AS joins, 0 AS saved
        FROM purchases WHERE account_id = ?1 AND settled_at >= ?2
        UNION ALL
        SELECT day, 0, 0, 0, iif(kind = 'hit', count, 0), iif(kind = 'joined', count, 0), saved_micros
        FROM daily_counts WHERE account_id = ?1 AND day >= ?3
      ) GROUP BY day ORDER BY day DESC`;
    const result = await this.#database
      .prepare(statement)
      .bind(accountId, Date.parse(firstDay), firstDay)
      .all<UsageDay>();
    return result.results;
  }

  /** The ids of an account's newest tasks that were settled before `before` (milliseconds), newest first. */
  async recentTasks(accountId: string, before: number, count: number): Promise<{ task: string; settledAt: number }[]> {
    const statement = `SELECT task, settled_at AS settledAt FROM purchases
      WHERE account_id = ?1 AND settled_at < ?2 ORDER BY settled_at DESC LIMIT ?3`;
    const result = await this.#database
      .prepare(statement)
      .bind(accountId, before, count)
      .all<{ task: string; settledAt: number }>();
    return result.results;
  }

  /** What an account spent at each provider, ever. */
  async spentByProvider(
    accountId: string,
  ): Promise<Map<string, { readonly purchases: number; readonly spentMicros: number }>> {
    const statement = `SELECT provider, sum(outcome = 'ready' OR spent_micros > 0) AS purchases, sum(spent_micros) AS spentMicros
      FROM purchases WHERE account_id = ?1 GROUP BY provider`;
    const result = await this.#database
      .prepare(statement)
      .bind(accountId)
      .all<{ provider: string; purchases: number; spentMicros: number }>();
    return new Map(result.results.map((row) => [row.provider, row]));
  }

  #insertPurchase(row: Purchase): D1PreparedStatement {
    return this.#database
      .prepare(
        `INSERT INTO purchases (account_id, settled_at, id, fingerprint, dialect, task, provider, outcome,
          input_megapixels, output_megapixels, quoted_micros, actual_micros, spent_micros, queued_at, paid_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[row.accountId, row.settledAt, row.id, row.fingerprint, row.dialect, row.task, row.provider, row.outcome],
        ...[row.inputMegapixels, row.outputMegapixels, row.quotedMicros, row.actualMicros, row.spentMicros],
        row.queuedAt,
        row.paidBy,
      );
  }

  #insertRender(row: StoredRender): D1PreparedStatement {
    return this.#database
      .prepare(
        `INSERT INTO renders (fingerprint, account_id, stored_at, provider, sha256, width, height, seed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING`,
      )
      .bind(row.fingerprint, row.accountId, row.storedAt, row.provider, row.sha256, row.width, row.height, row.seed);
  }
}

/** The UTC day of a time in milliseconds. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
