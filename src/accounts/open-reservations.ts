import type { Reservation } from './account-book';

interface Sum {
  readonly reservedMicros: number;
  readonly inFlight: number;
}
/** Orders of several pictures whose beginning is remembered: all their pictures ask within moments. */
const rememberedOrders = 10_000;
const nothing: Sum = { reservedMicros: 0, inFlight: 0 };

/** The reservations of renders under way, oldest first, with their sums at hand however many there are. */
export class OpenReservations {
  readonly #byId = new Map<string, Reservation>();
  readonly #sums = new Map<string, Sum>();
  readonly #begun = new Map<string, number>();

  add(reservation: Reservation): void {
    this.#byId.set(reservation.id, reservation);
    this.#count(reservation, 1);
  }

  remove(id: string): void {
    const reservation = this.#byId.get(id);
    if (reservation === undefined) return;
    this.#byId.delete(id);
    this.#count(reservation, -1);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  all(): Iterable<Reservation> {
    return this.#byId.values();
  }

  /** When the oldest was made; null when there is none. */
  oldest(): number | null {
    return this.#byId.values().next().value?.since ?? null;
  }

  /** Of the whole account (an empty name), or within an allowance. */
  sumOf(name: string): Sum {
    return this.#sums.get(name) ?? nothing;
  }

  /** Those that have run out. All live equally long, so the oldest run out first. */
  expired(now: number): Reservation[] {
    const found: Reservation[] = [];
    for (const reservation of this.#byId.values()) {
      if (reservation.expiresAt > now) break;
      found.push(reservation);
    }
    return found;
  }

  /** How many pictures of an order were let through. */
  begunOf(order: string): number {
    return this.#begun.get(order) ?? 0;
  }

  begin(order: string): void {
    this.#begun.set(order, this.begunOf(order) + 1);
    const oldest = this.#begun.keys().next();
    if (this.#begun.size > rememberedOrders && oldest.done !== true) this.#begun.delete(oldest.value);
  }

  #count({ reservedMicros, allowances }: Reservation, sign: 1 | -1): void {
    for (const name of ['', ...allowances]) {
      const sum = this.sumOf(name);
      const after = { reservedMicros: sum.reservedMicros + sign * reservedMicros, inFlight: sum.inFlight + sign };
      if (after.inFlight === 0) this.#sums.delete(name);
      else this.#sums.set(name, after);
    }
  }
}
