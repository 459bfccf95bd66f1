import type { AccountLimits } from '../core/spending';
import { admit, type Bounds, moneyLeft, type Refusal, type Sums } from './admission';
import type { ChargeRequest, HoldAnswer, HoldRequest } from './hit-messages';

type Hold = { readonly micros: number; readonly until: number };

/**
 * Money that is set aside for hits and joins which may come: neither a render nor one in flight. A row each, and their
 * sum at hand. Nobody has to give one back: it runs out.
 */
export class Holds {
  readonly #sql: SqlStorage;
  readonly #byId = new Map<string, Hold>();
  #sumMicros = 0;
  /** None runs out before this. */
  #nextExpiry = Number.POSITIVE_INFINITY;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS holds (
      id TEXT PRIMARY KEY, micros INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID`);
    for (const { id, micros, until } of sql.exec<Hold & { id: string }>('SELECT id, micros, until FROM holds'))
      this.#remember(id, { micros, until });
  }

  get sumMicros(): number {
    return this.#sumMicros;
  }

  /** @param sums the account's, with what is set aside for everything, this hold included */
  hold(request: HoldRequest, sums: Sums, now: number): HoldAnswer {
    const { id, limits, eachMicros, atLeast, atMost, share, lifetimeMs } = request;
    const held = this.#byId.get(id)?.micros ?? 0;
    const kept = Math.min(request.keptMicros, held);
    const [others, bounds] = [{ ...sums, reservedMicros: sums.reservedMicros - held + kept }, hitBounds(limits)];
    const refusal = atLeast === 0 ? null : hitRefusal(others, bounds, { eachMicros, count: atLeast, now });
    const more = Math.min(atMost, Math.floor(moneyLeft(others, bounds, now) / share / Math.max(1, eachMicros)));
    const count = refusal === null ? Math.max(atLeast, more) : 0;
    this.#keep(id, { micros: kept + count * eachMicros, until: now + lifetimeMs });
    return refusal ?? { kind: 'held', count };
  }

  /** Closes holds. @returns what they pay of what is asked of them */
  close(holds: ChargeRequest['holds']): number {
    let paidMicros = 0;
    for (const { id, micros } of holds) {
      paidMicros += Math.min(micros, this.#byId.get(id)?.micros ?? 0);
      this.#drop(id);
    }
    return paidMicros;
  }

  /** Drops those that have run out. @returns their ids */
  heal(now: number): string[] {
    if (now < this.#nextExpiry) return [];
    const expired = [...this.#byId].filter(([, { until }]) => until <= now).map(([id]) => id);
    for (const id of expired) this.#drop(id);
    this.#nextExpiry = Math.min(...Array.from(this.#byId.values(), ({ until }) => until));
    return expired;
  }

  #keep(id: string, hold: Hold): void {
    if (hold.micros <= 0) {
      this.#drop(id);
      return;
    }
    this.#sql.exec('INSERT OR REPLACE INTO holds VALUES (?, ?, ?)', id, hold.micros, hold.until);
    this.#forget(id);
    this.#remember(id, hold);
  }

  #drop(id: string): void {
    if (!this.#byId.has(id)) return;
    this.#sql.exec('DELETE FROM holds WHERE id = ?', id);
    this.#forget(id);
  }

  #remember(id: string, hold: Hold): void {
    this.#byId.set(id, hold);
    this.#sumMicros += hold.micros;
    this.#nextExpiry = Math.min(this.#nextExpiry, hold.until);
  }

  #forget(id: string): void {
    this.#sumMicros -= this.#byId.get(id)?.micros ?? 0;
    this.#byId.delete(id);
  }
}

/** Why so many hits may not be: they have to fit into the account's money alone, neither how fast nor how many limits them. */
export function hitRefusal(
  sums: Sums,
  bounds: Bounds,
  { eachMicros, count, now }: { readonly eachMicros: number; readonly count: number; readonly now: number },
): Refusal | null {
  const { verdict } = admit(sums, bounds, { micros: eachMicros, pictures: count, tokens: 0, now });
  return verdict.kind === 'admitted' ? null : verdict;
}

export function hitBounds(limits: AccountLimits): Bounds {
  return { ...limits, totalMicros: null, requestsPerMinute: null, rendersInFlight: null };
}
