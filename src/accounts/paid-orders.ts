const paidForMs = 86_400_000;

/** Pictures of orders with a name that were paid for within a day: the same order again has them for nothing. */
export class PaidOrders {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS paid (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID');
  }

  /** Those of them that nobody paid for yet, each once. */
  unpaid(ids: readonly string[], now: number): string[] {
    const statement = `SELECT value AS id FROM json_each(?) WHERE NOT EXISTS
      (SELECT 1 FROM paid WHERE id = value AND at > ?) GROUP BY value`;
    const rows = this.#sql.exec<{ id: string }>(statement, JSON.stringify(ids), now - paidForMs);
    return Array.from(rows, ({ id }) => id);
  }

  keep(ids: readonly string[], now: number): void {
    for (const id of ids) this.#sql.exec('INSERT OR REPLACE INTO paid VALUES (?, ?)', id, now);
  }

  prune(now: number): void {
    this.#sql.exec('DELETE FROM paid WHERE at < ?', now - paidForMs);
  }
}
