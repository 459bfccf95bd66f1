import type { WireBalance, WireBudget } from './wire/balance';
import { isoTime } from './wire/values';

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

/** The least of what the balance and both budgets leave, for APIs that know one number; null: there is no limit. */
export function leftMicros({ balanceMicros, day, month }: Balance): number | null {
  const budgets = [day, month].flatMap(({ limitMicros, spentMicros }) =>
    limitMicros === null ? [] : [Math.max(0, limitMicros - spentMicros)],
  );
  const limits = balanceMicros === null ? budgets : [balanceMicros, ...budgets];
  return limits.length === 0 ? null : Math.min(...limits);
}

/** A balance in our own words. */
export function wireBalance(balance: Balance): WireBalance {
  return {
    object: 'balance',
    prepaid: balance.isPrepaid,
    balance_micros: balance.balanceMicros,
    reserved_micros: balance.reservedMicros,
    day: wireBudget(balance.day),
    month: wireBudget(balance.month),
  };
}

function wireBudget({ limitMicros, spentMicros, resetsAt }: Budget): WireBudget {
  return { limit_micros: limitMicros, spent_micros: spentMicros, resets_at: isoTime(resetsAt) };
}
