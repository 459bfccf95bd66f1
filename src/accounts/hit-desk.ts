import { namesOf } from '../core/spending';
import type { AccountBook } from './account-book';
import type { CreditEntry } from './account-messages';
import {
  type ChargeRequest,
  type HoldAnswer,
  type HoldRequest,
  hitsNote,
  type PayAnswer,
  type PayRequest,
  type Taken,
} from './hit-messages';
import { Holds, hitRefusal, type SumsOf } from './holds';
import { PaidOrders } from './paid-orders';

/** What the desk may touch of its account. */
export interface HitDeskAccount {
  readonly storage: DurableObjectStorage;
  readonly book: Pick<AccountBook, 'hasEntry' | 'keepEnds' | 'spend'>;
  readonly sums: SumsOf;
  /** Whether a purchase that is not settled yet pays for a picture of an order. */
  isPaying(picture: string): boolean;
  /** False: it was kept before. */
  keepEntry(accountId: string, entry: CreditEntry): boolean;
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

  /** What is set aside of the whole account (an empty name), or within an allowance. */
  heldMicros(name: string): number {
    return this.#holds.sumOf(name);
  }

  hold(request: HoldRequest, now: number): HoldAnswer {
    this.#account.book.keepEnds(request);
    return this.#holds.hold(request, this.#account.sums, now);
  }

  /** @returns whether there is an entry of it, and what was asked of holds that had run out: nobody pays that */
  charge(
    { accountId, entry, holds, unheld, paid }: ChargeRequest,
    now: number,
  ): { readonly isBooked: boolean; readonly missingMicros: number } {
    return this.#account.storage.transactionSync(() => {
      const { book } = this.#account;
      const wasBooked = book.hasEntry(entry.id);
      const held = this.#holds.close(holds);
      const ids = paid.map(({ id }) => id);
      const unpaid = new Set(this.#paid.unpaid(ids, now));
      this.#paid.keep(ids, now);
      if (wasBooked) return { isBooked: true, missingMicros: 0 };
      // An order may be among them twice, under two keys: whoever comes first pays.
      const paidBefore = paid.filter(({ id }) => !unpaid.delete(id)).map((part) => ({ ...part, micros: -part.micros }));
      this.#keepHits(accountId, entry, [...held, ...unheld, ...paidBefore]);
      return { isBooked: book.hasEntry(entry.id), missingMicros: sumOf(holds) - sumOf(held) };
    });
  }

  pay(request: PayRequest, now: number): PayAnswer {
    const { accountId, entryId, allowances, eachMicros, pictures } = request;
    const unpaid = this.#paid.unpaid(pictures, now).filter((picture) => !this.#account.isPaying(picture));
    const count = unpaid.length;
    if (count === 0) return { kind: 'paid', count };
    const refusal = hitRefusal(this.#account.sums, request, { eachMicros, count, now });
    if (refusal !== null) return refusal;
    this.#account.storage.transactionSync(() => {
      const taken = { allowances: namesOf(allowances), micros: count * eachMicros };
      this.#account.book.keepEnds(request);
      this.#keepHits(accountId, { id: entryId, at: now, note: hitsNote(count) }, [taken]);
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

  /** The account pays in one entry, and each allowance has its part of it counted. */
  #keepHits(accountId: string, entry: ChargeRequest['entry'], parts: readonly Taken[]): void {
    const { book, keepEntry } = this.#account;
    const micros = sumOf(parts);
    if (micros <= 0) return;
    if (!keepEntry(accountId, { ...entry, micros: -micros, kind: 'hits', purchaseId: null })) return;
    for (const name of new Set(parts.flatMap(({ allowances }) => allowances))) {
      const spentMicros = sumOf(parts.filter(({ allowances }) => allowances.includes(name)));
      if (spentMicros > 0) book.spend(name, { micros: spentMicros, at: entry.at });
    }
  }
}

function sumOf(parts: readonly { readonly micros: number }[]): number {
  return parts.reduce((sum, { micros }) => sum + micros, 0);
}
