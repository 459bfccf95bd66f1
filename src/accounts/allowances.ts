import type { Allowance } from '../core/spending';
import type { ApiKey } from './api-key';

/** Anonymous clients are keys that nobody made: each is named by what stands for its address. */
export const clientPrefix = 'client:';

/** The part of the account's budget that a key may use up; none where the key has no limit of its own. */
export function allowancesOf(key: ApiKey | null): Allowance[] {
  if (key === null) return [];
  const { dayMicros, totalMicros, requestsPerMinute, budgetKeyId = key.id } = key.limits;
  if (dayMicros === null && totalMicros === null && requestsPerMinute === null) return [];
  const name = key.id.startsWith(clientPrefix) ? key.id : `key:${budgetKeyId}`;
  return [{ name, dayMicros, totalMicros, requestsPerMinute }];
}
