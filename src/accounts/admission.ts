import type { AccountLimits } from '../core/spending';
import type { Spend } from './account-messages';

/** Spent in the UTC day or month named. */
export interface Period {
  readonly name: string;
  readonly micros: number;
}

/** However little is left in a token bucket, it is full again after this. */
export const fillsWithinMs = 60_000;

/** A token bucket: what was left at `at` (milliseconds since 1970). */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** What was spent ever, today and this month, by an account or within an allowance. */
export interface Spent {
  readonly spentMicros: number;
  readonly day: Period;
  readonly month: Period;
}

/** All that a decision needs to know of an account, or of an allowance within it. */
export interface Sums extends Spent {
  /** Credits less everything spent. */
  readonly balanceMicros: number;
  /** Set aside for renders under way, and for hits and joins that have a price; and how many renders these are. */
  readonly reservedMicros: number;
  readonly inFlight: number;
  readonly bucket: Bucket | null;
}

/** Limits of an account or of an allowance; null: none. */
export interface Bounds extends AccountLimits {
  /** What may ever be spent. */
  readonly totalMicros: number | null;
}

export type Verdict =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'no-credit'; readonly availableMicros: number; readonly neededMicros: number }
  | {
      readonly kind: 'over-budget';
      readonly period: 'day' | 'month' | 'total';
      readonly limitMicros: number;
      readonly leftMicros: number;
      readonly neededMicros: number;
      /** null: it is never renewed by itself. */
      readonly renewsAt: number | null;
    }
  | { readonly kind: 'too-fast'; readonly retryAfterSeconds: number; readonly limit: number }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number; readonly limit: number }
  /** An order of more pictures than may ever begin together. */
  | { readonly kind: 'too-large'; readonly limit: number; readonly pictures: number };

export type Refusal = Exclude<Verdict, { kind: 'admitted' }>;

export const nothingSpent: Spent = {
  spentMicros: 0,
  day: { name: '', micros: 0 },
  month: { name: '', micros: 0 },
};

/** A purchase of at most `micros`, with as many more of the same to come as make `pictures` in all. */
export interface Asked {
  readonly micros: number;
  readonly pictures: number;
  /** How many purchases of the minute it takes: an order's first picture takes those of the whole order. */
  readonly tokens: number;
  readonly now: number;
}

/**
 * Whether a purchase may begin now, and the token bucket after the question. It has to leave room for the rest of its
 * order: otherwise some pictures of an order would be paid for, and the order refused.
 */
export function admit(
  sums: Sums,
  bounds: Bounds,
  asked: Asked,
): { readonly verdict: Verdict; readonly bucket: Bucket | null } {
  const current = { ...sums, ...renewed(sums, asked.now) };
  const refusal =
    sizeRefusal(bounds, asked) ?? moneyRefusal(current, bounds, asked) ?? flightRefusal(current, bounds, asked);
  if (refusal !== null) return { verdict: refusal, bucket: sums.bucket };
  return takeToken(sums.bucket, bounds.requestsPerMinute, asked);
}

/** What may still be spent of money; without any limit it has no end. */
export function moneyLeft(sums: Sums, bounds: Bounds, now: number): number {
  const { day, month, spentMicros } = renewed(sums, now);
  const limits = [
    bounds.isPrepaid ? sums.balanceMicros : null,
    bounds.dayMicros === null ? null : bounds.dayMicros - day.micros,
    bounds.monthMicros === null ? null : bounds.monthMicros - month.micros,
    bounds.totalMicros === null ? null : bounds.totalMicros - spentMicros,
  ];
  return Math.min(...limits.map((left) => (left === null ? Number.POSITIVE_INFINITY : left - sums.reservedMicros)));
}

/** What is spent once `micros` more are, at a time that may be of a day or a month before the last one. */
export function spend(spent: Spent, { micros, at }: Spend): Spent {
  const { day, month } = renewed(spent, at);
  const iso = new Date(at).toISOString();
  const within = (period: Period) =>
    iso.startsWith(period.name) ? { ...period, micros: period.micros + micros } : period;
  return { spentMicros: spent.spentMicros + micros, day: within(day), month: within(month) };
}

/** What is spent as of now: a new day and a new month begin with nothing, and none begins again. */
export function renewed({ spentMicros, day, month }: Spent, now: number): Spent {
  const iso = new Date(now).toISOString();
  const since = (period: Period, name: string) => (period.name >= name ? period : { name, micros: 0 });
  return { spentMicros, day: since(day, iso.slice(0, 10)), month: since(month, iso.slice(0, 7)) };
}

/** What no time and no money will let through. */
function sizeRefusal({ rendersInFlight, requestsPerMinute }: Bounds, { pictures }: Asked): Refusal | null {
  const limit = Math.min(rendersInFlight ?? pictures, requestsPerMinute ?? pictures);
  return pictures > limit ? { kind: 'too-large', limit, pictures } : null;
}

function moneyRefusal(sums: Sums, bounds: Bounds, { micros: each, pictures, now }: Asked): Refusal | null {
  const micros = each * pictures;
  const { balanceMicros, reservedMicros, spentMicros, day, month } = sums;
  const availableMicros = balanceMicros - reservedMicros;
  if (bounds.isPrepaid && availableMicros < micros) return { kind: 'no-credit', availableMicros, neededMicros: micros };
  const over = (
    period: 'day' | 'month' | 'total',
    limitMicros: number | null,
    spent: number,
    renewsAt: number | null,
  ) => {
    if (limitMicros === null || spent + reservedMicros + micros <= limitMicros) return null;
    const leftMicros = Math.max(0, limitMicros - spent - reservedMicros);
    return { kind: 'over-budget', period, limitMicros, leftMicros, neededMicros: micros, renewsAt } as const;
  };
  return (
    over('day', bounds.dayMicros, day.micros, nextDay(now)) ??
    over('month', bounds.monthMicros, month.micros, nextMonth(now)) ??
    over('total', bounds.totalMicros, spentMicros, null)
  );
}

function flightRefusal({ inFlight }: Sums, { rendersInFlight }: Bounds, { pictures }: Asked): Refusal | null {
  if (rendersInFlight === null || inFlight + pictures <= rendersInFlight) return null;
  return { kind: 'too-many', retryAfterSeconds: 2, limit: rendersInFlight };
}

/** Refills with time, up to a minute's worth. What is refused takes no token. */
function takeToken(
  bucket: Bucket | null,
  limit: number | null,
  { tokens: wanted, now }: Asked,
): { verdict: Verdict; bucket: Bucket | null } {
  if (limit === null) return { verdict: { kind: 'admitted' }, bucket: null };
  const { tokens, at } = bucket ?? { tokens: limit, at: now };
  const filled = Math.min(limit, tokens + (Math.max(0, now - at) * limit) / fillsWithinMs);
  if (filled >= wanted) return { verdict: { kind: 'admitted' }, bucket: { tokens: filled - wanted, at: now } };
  const retryAfterSeconds = Math.max(1, Math.ceil(((wanted - filled) * 60) / limit));
  return { verdict: { kind: 'too-fast', retryAfterSeconds, limit }, bucket: { tokens: filled, at: now } };
}

const nextDay = (now: number) => now - (now % 86_400_000) + 86_400_000;

function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
