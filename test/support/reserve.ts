import { env } from 'cloudflare:workers';
import type { ReserveRequest } from '../../src/accounts/account-messages';
import { accountsPort } from '../../src/accounts/accounts-port';
import { type AccountLimits, withoutLimits } from '../../src/core/spending';

export const accounts = accountsPort(env.ACCOUNTS);

/** A request to set aside ten cents, with what a test wants to be different. */
export function reserveRequest(
  id: string,
  changes: Partial<ReserveRequest> & { limit?: Partial<AccountLimits> } = {},
): ReserveRequest {
  const { limit, ...rest } = changes;
  return {
    id,
    micros: 100_000,
    lifetimeMs: 60_000,
    task: `task-${id}`,
    fingerprint: `fingerprint-${id}`,
    dialect: 'bfl',
    keyId: 'key_1',
    limits: { ...withoutLimits, ...limit },
    allowances: [],
    order: { id, pictures: 1 },
    drawn: null,
    ...rest,
  };
}

/** An entry of a kind, made now. */
export const entryOf = (id: string, kind: 'top_up' | 'fee' | 'adjustment' | 'refund' | 'hits', micros: number) =>
  ({ id, kind, micros, note: '', purchaseId: null, at: Date.now() }) as const;
