/** An account as D1 has it; `limits` is JSON. Times are milliseconds since 1970. */
export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly visibility: string;
  readonly limits: string;
  readonly createdAt: number;
}

const columns = 'id, name, visibility, limits, created_at AS createdAt';

/** D1: who may hold keys. Changes are statements, so that they can go in one transaction with what is told of them. */
export class AccountTable {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  async find(id: string): Promise<AccountRow | null> {
    return await this.#database.prepare(`SELECT ${columns} FROM accounts WHERE id = ?1`).bind(id).first<AccountRow>();
  }

  /** Accounts by id, those after `after`. */
  async list(after: string, count: number): Promise<AccountRow[]> {
    const statement = `SELECT ${columns} FROM accounts WHERE id > ?1 ORDER BY id LIMIT ?2`;
    return (await this.#database.prepare(statement).bind(after, count).all<AccountRow>()).results;
  }

  /** Fails as a whole where the id is taken. */
  insert(row: AccountRow): D1PreparedStatement {
    return this.#database
      .prepare('INSERT INTO accounts (id, name, visibility, limits, created_at) VALUES (?1, ?2, ?3, ?4, ?5)')
      .bind(row.id, row.name, row.visibility, row.limits, row.createdAt);
  }

  update({ id, name, visibility, limits }: AccountRow): D1PreparedStatement {
    return this.#database
      .prepare('UPDATE accounts SET name = ?2, visibility = ?3, limits = ?4 WHERE id = ?1')
      .bind(id, name, visibility, limits);
  }
}
