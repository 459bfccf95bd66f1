import { env } from 'cloudflare:workers';
import { sha256Hex } from '../../src/core/fingerprint';

/** An account of its own with one key; returns the key. */
export async function addAccount(id: string, times: { readonly expiresAt?: number; readonly revokedAt?: number } = {}) {
  const key = `fg_test_${id}_${crypto.randomUUID()}`;
  const digest = await sha256Hex(Uint8Array.from(new TextEncoder().encode(key)));
  const { LEDGER } = env;
  await LEDGER.batch([
    LEDGER.prepare('INSERT INTO accounts (id, name, created_at) VALUES (?1, ?1, 0)').bind(id),
    LEDGER.prepare(
      'INSERT INTO api_keys (sha256, account_id, name, created_at, expires_at, revoked_at) VALUES (?1, ?2, ?2, 0, ?3, ?4)',
    ).bind(digest, id, times.expiresAt ?? null, times.revokedAt ?? null),
  ]);
  return key;
}

/** The ledger's rows for a picture. */
export async function purchasesOf(fingerprint: string) {
  const rows = await env.LEDGER.prepare('SELECT * FROM purchases WHERE fingerprint = ?1').bind(fingerprint).all<{
    account_id: string;
    dialect: string;
    outcome: string;
    quoted_micros: number;
    actual_micros: number | null;
    spent_micros: number;
  }>();
  return rows.results;
}
