import type { JsonObject } from './json';

/** What may be spent in a period, and what was. `resetsAt` in milliseconds since 1970. */
export interface Budget {
  /** null: no limit. */
  readonly limitMicros: number | null;
  readonly spentMicros: number;
  readonly resetsAt: number;
}

/** What an account has left to spend, in micro-dollars. */
export interface Balance {
  readonly isPrepaid: boolean;
  /** null: it does not spend from credits. */
  readonly balanceMicros: number | null;
  /** Set aside for renders under way. */
  readonly reservedMicros: number;
  readonly day: Budget;
  readonly month: Budget;
}

/** A balance in our own words. */
export function wireBalance(balance: Balance): JsonObject {
  return {
    object: 'balance',
    prepaid: balance.isPrepaid,
    balance_micros: balance.balanceMicros,
    reserved_micros: balance.reservedMicros,
    day: wireBudget(balance.day),
    month: wireBudget(balance.month),
  };
}

function wireBudget({ limitMicros, spentMicros, resetsAt }: Budget): JsonObject {
  return { limit_micros: limitMicros, spent_micros: spentMicros, resets_at: new Date(resetsAt).toISOString() };
}
