import { env } from 'cloudflare:workers';
import type { AccountLimits } from '../../src/accounts/account';
import type { KeyKind, KeyLimits, Scope } from '../../src/accounts/api-key';
import { digestOfKey } from '../../src/accounts/new-key';
import { keyIdOf } from '../../src/storage/key-table';

/** What is different from an account without limits, and a key that may do everything but administrate. */
export interface AccountOptions {
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  readonly visibility?: 'public' | 'private';
  readonly limits?: Partial<AccountLimits>;
  readonly kind?: KeyKind;
  readonly scopes?: readonly Scope[];
  readonly dialects?: readonly string[];
  readonly origins?: readonly string[];
  readonly keyLimits?: Partial<KeyLimits>;
}

/** An account of its own with one key; returns the key. */
export async function addAccount(id: string, options: AccountOptions = {}): Promise<string> {
  const { visibility = 'public', limits = {} } = options;
  await env.LEDGER.prepare('INSERT INTO accounts (id, name, created_at, visibility, limits) VALUES (?1, ?1, 0, ?2, ?3)')
    .bind(id, visibility, JSON.stringify(limits))
    .run();
  return await addKey(id, options);
}

/** One more key of an account; returns it. */
export async function addKey(accountId: string, options: AccountOptions = {}): Promise<string> {
  const { expiresAt = null, revokedAt = null, kind = 'live', scopes = ['generate', 'read'], keyLimits = {} } = options;
  const key = `fg_test_${accountId}_${crypto.randomUUID()}`;
  const digest = await digestOfKey(key);
  const list = (names?: readonly string[]) => (names === undefined ? null : JSON.stringify(names));
  await env.LEDGER.prepare(
    `INSERT INTO api_keys (sha256, id, account_id, name, created_at, expires_at, revoked_at, kind, hint, scopes, dialects,
      origins, limits)
    VALUES (?1, ?2, ?3, ?3, 0, ?4, ?5, ?6, 'fg_test_…', ?7, ?8, ?9, ?10)`,
  )
    .bind(
      ...[digest, keyIdOf(digest), accountId, expiresAt, revokedAt, kind, JSON.stringify(scopes)],
      ...[list(options.dialects), list(options.origins), JSON.stringify(keyLimits)],
    )
    .run();
  return key;
}

/** The id that a key has in lists, in the ledger and in the audit log. */
export async function idOfKey(key: string): Promise<string> {
  return keyIdOf(await digestOfKey(key));
}

/** The ledger's rows for a picture. */
export async function purchasesOf(fingerprint: string) {
  const rows = await env.LEDGER.prepare('SELECT * FROM purchases WHERE fingerprint = ?1').bind(fingerprint).all<{
    id: string;
    account_id: string;
    key_id: string | null;
    dialect: string;
    outcome: string;
    quoted_micros: number;
    actual_micros: number | null;
    spent_micros: number;
  }>();
  return rows.results;
}
