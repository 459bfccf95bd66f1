import type { Budgets } from '../core/spending';
import type { CreditEntry } from './account-messages';
import type { Refusal } from './admission';

/**
 * Asks for money to be set aside for hits or joins that may come, each for `eachMicros`. A hold is known by its id, and
 * asking again replaces it: what is answered last is what is set aside.
 */
export interface HoldRequest extends Budgets {
  readonly id: string;
  /** What was promised under this id already, and stays set aside. */
  readonly keptMicros: number;
  readonly eachMicros: number;
  /** How many more it has to be for; fewer are a refusal. */
  readonly atLeast: number;
  readonly atMost: number;
  /**
   * Of what is left, one in so many: the more than is needed at least. Of what the account has left, which many
   * allowances share, one in so many of these.
   */
  readonly share: number;
  readonly lifetimeMs: number;
  /** Orders, by the ids of their shares, that keep room to buy what they now join: it is needed no more. */
  readonly joining?: readonly string[];
}

/** For how many more than before money is set aside. */
export type HoldAnswer = { readonly kind: 'held'; readonly count: number } | Refusal;

/** What was taken within some allowances, by their names. */
export interface Taken {
  readonly allowances: readonly string[];
  readonly micros: number;
}

/** What came of holds: each is closed, and the account pays in one entry. Safe to repeat: the id counts once. */
export interface ChargeRequest {
  readonly accountId: string;
  readonly entry: Pick<CreditEntry, 'id' | 'at' | 'note'>;
  /** What is taken of each; what is left of it is given back. One that has run out gives nothing. */
  readonly holds: readonly { readonly id: string; readonly micros: number }[];
  /** What is taken although nothing was set aside for it: there are no limits, or were none then. */
  readonly unheld: readonly Taken[];
  /** Pictures of orders that are paid for by this, and what for each: nothing for one that was paid for already. */
  readonly paid: readonly ({ readonly id: string } & Taken)[];
}

/** An order's hits, which it pays for once: all of them or none. */
export interface PayRequest extends Budgets {
  readonly accountId: string;
  readonly entryId: string;
  readonly eachMicros: number;
  /** By their names: see {@link paidOrder}. */
  readonly pictures: readonly string[];
}

/** How many of them it paid for just now: the others it had paid for before. */
export type PayAnswer = { readonly kind: 'paid'; readonly count: number } | Refusal;

/** Names a picture of an order, for as long as that pays for it once. `order` is what names the order across retries. */
export function paidOrder(order: string, fingerprint: string): string {
  return `${order}-${fingerprint}`;
}

export function hitsNote(hits: number): string {
  return `${hits} pictures that were stored or in the making`;
}
