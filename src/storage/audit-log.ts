import type { Position } from './position';

/** Who changed what. Never a key, a prompt or a picture. Times are milliseconds since 1970. */
export interface AuditEntry {
  readonly id: string;
  readonly at: number;
  /** `admin-token`, or the id of an admin's key. */
  readonly actor: string;
  /** Such as `key.create`. */
  readonly action: string;
  /** What it was done to: the id of an account, key or picture. */
  readonly target: string;
  readonly details: Readonly<Record<string, unknown>>;
}

type AuditRow = Omit<AuditEntry, 'details'> & { readonly details: string };

/** D1: the record of what administrators did. Nothing in it is ever changed. */
export class AuditLog {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Makes changes and writes down that they were made, in one transaction: neither is there without the other. */
  async record(entry: Omit<AuditEntry, 'id'>, changes: readonly D1PreparedStatement[] = []): Promise<void> {
    const { at, actor, action, target, details } = entry;
    const written = this.#database
      .prepare('INSERT INTO audit_entries (at, id, actor, action, target, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)')
      .bind(at, crypto.randomUUID(), actor, action, target, JSON.stringify(details));
    await this.#database.batch([...changes, written]);
  }

  /** Entries, the newest first, those before `before`. */
  async list(before: Position, count: number): Promise<AuditEntry[]> {
    const statement = `SELECT id, at, actor, action, target, details FROM audit_entries WHERE (at, id) < (?1, ?2)
      ORDER BY at DESC, id DESC LIMIT ?3`;
    const result = await this.#database.prepare(statement).bind(before.at, before.id, count).all<AuditRow>();
    return result.results.map((row) => ({ ...row, details: JSON.parse(row.details) }));
  }
}
