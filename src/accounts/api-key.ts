import * as z from 'zod';
import { keyKinds, scopes } from '../core/wire/api-key';
import type { Account } from './account';

export { keyKinds, scopes };

/** What a key may do: order pictures, read what its account has, or run the deployment. */
export type Scope = (typeof scopes)[number];

/**
 * `live` keys are secrets; `pub` keys stand in web pages, and are bound to their origins; `link` keys sign links, and
 * open nothing themselves.
 */
export type KeyKind = (typeof keyKinds)[number];

const micros = z.int('expected whole micro-dollars.').min(0).max(1e15);

/** What a key may spend and order beside its account's limits; null: no limit of its own. */
export const keyLimitsSchema = z.strictObject({
  dayMicros: micros.nullable().default(null),
  totalMicros: micros.nullable().default(null),
  requestsPerMinute: z.int().min(1).max(1_000_000).nullable().default(null),
  /** The most steps and rendered megapixels that it may order. */
  maximumSteps: z.int().min(1).max(1_000).nullable().default(null),
  maximumMegapixels: z.number().min(0.001).max(1_000).nullable().default(null),
  /** The key that this one was rotated from, at the first: what was spent with that counts on. */
  budgetKeyId: z.string().optional(),
});
export type KeyLimits = Readonly<z.infer<typeof keyLimitsSchema>>;

/** A key as everything but its secret. Times are milliseconds since 1970. */
export interface ApiKey {
  readonly id: string;
  readonly kind: KeyKind;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Dialects that it works in; null: all. */
  readonly dialects: readonly string[] | null;
  /** Web origins that it works from; null: any, and none. */
  readonly origins: readonly string[] | null;
  readonly limits: KeyLimits;
  readonly expiresAt: number | null;
}

/** Who holds a key: the account, and what this key of it may do. */
export interface KeyHolder {
  readonly account: Account;
  readonly key: ApiKey;
}
