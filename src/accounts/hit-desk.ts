import type { AccountBook } from './account-book';
import type { CreditEntry } from './account-messages';
import type { Sums } from './admission';
import {
  type ChargeRequest,
  type HoldAnswer,
  type HoldRequest,
  hitsNote,
  type PayAnswer,
  type PayRequest,
} from './hit-messages';
import { Holds, hitBounds, hitRefusal } from './holds';
import { PaidOrders } from './paid-orders';

/** What the desk may touch of its account. */
export interface HitDeskAccount {
  readonly storage: DurableObjectStorage;
  readonly book: Pick<AccountBook, 'hasEntry'>;
  sums(): Sums;
  /** Whether a purchase that is not settled yet pays for a picture of an order. */
  isPaying(picture: string): boolean;
  keepEntry(accountId: string, entry: CreditEntry): void;
}

/** Where an Account object sets money aside for hits and joins, and takes it. Every decision is one synchronous step. */
export class HitDesk {
  readonly #account: HitDeskAccount;
  readonly #holds: Holds;
  readonly #paid: PaidOrders;

  constructor(account: HitDeskAccount) {
    this.#account = account;
    this.#holds = new Holds(account.storage.sql);
    this.#paid = new PaidOrders(account.storage.sql);
  }

  get heldMicros(): number {
    return this.#holds.sumMicros;
  }

  hold(request: HoldRequest, now: number): HoldAnswer {
    return this.#holds.hold(request, this.#account.sums(), now);
  }

  /** @returns whether there is an entry of it, and what was asked of holds that had run out: nobody pays that */
  charge(
    { accountId, entry, holds, unheldMicros, paid }: ChargeRequest,
    now: number,
  ): { readonly isBooked: boolean; readonly missingMicros: number } {
    return this.#account.storage.transactionSync(() => {
      const { book } = this.#account;
      const wasBooked = book.hasEntry(entry.id);
      const heldMicros = this.#holds.close(holds);
      const ids = paid.map(({ id }) => id);
      const unpaid = new Set(this.#paid.unpaid(ids, now));
      this.#paid.keep(ids, now);
      if (wasBooked) return { isBooked: true, missingMicros: 0 };
      const paidBefore = sumOf(paid.filter(({ id }) => !unpaid.has(id)));
      this.#keepHits(accountId, { ...entry, micros: paidBefore - heldMicros - unheldMicros });
      return { isBooked: book.hasEntry(entry.id), missingMicros: sumOf(holds) - heldMicros };
    });
  }

  pay({ accountId, entryId, limits, eachMicros, pictures }: PayRequest, now: number): PayAnswer {
    const unpaid = this.#paid.unpaid(pictures, now).filter((picture) => !this.#account.isPaying(picture));
    const count = unpaid.length;
    if (count === 0) return { kind: 'paid', count };
    const refusal = hitRefusal(this.#account.sums(), hitBounds(limits), { eachMicros, count, now });
    if (refusal !== null) return refusal;
    this.#account.storage.transactionSync(() => {
      this.#keepHits(accountId, { id: entryId, at: now, note: hitsNote(count), micros: -count * eachMicros });
      this.#paid.keep(unpaid, now);
    });
    return { kind: 'paid', count };
  }

  keepPaid(picture: string, now: number): void {
    this.#paid.keep([picture], now);
  }

  /** Frees what has run out. @returns the ids of what did */
  heal(now: number): string[] {
    return this.#holds.heal(now);
  }

  prune(now: number): void {
    this.#paid.prune(now);
  }

  #keepHits(accountId: string, entry: Pick<CreditEntry, 'id' | 'at' | 'note' | 'micros'>): void {
    if (entry.micros < 0) this.#account.keepEntry(accountId, { ...entry, kind: 'hits', purchaseId: null });
  }
}

function sumOf(parts: readonly { readonly micros: number }[]): number {
  return parts.reduce((sum, { micros }) => sum + micros, 0);
}
