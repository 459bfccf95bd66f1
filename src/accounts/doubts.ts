import type { Reservation } from './account-book';
import type { AccountPorts } from './account-ports';
import type { OpenReservations } from './open-reservations';

/** After a start: time for renders that were just reserving to write that they began. */
const doubtMs = 10_000;

/** Reservations from before an Account object was started: their renders may have been killed before they began. */
export class Doubts {
  readonly #storage: DurableObjectStorage;
  readonly #ids: Set<string>;
  readonly #reservations: { readonly open: OpenReservations; drop(id: string): void };

  /** Asks for an alarm at which they are to be settled. */
  constructor(
    context: DurableObjectState,
    current: readonly Reservation[],
    reservations: { readonly open: OpenReservations; drop(id: string): void },
  ) {
    this.#storage = context.storage;
    this.#reservations = reservations;
    this.#ids = new Set(current.map(({ id }) => id));
    if (current.length > 0) context.waitUntil(context.storage.setAlarm(Date.now() + doubtMs));
  }

  /** Frees what is set aside for renders that do not go on, or tries again later. */
  async settle(ports: AccountPorts): Promise<void> {
    const { open, drop } = this.#reservations;
    for (const id of this.#ids) {
      const reservation = open.get(id);
      try {
        const isOrphan = reservation !== undefined && !(await ports.isUnderWay(reservation.fingerprint, id));
        if (isOrphan && open.has(id)) drop(id);
        this.#ids.delete(id);
      } catch (thrown) {
        ports.log('doubt-error', { cause: String(thrown) });
        await this.#storage.setAlarm(Date.now() + doubtMs);
        return;
      }
    }
  }
}
