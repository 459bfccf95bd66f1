import { developmentAccount } from './account';
import { type ApiKey, type KeyHolder, keyLimitsSchema, scopes } from './api-key';

/** Who holds the development key: it may do everything, on the machine where it was made. */
export const developmentHolder: KeyHolder = {
  account: developmentAccount,
  key: {
    id: 'development',
    kind: 'live',
    name: 'Development',
    scopes,
    dialects: null,
    origins: null,
    limits: keyLimitsSchema.parse({}),
    expiresAt: null,
  },
};

/** The key that an order is on record with; null for the development key, which is no account's. */
export function orderingKey(holder: KeyHolder | null): ApiKey | null {
  return holder === null || holder === developmentHolder ? null : holder.key;
}

/** Whether a request came in on this very machine. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
