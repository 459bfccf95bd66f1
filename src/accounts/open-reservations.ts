import type { OrderShare } from '../core/spending';
import type { Reservation } from './account-book';

interface Sum {
  readonly reservedMicros: number;
  readonly inFlight: number;
}
/** Orders of several pictures whose beginning is remembered: all their pictures ask within moments. */
const rememberedOrders = 10_000;
/** How long an order keeps room for its pictures that did not ask yet; some of them may never have to be bought. */
const placesKeptMs = 3_000;
/** Room that an order keeps for the rest of its pictures. */
interface Places extends Sum {
  readonly allowances: readonly string[];
  readonly until: number;
}
const nothing: Sum = { reservedMicros: 0, inFlight: 0 };

/** The reservations of renders under way, oldest first, with their sums at hand however many there are. */
export class OpenReservations {
  readonly #byId = new Map<string, Reservation>();
  /** Ids of the reservations, by what they are for. */
  readonly #byPicture = new Map<string, string>();
  /** Ids of the reservations, by the pictures of orders that they pay for. */
  readonly #paying = new Map<string, string>();
  readonly #sums = new Map<string, Sum>();
  readonly #begun = new Map<string, number>();
  readonly #places = new Map<string, Places>();
  /** No reservation runs out before this. */
  #nextExpiry = Number.POSITIVE_INFINITY;

  add(reservation: Reservation): void {
    this.#byId.set(reservation.id, reservation);
    this.#byPicture.set(reservation.fingerprint, reservation.id);
    if (reservation.pays != null) this.#paying.set(reservation.pays, reservation.id);
    this.#nextExpiry = Math.min(this.#nextExpiry, reservation.expiresAt);
    this.#count({ ...reservation, inFlight: 1 }, 1);
  }

  remove(id: string): void {
    const reservation = this.#byId.get(id);
    if (reservation === undefined) return;
    this.#byId.delete(id);
    if (this.#byPicture.get(reservation.fingerprint) === id) this.#byPicture.delete(reservation.fingerprint);
    if (this.#paying.get(reservation.pays ?? '') === id) this.#paying.delete(reservation.pays ?? '');
    this.#count({ ...reservation, inFlight: 1 }, -1);
  }

  get(id: string): Reservation | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** The last one for a picture, by its fingerprint. */
  ofPicture(fingerprint: string): Reservation | undefined {
    return this.#byId.get(this.#byPicture.get(fingerprint) ?? '');
  }

  /** Whether one of them pays for a picture of an order: see `paidOrder`. */
  isPaying(picture: string): boolean {
    return this.#paying.has(picture);
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

  /** Those that have run out. They live differently long where the operator changed the deadline meanwhile. */
  expired(now: number): Reservation[] {
    if (now < this.#nextExpiry) return [];
    const all = [...this.#byId.values()];
    const left = all.filter(({ expiresAt }) => expiresAt > now);
    this.#nextExpiry = left.reduce((next, { expiresAt }) => Math.min(next, expiresAt), Number.POSITIVE_INFINITY);
    return all.filter(({ expiresAt }) => expiresAt <= now);
  }

  /** How many pictures of an order were let through. */
  begunOf(order: string): number {
    return this.#begun.get(order) ?? 0;
  }

  /** Lets a picture of an order begin, and keeps room for the rest of it, so that no other order comes between. */
  begin({ id, pictures }: OrderShare, { reservedMicros, allowances, since }: Reservation): void {
    const begun = this.begunOf(id) + 1;
    this.#begun.set(id, begun);
    const oldest = this.#begun.keys().next();
    if (this.#begun.size > rememberedOrders && oldest.done !== true) this.#begun.delete(oldest.value);
    this.#keepPlaces(id, pictures - begun, { reservedMicros, allowances, until: since + placesKeptMs });
  }

  /** Gives back the room for one picture of an order that has begun: somebody else has it made, so it is not bought. */
  spare(order: string): void {
    const places = this.#places.get(order);
    if (places === undefined) return;
    this.leave(order);
    this.#begun.set(order, this.begunOf(order) + 1);
    const { inFlight, reservedMicros } = places;
    this.#keepPlaces(order, inFlight - 1, { ...places, reservedMicros: reservedMicros / inFlight });
  }

  /** @param each what one of them takes */
  #keepPlaces(order: string, left: number, each: Omit<Places, 'inFlight'>): void {
    if (left <= 0) return;
    const places = { ...each, reservedMicros: left * each.reservedMicros, inFlight: left };
    this.#places.set(order, places);
    this.#count(places, 1);
  }

  /** Gives back the room that an order kept: its next picture asks for it anew. */
  leave(order: string): void {
    const places = this.#places.get(order);
    if (places === undefined) return;
    this.#places.delete(order);
    this.#count(places, -1);
  }

  /** Gives back what orders kept for longer than their pictures take to ask. */
  leaveExpired(now: number): void {
    for (const [order, { until }] of this.#places) if (until <= now) this.leave(order);
  }

  #count({ reservedMicros, inFlight, allowances }: Sum & Pick<Reservation, 'allowances'>, sign: 1 | -1): void {
    for (const name of ['', ...allowances]) {
      const sum = this.sumOf(name);
      const after = {
        reservedMicros: sum.reservedMicros + sign * reservedMicros,
        inFlight: sum.inFlight + sign * inFlight,
      };
      if (after.inFlight === 0) this.#sums.delete(name);
      else this.#sums.set(name, after);
    }
  }
}
