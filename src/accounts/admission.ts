/** What an account may do; null: without limit. Money in micro-dollars. */
export interface AccountLimits {
  /** Whether it spends from prepaid credits. */
  readonly isPrepaid: boolean;
  readonly dayMicros: number | null;
  readonly monthMicros: number | null;
  readonly requestsPerMinute: number | null;
  readonly rendersInFlight: number | null;
}

/** Money set aside for a render that is under way. Times are milliseconds since 1970. */
export interface Reservation {
  readonly id: string;
  readonly micros: number;
  readonly madeAt: number;
  /** When it heals by itself, should nobody ever settle it. */
  readonly expiresAt: number;
}

/** All that admission knows of an account. */
export interface AccountState {
  readonly limits: AccountLimits;
  readonly balanceMicros: number;
  readonly reservations: readonly Reservation[];
  /** Spent in the UTC day and month named. */
  readonly day: { readonly name: string; readonly micros: number };
  readonly month: { readonly name: string; readonly micros: number };
  /** The token bucket of requests: what was left at `at`. */
  readonly bucket: { readonly tokens: number; readonly at: number } | null;
  /** Settled lately, so that settling twice does no harm. */
  readonly settled: readonly string[];
}

export type Verdict =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'no-credit'; readonly availableMicros: number }
  | { readonly kind: 'over-budget'; readonly period: 'day' | 'month'; readonly retryAfterSeconds: number }
  | { readonly kind: 'too-fast'; readonly retryAfterSeconds: number; readonly limit: number }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number; readonly limit: number };

export const withoutLimits: AccountLimits = {
  isPrepaid: false,
  dayMicros: null,
  monthMicros: null,
  requestsPerMinute: null,
  rendersInFlight: null,
};

export function newAccount(limits: AccountLimits): AccountState {
  const never = { name: '', micros: 0 };
  return { limits, balanceMicros: 0, reservations: [], day: never, month: never, bucket: null, settled: [] };
}

const rememberedSettlements = 1_000;

/**
 * Admits one purchase or says why not: the balance, both budgets, the rate and the renders in flight in one step, so
 * that no number of requests at once gets past any of them. The same id twice is one reservation.
 */
export function reserve(
  before: AccountState,
  {
    id,
    micros,
    now,
    lifetimeMs,
  }: { readonly id: string; readonly micros: number; readonly now: number; readonly lifetimeMs: number },
): { readonly state: AccountState; readonly verdict: Verdict } {
  const state = refreshed(before, now);
  if (state.reservations.some((reservation) => reservation.id === id)) return { state, verdict: { kind: 'admitted' } };
  const bucket = takeToken(state, now);
  if (bucket.verdict !== null) return { state: bucket.state, verdict: bucket.verdict };
  const refusal = moneyRefusal(state, micros, now) ?? flightRefusal(state);
  if (refusal !== null) return { state: bucket.state, verdict: refusal };
  const reservation = { id, micros, madeAt: now, expiresAt: now + lifetimeMs };
  const reservations = [...state.reservations, reservation];
  return { state: { ...bucket.state, reservations }, verdict: { kind: 'admitted' } };
}

/** Turns a reservation into what was really spent; 0 releases it. Safe to repeat. */
export function settle(
  before: AccountState,
  { id, spentMicros, now }: { readonly id: string; readonly spentMicros: number; readonly now: number },
): AccountState {
  const state = refreshed(before, now);
  if (state.settled.includes(id)) return state;
  const { limits, balanceMicros, day, month } = state;
  return {
    ...state,
    balanceMicros: limits.isPrepaid ? balanceMicros - spentMicros : balanceMicros,
    day: { ...day, micros: day.micros + spentMicros },
    month: { ...month, micros: month.micros + spentMicros },
    reservations: state.reservations.filter((reservation) => reservation.id !== id),
    settled: [...state.settled, id].slice(-rememberedSettlements),
  };
}

/** Adds credits (or, below zero, takes them). */
export function credit(state: AccountState, micros: number): AccountState {
  return { ...state, balanceMicros: state.balanceMicros + micros };
}

/** What is set aside for renders under way. */
export function reservedMicros({ reservations }: AccountState): number {
  return reservations.reduce((sum, { micros }) => sum + micros, 0);
}

function refreshed(state: AccountState, now: number): AccountState {
  const iso = new Date(now).toISOString();
  const [dayName, monthName] = [iso.slice(0, 10), iso.slice(0, 7)];
  return {
    ...state,
    day: state.day.name === dayName ? state.day : { name: dayName, micros: 0 },
    month: state.month.name === monthName ? state.month : { name: monthName, micros: 0 },
    reservations: state.reservations.filter((reservation) => reservation.expiresAt > now),
  };
}

function takeToken(state: AccountState, now: number): { state: AccountState; verdict: Verdict | null } {
  const limit = state.limits.requestsPerMinute;
  if (limit === null) return { state, verdict: null };
  const { tokens, at } = state.bucket ?? { tokens: limit, at: now };
  const filled = Math.min(limit, tokens + ((now - at) * limit) / 60_000);
  if (filled >= 1) return { state: { ...state, bucket: { tokens: filled - 1, at: now } }, verdict: null };
  const retryAfterSeconds = Math.max(1, Math.ceil(((1 - filled) * 60) / limit));
  return {
    state: { ...state, bucket: { tokens: filled, at: now } },
    verdict: { kind: 'too-fast', retryAfterSeconds, limit },
  };
}

function moneyRefusal(state: AccountState, micros: number, now: number): Verdict | null {
  const { limits, balanceMicros, day, month } = state;
  const reserved = reservedMicros(state);
  const availableMicros = balanceMicros - reserved;
  if (limits.isPrepaid && availableMicros < micros) return { kind: 'no-credit', availableMicros };
  const isOver = (limit: number | null, spent: number) => limit !== null && spent + reserved + micros > limit;
  if (isOver(limits.dayMicros, day.micros))
    return { kind: 'over-budget', period: 'day', retryAfterSeconds: untilNextDay(now) };
  if (isOver(limits.monthMicros, month.micros))
    return { kind: 'over-budget', period: 'month', retryAfterSeconds: untilNextMonth(now) };
  return null;
}

function flightRefusal({ limits, reservations }: AccountState): Verdict | null {
  const limit = limits.rendersInFlight;
  return limit !== null && reservations.length >= limit ? { kind: 'too-many', retryAfterSeconds: 2, limit } : null;
}

const untilNextDay = (now: number) => Math.ceil((86_400_000 - (now % 86_400_000)) / 1000);

function untilNextMonth(now: number): number {
  const date = new Date(now);
  return Math.ceil((Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - now) / 1000);
}
