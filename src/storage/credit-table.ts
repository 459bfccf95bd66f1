import type { Position } from './position';

/** Money that moved without a purchase. `micros` is below zero where it was taken. Times are milliseconds since 1970. */
export interface CreditRow {
  readonly id: string;
  readonly kind: string;
  readonly micros: number;
  readonly note: string;
  readonly purchaseId: string | null;
  readonly at: number;
}

const columns = 'id, kind, micros, note, purchase_id AS purchaseId, at';

/** D1: credits, fees, adjustments and refunds of accounts. */
export class CreditTable {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Writes entries in one statement. Safe to repeat. */
  async record(accountId: string, entries: readonly CreditRow[]): Promise<void> {
    const statement = `
      INSERT INTO credit_entries (account_id, at, id, kind, micros, note, purchase_id)
      SELECT ?1, value->>'at', value->>'id', value->>'kind', value->>'micros', value->>'note', value->>'purchaseId'
      FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`;
    if (entries.length > 0) await this.#database.prepare(statement).bind(accountId, JSON.stringify(entries)).run();
  }

  /** An account's entries, the newest first, those before `before`. */
  async list(accountId: string, before: Position, count: number): Promise<CreditRow[]> {
    const statement = `SELECT ${columns} FROM credit_entries WHERE account_id = ?1 AND (at, id) < (?2, ?3)
      ORDER BY at DESC, id DESC LIMIT ?4`;
    const result = await this.#database
      .prepare(statement)
      .bind(accountId, before.at, before.id, count)
      .all<CreditRow>();
    return result.results;
  }

  /** Those of the entries with these ids that the account has, in the order of the ids. */
  async find(accountId: string, ids: readonly string[]): Promise<CreditRow[]> {
    const statement = `SELECT ${columns} FROM credit_entries
      WHERE account_id = ?1 AND id IN (SELECT value FROM json_each(?2))`;
    const result = await this.#database.prepare(statement).bind(accountId, JSON.stringify(ids)).all<CreditRow>();
    return ids.flatMap((id) => result.results.filter((row) => row.id === id));
  }
}
