import type { Spending } from '../core/spending';

export const creditKinds = ['top_up', 'fee', 'adjustment', 'refund', 'hits'] as const;
export type CreditKind = (typeof creditKinds)[number];

/** Money that moves without a purchase. `micros` is below zero where it is taken. Times in milliseconds. */
export interface CreditEntry {
  /** The same at every try: an entry counts once. */
  readonly id: string;
  readonly kind: CreditKind;
  readonly micros: number;
  readonly note: string;
  readonly purchaseId: string | null;
  readonly at: number;
}

/** How an account stands. */
export interface Standing {
  /** What was ever credited, and what was ever spent by purchases; the balance is the difference. */
  readonly creditedMicros: number;
  readonly spentMicros: number;
  readonly balanceMicros: number;
  readonly reservedMicros: number;
  /** Spent in this UTC day and month. */
  readonly day: { readonly name: string; readonly micros: number };
  readonly month: { readonly name: string; readonly micros: number };
  readonly inFlight: number;
  readonly oldestReservationAt: number | null;
}

/** What purchases spent on a UTC day (YYYY-MM-DD). A type, so that it can be a row of SQL. */
export type SpentDay = { readonly day: string; readonly micros: number };

/** What was spent within an allowance: in this UTC day, and ever. */
export interface SpentWithin {
  readonly todayMicros: number;
  readonly everMicros: number;
}

/** A render under way that the account pays for. */
export interface OpenTask {
  readonly task: string;
  readonly fingerprint: string;
  readonly dialect: string;
  readonly keyId: string | null;
  readonly reservedMicros: number;
  readonly since: number;
}

/** Asks for money to be set aside: at most `micros`, for at most `lifetimeMs`. The same id twice is one reservation. */
export interface ReserveRequest extends Spending {
  readonly id: string;
  readonly micros: number;
  readonly lifetimeMs: number;
  readonly task: string;
  readonly fingerprint: string;
  readonly dialect: string;
  readonly keyId: string | null;
  /** The picture of the order, where that has a name and is not to pay for it again: see `paidOrder`. */
  readonly pays?: string | null;
}

/** What was spent, and when (milliseconds): a day and a month have what the ledger's row has, however late it is settled. */
export interface Spend {
  readonly micros: number;
  readonly at: number;
}

/**
 * What a reservation came to. Refunds give back what a render without a picture cost, to the balance and to what its
 * allowances have in all. What they have for a day is a brake, and stays used.
 */
export interface SettleRequest {
  readonly accountId: string;
  readonly id: string;
  readonly spent: readonly Spend[];
  readonly refunds: readonly CreditEntry[];
  /** The picture of the order that is paid for by this, where that has a name: see `paidOrder`. */
  readonly paid?: string | null;
}
