/**
 * Made by `npm run docs` from the schemas that the service checks requests and words answers with: not to be
 * changed here. A test fails when it falls behind.
 */

export type DialectId = 'bfl' | 'openai' | 'cometapi' | 'fal' | 'replicate' | 'oxen' | '1min' | 'hinow' | 'chat';

export interface PageQuery {
  /** 1 to 200. `50` where absent. */
  readonly limit?: number;
  /** The `next` of an earlier page. */
  readonly cursor?: string | null;
}

export interface NewAccount {
  readonly id?: string;
  /** At most 200 characters. */
  readonly name: string;
  /** `public` where absent. */
  readonly visibility?: 'public' | 'private';
  readonly limits?: {
    readonly prepaid?: boolean;
    readonly dayMicros?: number | null;
    readonly monthMicros?: number | null;
    readonly requestsPerMinute?: number | null;
    readonly rendersInFlight?: number | null;
  };
}

export interface NewKey {
  /** `live` where absent. */
  readonly kind?: 'live' | 'pub' | 'link';
  /** At most 200 characters. */
  readonly name: string;
  readonly scopes?: readonly ('generate' | 'read' | 'admin')[];
  readonly dialects?: readonly DialectId[] | null;
  readonly origins?: readonly string[] | null;
  readonly limits?: {
    readonly dayMicros?: number | null;
    readonly totalMicros?: number | null;
    readonly requestsPerMinute?: number | null;
    readonly maximumSteps?: number | null;
    readonly maximumMegapixels?: number | null;
  };
  readonly expiresAt?: string | null;
}

export interface NewCredit {
  readonly kind: 'top_up' | 'adjustment' | 'refund';
  /** Millionths of a dollar; below 0 takes some away. -1000000000000 to 1000000000000. */
  readonly micros: number;
  /** What of a top-up is kept as a fee. 0 to 100. */
  readonly feePercent?: number;
  /** At most 500 characters. */
  readonly note?: string;
  /** The purchase, or the task, that a refund is for. At most 200 characters. */
  readonly purchaseId?: string;
}

export interface CreditEntry {
  readonly id: string;
  /** `top_up`, `adjustment`, `refund`, or what the service books itself. */
  readonly kind: string;
  /** Millionths of a dollar. */
  readonly micros: number;
  readonly note: string;
  readonly purchaseId: string | null;
  /** ISO 8601. */
  readonly at: string;
}

export interface CreditBooking {
  readonly object: 'credit';
  readonly entries: readonly CreditEntry[];
  /** Millionths of a dollar. */
  readonly balanceMicros: number;
}

export interface Purge {
  readonly object: 'purge';
  /** The SHA-256 of what was ordered: it names the picture. */
  readonly fingerprint: string;
  /** How many files are gone. */
  readonly objects: number;
  /** How large they were. */
  readonly bytes: number;
  /** What became of the copies at the edge; `absent`: there is no cache in front of the service, as locally. */
  readonly edgeCache: 'purged' | 'absent' | 'failed';
  /** What that means to whoever wanted the picture gone. */
  readonly edgeCacheMessage: string;
}

export interface Rerender {
  readonly object: 'rerender';
  /** The SHA-256 of what was ordered: it names the picture. */
  readonly fingerprint: string;
  readonly task: string;
  readonly beforeSha256: string;
  readonly afterSha256: string;
  readonly same: boolean;
  /** What became of the copies at the edge; `absent`: there is no cache in front of the service, as locally. */
  readonly edgeCache?: 'purged' | 'absent' | 'failed';
  /** What that means to whoever wanted the picture gone. */
  readonly edgeCacheMessage?: string;
}

/** Two records that should agree and do not. */
export interface Difference {
  readonly kind: string;
  /** What it is about: an account, a purchase or a picture. */
  readonly subject: string;
  readonly message: string;
  readonly expected: number | string | null;
  readonly actual: number | string | null;
}

export interface Reconciliation {
  readonly object: 'reconciliation';
  /** How many accounts, or pictures, this page ended with: over all pages each is counted once. */
  readonly checked: number;
  readonly differences: readonly Difference[];
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
}

/** A page of restoring: what was looked at, and what of it was restored. */
export interface Restoration {
  readonly object: 'restoration';
  readonly checked: number;
  readonly restored: number;
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
}

export interface AuditEntry {
  readonly object: 'audit_entry';
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** `admin-token`, or the id of an admin's key. */
  readonly actor: string;
  /** Such as `key.create`. */
  readonly action: string;
  /** What it was done to: the id of an account, key or picture. */
  readonly target: string;
  readonly details: { readonly [name: string]: unknown };
}
