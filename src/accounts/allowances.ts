import type { Allowance } from '../core/spending';
import type { ApiKey } from './api-key';

/** Anonymous clients are keys that nobody made: each is named by what stands for its address. */
export const clientPrefix = 'client:';

interface Spender {
  readonly key: ApiKey | null;
  readonly allowances?: readonly Allowance[];
}

/**
 * The parts of the account's budget that a caller may use up: its key's, and what else limits it. A key without limits
 * of its own has what it spent counted.
 */
export function allowancesOf({ key, allowances = [] }: Spender): Allowance[] {
  if (key === null) return [...allowances];
  const { dayMicros, totalMicros, requestsPerMinute } = key.limits;
  return [{ name: allowanceName(key), dayMicros, totalMicros, requestsPerMinute }, ...allowances];
}

/** Under what name a key's spending is counted: one and the same for all that were rotated from one key. */
export function allowanceName({ id, limits }: Pick<ApiKey, 'id' | 'limits'>): string {
  return id.startsWith(clientPrefix) ? id : `key:${limits.budgetKeyId ?? id}`;
}
