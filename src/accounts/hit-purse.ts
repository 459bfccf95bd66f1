import type { ChargeRequest, Taken } from './hit-messages';

/** Money for hits that an account's object has set aside for this isolate. */
export interface Lease {
  readonly id: string;
  readonly until: number;
  readonly micros: number;
}

/** Hits, and what they cost together. */
interface Draw {
  readonly hits: number;
  readonly micros: number;
  readonly now: number;
}

interface Drawn {
  readonly lease: Lease;
  drawnMicros: number;
}

/** What an isolate took of one account, within the same allowances, since it last wrote that down. */
export class HitPurse {
  readonly accountId: string;
  /** Names of the allowances. */
  readonly #allowances: readonly string[];
  readonly #all: Drawn[] = [];
  /** The one with the most left, which is drawn from. */
  #fullest: Drawn | null = null;
  #unheldMicros = 0;
  #hits = 0;

  constructor(accountId: string, allowances: readonly string[]) {
    this.accountId = accountId;
    this.#allowances = allowances;
  }

  /** Puts a lease in, and draws from it what it was asked for. */
  add(lease: Lease, { hits, micros, now }: Draw): void {
    const drawn = { lease, drawnMicros: micros };
    this.#all.push(drawn);
    this.#hits += hits;
    const best = this.#fullest;
    if (best === null || now >= best.lease.until || leftOf(drawn) > leftOf(best)) this.#fullest = drawn;
  }

  /** False: there is not enough left, or it has run out. */
  draw({ hits, micros, now }: Draw): boolean {
    const from = this.#fullest;
    if (from === null || now >= from.lease.until || leftOf(from) < micros) return false;
    from.drawnMicros += micros;
    this.#hits += hits;
    return true;
  }

  /** For hits that nothing limits: nothing is set aside for them. */
  drawUnheld({ hits, micros }: Draw): void {
    this.#unheldMicros += micros;
    this.#hits += hits;
  }

  /** What the leases came to: what was drawn is paid, what was not is given back. */
  close(): Pick<ChargeRequest, 'holds'> & { readonly unheld: Taken; readonly hits: number } {
    const holds = this.#all.map(({ lease, drawnMicros }) => ({ id: lease.id, micros: drawnMicros }));
    return { holds, unheld: { allowances: this.#allowances, micros: this.#unheldMicros }, hits: this.#hits };
  }
}

function leftOf({ lease, drawnMicros }: Drawn): number {
  return lease.micros - drawnMicros;
}
