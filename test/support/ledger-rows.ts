import { env } from 'cloudflare:workers';
import { type Purchase, UsageLedger } from '../../src/storage/usage-ledger';

/** A purchase of a second, as a vendor that charges what it quotes leaves it. */
export function purchase(given: Partial<Purchase> & Pick<Purchase, 'accountId'>): Purchase {
  const settledAt = given.settledAt ?? Date.now();
  return {
    id: crypto.randomUUID(),
    settledAt,
    fingerprint: '0'.repeat(64),
    dialect: 'bfl',
    task: 'task',
    provider: 'bfl',
    outcome: 'ready',
    inputMegapixels: 0,
    outputMegapixels: 1,
    quotedMicros: 50_000,
    actualMicros: 50_000,
    spentMicros: 50_000,
    paidBy: 'account',
    queuedAt: settledAt - 1_000,
    keyId: null,
    ...given,
  };
}

/** Writes purchases as renders do. */
export async function record(...purchases: readonly Purchase[]): Promise<void> {
  await new UsageLedger(env.LEDGER).record(purchases, null);
}

/** How many rows a table has of an account. */
export async function countOf(table: 'purchases' | 'purchase_days', accountId: string): Promise<number> {
  const row = await env.LEDGER.prepare(`SELECT count(*) AS count FROM ${table} WHERE account_id = ?1`)
    .bind(accountId)
    .first<{ count: number }>();
  return row?.count ?? 0;
}
