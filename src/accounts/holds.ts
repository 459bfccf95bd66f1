import { type Budgets, namesOf } from '../core/spending';
import { admit, moneyLeft, type Refusal, type Sums } from './admission';
import type { ChargeRequest, HoldAnswer, HoldRequest, Taken } from './hit-messages';
import { boundsOf, type NamedBounds } from './reservation';

interface Hold extends Taken {
  readonly until: number;
}
type HoldRow = { readonly id: string; readonly micros: number; readonly until: number; readonly allowances: string };
/** The sums of the account (an empty name) or of an allowance. */
export type SumsOf = (name: string) => Sums;

/**
 * Money that is set aside for hits and joins which may come: neither a render nor one in flight. A row each, and their
 * sums at hand. Nobody has to give one back: it runs out.
 */
export class Holds {
  readonly #sql: SqlStorage;
  readonly #byId = new Map<string, Hold>();
  /** Of the whole account (an empty name), and within each allowance. */
  readonly #sums = new Map<string, number>();
  /** None runs out before this. */
  #nextExpiry = Number.POSITIVE_INFINITY;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    prepareTable(sql);
    for (const { id, allowances, ...row } of sql.exec<HoldRow>('SELECT id, micros, until, allowances FROM holds'))
      this.#remember(id, { ...row, allowances: JSON.parse(allowances) as readonly string[] });
  }

  /** Of the whole account (an empty name), or within an allowance. */
  sumOf(name: string): number {
    return this.#sums.get(name) ?? 0;
  }

  /** @param sumsOf with what is set aside for everything, this hold included */
  hold(request: HoldRequest, sumsOf: SumsOf, now: number): HoldAnswer {
    const { id, allowances, eachMicros, atLeast, atMost, share, lifetimeMs } = request;
    const held = this.#byId.get(id)?.micros ?? 0;
    const kept = Math.min(request.keptMicros, held);
    const others: SumsOf = (name) => {
      const sums = sumsOf(name);
      return { ...sums, reservedMicros: sums.reservedMicros - held + kept };
    };
    const refusal = atLeast === 0 ? null : hitRefusal(others, request, { eachMicros, count: atLeast, now });
    const sharedMicros = hitBounds(request).map(({ name, bounds }) => {
      const many = name === '' && allowances.length > 0 ? share : 1;
      return moneyLeft(others(name), bounds, now) / share / many;
    });
    const more = Math.min(atMost, Math.floor(Math.min(...sharedMicros) / Math.max(1, eachMicros)));
    const count = refusal === null ? Math.max(atLeast, more) : 0;
    const micros = kept + count * eachMicros;
    this.#keep(id, { micros, until: now + lifetimeMs, allowances: namesOf(allowances) });
    return refusal ?? { kind: 'held', count };
  }

  /** Closes holds. @returns what they pay of what is asked of them, and within which allowances */
  close(holds: ChargeRequest['holds']): Taken[] {
    return holds.flatMap(({ id, micros }) => {
      const hold = this.#byId.get(id);
      if (hold === undefined) return [];
      this.#drop(id);
      return [{ allowances: hold.allowances, micros: Math.min(micros, hold.micros) }];
    });
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
    const { micros, until, allowances } = hold;
    const insert = 'INSERT OR REPLACE INTO holds (id, micros, until, allowances) VALUES (?, ?, ?, ?)';
    this.#sql.exec(insert, id, micros, until, JSON.stringify(allowances));
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
    this.#count(hold, 1);
    this.#nextExpiry = Math.min(this.#nextExpiry, hold.until);
  }

  #forget(id: string): void {
    const hold = this.#byId.get(id);
    if (hold !== undefined) this.#count(hold, -1);
    this.#byId.delete(id);
  }

  #count({ allowances, micros }: Taken, sign: 1 | -1): void {
    for (const name of ['', ...allowances]) {
      const sum = this.sumOf(name) + sign * micros;
      if (sum === 0) this.#sums.delete(name);
      else this.#sums.set(name, sum);
    }
  }
}

/** Why so many hits may not be: they have to fit into the money of the account, and into that of each allowance. */
export function hitRefusal(
  sumsOf: SumsOf,
  budgets: Budgets,
  { eachMicros, count, now }: { readonly eachMicros: number; readonly count: number; readonly now: number },
): Refusal | null {
  for (const { name, bounds } of hitBounds(budgets)) {
    const { verdict } = admit(sumsOf(name), bounds, { micros: eachMicros, pictures: count, tokens: 0, now });
    if (verdict.kind !== 'admitted') return verdict;
  }
  return null;
}

/** Neither how fast nor how many limits hits. */
function hitBounds(budgets: Budgets): NamedBounds[] {
  return boundsOf(budgets).map(({ name, bounds }) => {
    return { name, bounds: { ...bounds, requestsPerMinute: null, rendersInFlight: null } };
  });
}

/** In earlier days a hold counted against its account alone. */
function prepareTable(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS holds (id TEXT PRIMARY KEY, micros INTEGER NOT NULL, until INTEGER NOT NULL,
    allowances TEXT NOT NULL DEFAULT '[]') WITHOUT ROWID`);
  const column = "SELECT 1 FROM pragma_table_info('holds') WHERE name = 'allowances'";
  if (sql.exec(column).toArray().length === 0)
    sql.exec("ALTER TABLE holds ADD COLUMN allowances TEXT NOT NULL DEFAULT '[]'");
}
