import * as z from 'zod';

const micros = z.int('expected whole micro-dollars.').min(0).max(1e15);

/** What an account may do; null: without limit. Money in micro-dollars. */
export const accountLimitsSchema = z.strictObject({
  /** Whether it spends from prepaid credits, and nothing once they are used up. */
  isPrepaid: z.boolean().default(false),
  /** What it may spend in a UTC day and month. */
  dayMicros: micros.nullable().default(null),
  monthMicros: micros.nullable().default(null),
  /** Purchases that may begin in a minute. */
  requestsPerMinute: z.int().min(1).max(1_000_000).nullable().default(null),
  /** Renders of its own that may be under way at once. */
  rendersInFlight: z.int().min(1).max(100_000).nullable().default(null),
});
export type AccountLimits = Readonly<z.infer<typeof accountLimitsSchema>>;

export const withoutLimits: AccountLimits = accountLimitsSchema.parse({});

/** A part of an account's budget that one key, one anonymous client or one link may use up. */
export interface Allowance {
  /** Names what is limited, such as `key:…`: unique within the account. */
  readonly name: string;
  /** What it may spend in a UTC day, and ever; null: no limit of its own. */
  readonly dayMicros: number | null;
  readonly totalMicros: number | null;
  readonly requestsPerMinute: number | null;
  /** From when on nothing is bought within it any more (milliseconds since 1970); absent: it never ends. */
  readonly endsAt?: number;
}

/** What hits and joins have to fit into: neither how fast nor how many limits them. */
export interface Budgets {
  readonly limits: AccountLimits;
  readonly allowances: readonly Allowance[];
}

/** Whether no money limits what is spent: then none need be set aside. */
export function isUnlimited({ limits, allowances }: Budgets): boolean {
  const isOpen = !limits.isPrepaid && limits.dayMicros === null && limits.monthMicros === null;
  return isOpen && allowances.every(({ dayMicros, totalMicros }) => dayMicros === null && totalMicros === null);
}

export const namesOf = (allowances: readonly Allowance[]): readonly string[] => allowances.map(({ name }) => name);

/** The seed that was drawn for an order without one, under what tells identical orders apart from others. */
export interface DrawnSeed {
  readonly digest: string;
  readonly seed: number;
}

/** The order that a picture belongs to, and how many pictures of it are to be bought. */
export interface OrderShare {
  readonly id: string;
  readonly pictures: number;
}

/** What a purchase has to fit into before it may begin. */
export interface Spending extends Budgets {
  readonly order: OrderShare;
  /** Remembered with the purchase, so that a client's retry of the order is the same picture. */
  readonly drawn: DrawnSeed | null;
}
