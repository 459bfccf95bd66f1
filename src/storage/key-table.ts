import type { Position } from './position';

/** A key as D1 has it, without its digest; lists and limits are JSON. Times are milliseconds since 1970. */
export interface KeyRow {
  readonly id: string;
  readonly accountId: string;
  readonly kind: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: string;
  readonly dialects: string | null;
  readonly origins: string | null;
  readonly limits: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** A key with what its account may do. */
export interface HolderRow extends KeyRow {
  readonly accountName: string;
  readonly visibility: string;
  readonly accountLimits: string;
  readonly accountCreatedAt: number;
}

const idPrefix = 'key_';
const idDigits = 24;
const columns = `'${idPrefix}' || substr(sha256, 1, ${idDigits}) AS id, account_id AS accountId, kind, api_keys.name,
  hint, scopes, dialects, origins, api_keys.limits, api_keys.created_at AS createdAt, expires_at AS expiresAt,
  revoked_at AS revokedAt`;

const selectHolder = `SELECT ${columns}, accounts.name AS accountName, visibility, accounts.limits AS accountLimits,
  accounts.created_at AS accountCreatedAt FROM api_keys JOIN accounts ON accounts.id = account_id`;

/** A key's id is the beginning of its digest: found by the primary key, and it gives nothing of the key away. */
export function keyIdOf(sha256: string): string {
  return idPrefix + sha256.slice(0, idDigits);
}

/** D1: keys by their SHA-256. Changes are statements, so that they can go in one transaction with what is told of them. */
export class KeyTable {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Who holds the key with this digest, be it expired or revoked. One read. */
  async holder(sha256: string): Promise<HolderRow | null> {
    return await this.#database.prepare(`${selectHolder} WHERE sha256 = ?1`).bind(sha256).first<HolderRow>();
  }

  /** As {@link holder}, by the key's id. */
  async holderOfId(id: string): Promise<HolderRow | null> {
    const digits = digitsOf(id);
    if (digits === null) return null;
    const statement = `${selectHolder} WHERE sha256 >= ?1 AND sha256 < ?2`;
    return await this.#database.prepare(statement).bind(digits, `${digits}g`).first<HolderRow>();
  }

  async find(id: string): Promise<KeyRow | null> {
    const digits = digitsOf(id);
    if (digits === null) return null;
    const statement = `SELECT ${columns} FROM api_keys WHERE sha256 >= ?1 AND sha256 < ?2`;
    return await this.#database.prepare(statement).bind(digits, `${digits}g`).first<KeyRow>();
  }

  /** An account's keys, the newest first, those before `before`. */
  async list(accountId: string, before: Position, count: number): Promise<KeyRow[]> {
    const statement = `SELECT ${columns} FROM api_keys WHERE account_id = ?1
      AND (api_keys.created_at, '${idPrefix}' || substr(sha256, 1, ${idDigits})) < (?2, ?3)
      ORDER BY api_keys.created_at DESC, sha256 DESC LIMIT ?4`;
    const result = await this.#database.prepare(statement).bind(accountId, before.at, before.id, count).all<KeyRow>();
    return result.results;
  }

  insert(sha256: string, row: Omit<KeyRow, 'id' | 'revokedAt'>): D1PreparedStatement {
    return this.#database
      .prepare(
        `INSERT INTO api_keys (sha256, id, account_id, kind, name, hint, scopes, dialects, origins, limits, created_at,
          expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
      )
      .bind(
        ...[sha256, keyIdOf(sha256), row.accountId, row.kind, row.name, row.hint, row.scopes, row.dialects],
        ...[row.origins, row.limits, row.createdAt, row.expiresAt],
      );
  }

  /** Ends a key at `time`, or when it would have ended anyhow. */
  expire(id: string, time: number): D1PreparedStatement {
    return this.#change(id, 'expires_at = min(ifnull(expires_at, ?3), ?3)', time);
  }

  /** The first revocation is the one that counts. */
  revoke(id: string, time: number): D1PreparedStatement {
    return this.#change(id, 'revoked_at = ifnull(revoked_at, ?3)', time);
  }

  #change(id: string, change: string, time: number): D1PreparedStatement {
    const digits = digitsOf(id) ?? '';
    return this.#database
      .prepare(`UPDATE api_keys SET ${change} WHERE sha256 >= ?1 AND sha256 < ?2`)
      .bind(digits, `${digits}${digits === '' ? '' : 'g'}`, time);
  }
}

/** The hexadecimal digits in an id; "g" is what comes after all of them. */
function digitsOf(id: string): string | null {
  return new RegExp(`^${idPrefix}([0-9a-f]{${idDigits}})$`).exec(id)?.[1] ?? null;
}
