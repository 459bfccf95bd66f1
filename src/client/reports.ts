import type { TaskState } from './task-state';

/** What `POST /v1/quote` answers: who would make the picture and at what price, if it is not stored already. */
export interface Quote {
  readonly totalMicros: number;
  readonly pictures: readonly {
    readonly fingerprint: string;
    readonly stored: boolean;
    readonly provider: string | null;
    readonly priceMicros: number;
    /** What would be otherwise than ordered. */
    readonly changes: readonly string[];
    /** The order with every default filled in. */
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
}

/** `account` is for admins, beside an `account` of `*`. */
export type UsageGroup = 'day' | 'provider' | 'dialect' | 'outcome' | 'key' | 'account';
export interface UsageQuery {
  /** How many days back, today included; or `from` and `to`, such as `2026-11-01`. */
  readonly days?: number;
  readonly from?: string;
  readonly to?: string;
  readonly group?: UsageGroup | readonly UsageGroup[];
  /** Another account, or `*` for all together: for admins alone. */
  readonly account?: string;
}
export interface UsageFigures {
  readonly purchases: number;
  readonly pictures: number;
  readonly failures: number;
  readonly spentMicros: number;
  readonly quotedMicros: number;
  readonly hits: number;
  readonly joins: number;
  readonly savedMicros: number;
  readonly chargedMicros: number;
  /** Purchases whose vendor said what it charged, and how much that was. */
  readonly reportedPurchases: number;
  readonly reportedMicros: number;
  /** What vendors charged for pictures beyond what they were quoted at: `comparedMicros` less `comparedQuotedMicros`. */
  readonly driftMicros: number;
  /** Pictures whose vendor said what it charged: how many, what they were quoted, and what was charged. */
  readonly comparedPictures: number;
  readonly comparedQuotedMicros: number;
  readonly comparedMicros: number;
  /** What the other pictures were quoted. */
  readonly unreportedQuotedMicros: number;
  /** From order to end; null where nothing was made. */
  readonly averageSeconds: number | null;
}
export interface Usage {
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly totals: UsageFigures;
  readonly days: readonly (UsageFigures & { readonly day: string })[];
  /** A row for each group that there is, named by what was told apart. */
  readonly groups: readonly (UsageFigures & { readonly [Group in UsageGroup]?: string | null })[];
  /** From order to picture, of the newest pictures of these days. */
  readonly latencySeconds: {
    readonly sample: number;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
}

interface Budget {
  readonly limitMicros: number | null;
  readonly spentMicros: number;
  readonly resetsAt: string;
}
export interface Balance {
  readonly prepaid: boolean;
  /** null where the account is not prepaid. */
  readonly balanceMicros: number | null;
  readonly reservedMicros: number;
  readonly day: Budget;
  readonly month: Budget;
}

export interface AccountLimits {
  readonly prepaid: boolean;
  readonly dayMicros: number | null;
  readonly monthMicros: number | null;
  readonly requestsPerMinute: number | null;
  readonly rendersInFlight: number | null;
}
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly visibility: 'public' | 'private';
  readonly createdAt: string | null;
  readonly limits: AccountLimits;
  readonly standing?: {
    readonly balanceMicros: number;
    readonly reservedMicros: number;
    readonly inFlight: number;
    readonly day: { readonly name: string; readonly spentMicros: number };
    readonly month: { readonly name: string; readonly spentMicros: number };
  };
}
export interface KeyLimits {
  readonly dayMicros: number | null;
  readonly totalMicros: number | null;
  readonly requestsPerMinute: number | null;
  readonly maximumSteps: number | null;
  readonly maximumMegapixels: number | null;
}
export interface ApiKey {
  readonly id: string;
  readonly account: string;
  readonly kind: 'live' | 'pub' | 'link';
  readonly name: string;
  /** Its beginning and end. */
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly dialects: readonly string[] | null;
  readonly origins: readonly string[] | null;
  readonly limits: KeyLimits;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** The key itself: in the answer that made it, and never again. */
  readonly key?: string;
}

/** A task in a list: what it is about and what it costs. `client.task(id)` has its picture. */
export interface ListedTask
  extends Pick<TaskState, 'id' | 'status' | 'fingerprint' | 'provider' | 'createdAt' | 'endedAt'> {
  readonly dialect: string;
  /** The id of the key that ordered it. */
  readonly key: string | null;
  /** What a refund names; null while nothing is bought. */
  readonly purchase: string | null;
  readonly quotedMicros: number;
  readonly spentMicros: number;
  readonly actualMicros: number | null;
}
export interface TasksQuery {
  readonly status?: TaskState['status'];
  readonly provider?: string;
  readonly dialect?: string;
  readonly fingerprint?: string;
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
}
export interface Page<Item> {
  readonly data: readonly Item[];
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
}
