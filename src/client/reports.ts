/**
 * Made by `npm run docs` from the schemas that the service checks requests and words answers with: not to be
 * changed here. A test fails when it falls behind.
 */

/** What usage can be told apart by. `account` is for admins, beside an `account` of `*`. */
export type UsageGroup = 'day' | 'account' | 'provider' | 'dialect' | 'outcome' | 'key';

export interface UsageQuery {
  /** A UTC day, such as `2026-11-01`. */
  readonly from?: string;
  /** A UTC day, included. */
  readonly to?: string;
  /** How many days back, today included; or `from` and `to`. 1 to 366. */
  readonly days?: number;
  /** `day`: of each day too. It looks through the purchases, and so takes longer; not in CSV. */
  readonly latency?: 'day';
  /** Another account, or `*` for all together: for admins alone. At most 200 characters. */
  readonly account?: string;
  /** What to tell apart, in this order. */
  readonly group?: UsageGroup | readonly UsageGroup[];
}

/** Sums of what was bought, and of what did not have to be. */
export interface UsageFigures {
  readonly purchases: number;
  readonly pictures: number;
  readonly failures: number;
  /** Millionths of a dollar. */
  readonly spentMicros: number;
  /** Millionths of a dollar. */
  readonly quotedMicros: number;
  /** Purchases whose vendor said what it charged. */
  readonly reportedPurchases: number;
  /** Millionths of a dollar. */
  readonly reportedMicros: number;
  /** What vendors charged beyond the quotes, of the pictures that are compared. */
  readonly driftMicros: number;
  readonly hits: number;
  readonly joins: number;
  /** Millionths of a dollar. */
  readonly savedMicros: number;
  /** Millionths of a dollar. */
  readonly chargedMicros: number;
  /** From order to end; null where nothing was made. */
  readonly averageSeconds: number | null;
  /** Pictures whose vendor said what it charged. */
  readonly comparedPictures: number;
  /** What those were quoted. */
  readonly comparedQuotedMicros: number;
  /** What was charged for those. */
  readonly comparedMicros: number;
  /** What the other pictures were quoted. */
  readonly unreportedQuotedMicros: number;
}

/** What was bought, hit, joined and saved. */
export interface Usage {
  readonly object: 'usage';
  readonly account: string;
  /** A UTC day, such as `2026-11-01`. */
  readonly from: string;
  readonly to: string;
  readonly totals: UsageFigures;
  readonly days: readonly (UsageFigures & {
    readonly day: string;
  })[];
  readonly group: readonly UsageGroup[];
  /** A row for each group that there is, named by what was told apart. */
  readonly groups: readonly (UsageFigures & {
    readonly day?: string | null;
    readonly account?: string | null;
    readonly provider?: string | null;
    readonly dialect?: string | null;
    readonly outcome?: string | null;
    readonly key?: string | null;
  })[];
  /** From order to picture, of the newest pictures of these days. */
  readonly latencySeconds: {
    /** Of how many pictures: a day with many is told by some that are spread over it. */
    readonly sample: number;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
  /** The same of each day with pictures, the newest first; where `latency` asks for it. */
  readonly latencyDays?: readonly {
    readonly day: string;
    /** Of how many pictures: a day with many is told by some that are spread over it. */
    readonly sample: number;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  }[];
}

export interface Budget {
  /** null: no limit. */
  readonly limitMicros: number | null;
  /** Millionths of a dollar. */
  readonly spentMicros: number;
  /** ISO 8601. */
  readonly resetsAt: string;
}

/** What an account has left to spend. */
export interface Balance {
  readonly object: 'balance';
  readonly prepaid: boolean;
  /** null where the account is not prepaid. */
  readonly balanceMicros: number | null;
  /** Set aside for renders under way, and for hits and joins where those have a price. */
  readonly reservedMicros: number;
  readonly day: Budget;
  readonly month: Budget;
}

export interface AccountLimits {
  readonly prepaid: boolean;
  /** null: no limit. */
  readonly dayMicros: number | null;
  /** null: no limit. */
  readonly monthMicros: number | null;
  /** null: no limit. */
  readonly requestsPerMinute: number | null;
  /** null: no limit. */
  readonly rendersInFlight: number | null;
}

export interface Account {
  readonly object: 'account';
  readonly id: string;
  readonly name: string;
  /** `private`: its pictures are nobody else's, and their URLs end. */
  readonly visibility: 'public' | 'private';
  readonly createdAt: string | null;
  readonly limits: AccountLimits;
  /** In answers about one account. */
  readonly standing?: {
    /** Millionths of a dollar. */
    readonly balanceMicros: number;
    /** Set aside for renders under way, and for hits and joins where those have a price. */
    readonly reservedMicros: number;
    readonly day: {
      readonly name: string;
      /** Millionths of a dollar. */
      readonly spentMicros: number;
    };
    readonly month: {
      readonly name: string;
      /** Millionths of a dollar. */
      readonly spentMicros: number;
    };
    /** Renders under way. */
    readonly inFlight: number;
  };
}

export interface KeyLimits {
  /** null: no limit of its own. */
  readonly dayMicros: number | null;
  /** null: no limit of its own. */
  readonly totalMicros: number | null;
  /** null: no limit of its own. */
  readonly requestsPerMinute: number | null;
  /** null: no limit of its own. */
  readonly maximumSteps: number | null;
  /** null: no limit of its own. */
  readonly maximumMegapixels: number | null;
}

export interface ApiKey {
  readonly object: 'api_key';
  readonly id: string;
  readonly account: string;
  /** `pub` keys stand in web pages, and are bound to their origins; `link` keys sign links. */
  readonly kind: 'live' | 'pub' | 'link';
  readonly name: string;
  /** Its beginning and end. */
  readonly hint: string;
  readonly scopes: readonly ('generate' | 'read' | 'admin')[];
  /** null: all. */
  readonly dialects: readonly string[] | null;
  /** null: any, and none. */
  readonly origins: readonly string[] | null;
  readonly limits: KeyLimits;
  readonly createdAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** The key itself: in the answer that made it, and never again. */
  readonly key?: string;
}

/** A key in a list, with what was spent with it. */
export type ListedKey = ApiKey & {
  readonly spent: {
    /** Millionths of a dollar. */
    readonly todayMicros: number;
    /** Millionths of a dollar. */
    readonly everMicros: number;
  };
};
