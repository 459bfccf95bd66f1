import { Fault } from '../core/fault';

/** A vendor key of an account, as everybody may see it. */
export interface StoredKey {
  readonly provider: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A vendor key of an account, encrypted. */
export interface SealedKey {
  readonly provider: string;
  readonly sealedKey: string;
}

export interface ProviderKeysParts {
  /** Ids of the providers that there are keys for. */
  readonly providers: readonly string[];
  readonly seal: (key: string) => Promise<string>;
  /** A key that was sealed with the deployment's previous secret, sealed with the present one; null where it needs none. */
  readonly reseal: (sealedKey: string) => Promise<string | null>;
}

const rememberedAccounts = 2_000;
const freshForMs = 30_000;

interface Remembered {
  readonly keys: readonly SealedKey[];
  readonly at: number;
}

/**
 * The vendor keys that accounts store here, to buy with their own money. Only their encrypted form is kept, and none is
 * ever shown. What an account has is remembered in this isolate, bounded in number and age: a change made in another one
 * counts here within half a minute.
 */
export class ProviderKeys {
  readonly #database: D1Database;
  readonly #parts: ProviderKeysParts;
  readonly #remembered = new Map<string, Remembered>();
  #changes = 0;

  constructor(database: D1Database, parts: ProviderKeysParts) {
    this.#database = database;
    this.#parts = parts;
  }

  /** Stores a key, in the place of an earlier one. @throws Fault naming `provider` where there is no such provider. */
  async put(accountId: string, provider: string, key: string): Promise<StoredKey> {
    const { providers, seal } = this.#parts;
    if (!providers.includes(provider)) {
      throw Fault.ofField('provider', `expected one of ${providers.join(', ')}.`);
    }
    const createdAt = Date.now();
    await this.#database
      .prepare(
        `INSERT INTO provider_keys (account_id, provider, sealed_key, created_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET sealed_key = excluded.sealed_key, created_at = excluded.created_at`,
      )
      .bind(accountId, provider, await seal(key), createdAt)
      .run();
    this.#forget(accountId);
    return { provider, createdAt };
  }

  /** Whose keys an account stored, the oldest first. */
  async list(accountId: string): Promise<readonly StoredKey[]> {
    const rows = await this.#database
      .prepare('SELECT provider, created_at FROM provider_keys WHERE account_id = ?1 ORDER BY created_at, provider')
      .bind(accountId)
      .all<{ provider: string; created_at: number }>();
    return rows.results.map((row) => ({ provider: row.provider, createdAt: row.created_at }));
  }

  /** Deletes a key. False: there was none. */
  async remove(accountId: string, provider: string): Promise<boolean> {
    const result = await this.#database
      .prepare('DELETE FROM provider_keys WHERE account_id = ?1 AND provider = ?2')
      .bind(accountId, provider)
      .run();
    this.#forget(accountId);
    return result.meta.changes > 0;
  }

  /** The keys of an account, encrypted, the oldest first. */
  async keysOf(accountId: string): Promise<readonly SealedKey[]> {
    const known = this.#remembered.get(accountId);
    if (known !== undefined && Date.now() - known.at < freshForMs) return known.keys;
    const changes = this.#changes;
    const rows = await this.#database
      .prepare('SELECT provider, sealed_key FROM provider_keys WHERE account_id = ?1 ORDER BY created_at, provider')
      .bind(accountId)
      .all<{ provider: string; sealed_key: string }>();
    const keys = rows.results.map((row) => ({ provider: row.provider, sealedKey: row.sealed_key }));
    // What was read before a change must not outlive it.
    if (changes === this.#changes) this.#remember(accountId, keys);
    return keys;
  }

  /** Seals every key anew that the previous secret sealed. Safe to repeat. @returns how many there were */
  async resealAll(): Promise<number> {
    const statement = 'SELECT account_id AS accountId, provider, sealed_key AS sealedKey FROM provider_keys';
    const rows = await this.#database.prepare(statement).all<SealedKey & { accountId: string }>();
    let resealed = 0;
    for (const { accountId, provider, sealedKey } of rows.results) {
      const anew = await this.#parts.reseal(sealedKey);
      if (anew === null) continue;
      // Only that very key: one that was stored meanwhile is sealed with the present secret.
      const change =
        'UPDATE provider_keys SET sealed_key = ?3 WHERE account_id = ?1 AND provider = ?2 AND sealed_key = ?4';
      await this.#database.prepare(change).bind(accountId, provider, anew, sealedKey).run();
      this.#forget(accountId);
      resealed += 1;
    }
    return resealed;
  }

  #forget(accountId: string): void {
    this.#changes += 1;
    this.#remembered.delete(accountId);
  }

  #remember(accountId: string, keys: readonly SealedKey[]): void {
    this.#remembered.delete(accountId);
    this.#remembered.set(accountId, { keys, at: Date.now() });
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > rememberedAccounts && oldest.done !== true) this.#remembered.delete(oldest.value);
  }
}
