import { sha256Hex } from '../core/fingerprint';
import { type Account, developmentAccount } from './account';

const rememberedKeys = 2_000;
const freshForMs = 30_000;
const longestKey = 512;

interface Remembered {
  readonly account: Account | null;
  readonly at: number;
}

/**
 * Knows whose key a key is, by its SHA-256 alone. Answers are remembered in this isolate, bounded in number and age,
 * so that a request reads no table and a revoked key stops within half a minute.
 */
export class KeyRing {
  readonly #database: D1Database;
  readonly #developmentKey: string | null;
  readonly #remembered = new Map<string, Remembered>();

  constructor(database: D1Database, developmentKey: string | null) {
    this.#database = database;
    this.#developmentKey = developmentKey;
  }

  /** The account of a key, or null. `origin` is where the request came in: the development key works on loopback alone. */
  async accountOf(key: string, origin: string): Promise<Account | null> {
    if (key.length > longestKey) return null;
    if (this.#developmentKey !== null && isLoopback(origin) && isSame(key, this.#developmentKey))
      return developmentAccount;
    const digest = await sha256Hex(Uint8Array.from(new TextEncoder().encode(key)));
    const known = this.#remembered.get(digest);
    if (known !== undefined && Date.now() - known.at < freshForMs) return known.account;
    const account = await this.#lookUp(digest);
    this.#remember(digest, account);
    return account;
  }

  async #lookUp(digest: string): Promise<Account | null> {
    const row = await this.#database
      .prepare(
        `SELECT accounts.id, accounts.name FROM api_keys JOIN accounts ON accounts.id = api_keys.account_id
        WHERE sha256 = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)`,
      )
      .bind(digest, Date.now())
      .first<{ id: string; name: string }>();
    return row === null ? null : { ...row, namespace: 'public' };
  }

  #remember(digest: string, account: Account | null): void {
    this.#remembered.delete(digest);
    this.#remembered.set(digest, { account, at: Date.now() });
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > rememberedKeys && oldest.done !== true) this.#remembered.delete(oldest.value);
  }
}

function isSame(left: string, right: string): boolean {
  const encoder = new TextEncoder();
  const [a, b] = [encoder.encode(left), encoder.encode(right)];
  return a.length === b.length && crypto.subtle.timingSafeEqual(a, b);
}

function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
