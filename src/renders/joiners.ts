import { namesOf } from '../core/spending';
import type { JoinAnswer, JoinRequest } from './render-ports';
import type { Buyer, Joiner, Purse, RenderRecord } from './render-record';
import { TaskRows } from './task-rows';

/** What is known of all who joined without reading their rows again. */
interface Tally {
  staying: number;
  left: number;
  /** What those who stay owe for which their accounts have set money aside, by {@link purseName}. */
  readonly heldMicros: Map<string, number>;
  /** Who stays of an order that has a name, by purse and order: it owes once, what the first of them does. */
  readonly ofOrder: Map<string, OrderTally>;
}
interface OrderTally {
  readonly staying: number;
  readonly owing: Owing;
}

/** What a task owes once the picture is there, and whether its account has set that aside. */
export type Owing = Pick<Joiner, 'chargedMicros' | 'isHeld'>;

/**
 * The tasks that joined a render. Each has a row of its own, which also tells that it left: however many come and go,
 * what the render stores of itself stays as small. Only a record from earlier days names joiners that left.
 */
export class Joiners {
  readonly #rows: TaskRows<Joiner>;
  /** Counted when it is first asked for, and kept up from then on: nobody who leaves has all rows read. */
  #tally: Tally | null = null;

  constructor(kv: SyncKvStorage) {
    this.#rows = new TaskRows(kv, 'joiner:');
  }

  /** For who asks again, as the first answer was lost: nobody joins twice, and nothing is bought anew. Null: first asked now. */
  answerAgain(record: RenderRecord | null, nonce: string): JoinAnswer | null {
    if (record === null) return null;
    const { buyer, generation } = record;
    if (buyer.nonce === nonce) return { kind: 'bought', generation };
    return this.#rows.get(nonce) === null ? null : { kind: 'joined', generation };
  }

  join({ buyer, spending }: JoinRequest, owing: Owing): void {
    const { accountId, dialect, quotedMicros, nonce, order } = buyer;
    const named = order == null || owing.chargedMicros === 0 ? {} : { order };
    const allowances = namesOf(spending.allowances);
    const within = allowances.length === 0 || owing.chargedMicros === 0 ? {} : { allowances };
    const joiner = { accountId, dialect, savedMicros: quotedMicros, ...owing, ...named, ...within };
    this.#rows.keep(nonce, joiner);
    if (this.#tally !== null) count(this.#tally, joiner);
  }

  /** Takes a task off that joined and did not leave yet; any other changes nothing. @returns who left now */
  leave(nonce: string): Joiner | null {
    const joiner = this.#rows.get(nonce);
    if (joiner === null || joiner.hasLeft) return null;
    this.#rows.keep(nonce, { ...joiner, hasLeft: true });
    if (this.#tally !== null) discount(this.#tally, joiner);
    return joiner;
  }

  /** Whether a task, the buyer's or one that joined, left the render. */
  hasLeft({ cancelled }: RenderRecord, nonce: string): boolean {
    return cancelled.includes(nonce) || this.#rows.get(nonce)?.hasLeft === true;
  }

  /** Whether the buyer and all who joined left. */
  allLeft(record: RenderRecord): boolean {
    return record.cancelled.includes(record.buyer.nonce) && this.#tallied(record).staying === 0;
  }

  someLeft(record: RenderRecord): boolean {
    return record.cancelled.length > 0 || this.#tallied(record).left > 0;
  }

  /** What the joiners of a purse owe that is set aside. */
  heldMicros(record: RenderRecord, purse: Purse): number {
    return this.#tallied(record).heldMicros.get(purseName(purse)) ?? 0;
  }

  /** Whether it is the buyer's own order, sent again under its name. */
  isBuyers({ buyer }: RenderRecord, { accountId, order }: Buyer): boolean {
    return order != null && buyer.accountId === accountId && buyer.order === order;
  }

  /** What the tasks of the same order, by its name, owe together that joined from the same purse and stay; null: none does. */
  owedByOrder(record: RenderRecord, { buyer, spending }: Pick<JoinRequest, 'buyer' | 'spending'>): Owing | null {
    const name = orderName({ ...buyer, allowances: namesOf(spending.allowances) });
    return (name === null ? null : this.#tallied(record).ofOrder.get(name)?.owing) ?? null;
  }

  /** Those who joined and did not leave, read as they are asked for. Of an order with a name, one alone is charged. */
  *staying({ cancelled }: RenderRecord): Iterable<Joiner> {
    const left = new Set(cancelled);
    const charged = new Set<string>();
    for (const [nonce, joiner] of this.#rows.each()) {
      if (joiner.hasLeft || left.has(nonce)) continue;
      const name = orderName(joiner);
      yield name !== null && charged.has(name) ? { ...joiner, chargedMicros: 0 } : joiner;
      if (name !== null) charged.add(name);
    }
  }

  clear(): void {
    this.#rows.clear();
    this.#tally = null;
  }

  #tallied({ cancelled }: RenderRecord): Tally {
    if (this.#tally !== null) return this.#tally;
    const named = new Set(cancelled);
    const tally: Tally = { staying: 0, left: 0, heldMicros: new Map(), ofOrder: new Map() };
    for (const [nonce, joiner] of this.#rows.each()) {
      if (joiner.hasLeft || named.has(nonce)) tally.left += 1;
      else count(tally, joiner);
    }
    this.#tally = tally;
    return tally;
  }
}

function count(tally: Tally, joiner: Joiner): void {
  tally.staying += 1;
  const name = orderName(joiner);
  const known = name === null ? undefined : tally.ofOrder.get(name);
  const { staying, owing } = known ?? { staying: 0, owing: owingOf(joiner) };
  if (name !== null) tally.ofOrder.set(name, { staying: staying + 1, owing });
  if (known === undefined) addHeld(tally, joiner, 1);
}

function discount(tally: Tally, joiner: Joiner): void {
  tally.staying -= 1;
  tally.left += 1;
  const name = orderName(joiner);
  const known = name === null ? undefined : tally.ofOrder.get(name);
  const { staying, owing } = known ?? { staying: 1, owing: owingOf(joiner) };
  if (name !== null && staying > 1) return void tally.ofOrder.set(name, { staying: staying - 1, owing });
  if (name !== null) tally.ofOrder.delete(name);
  addHeld(tally, { ...joiner, ...owing }, -1);
}

const owingOf = ({ chargedMicros, isHeld }: Joiner): Owing => ({
  chargedMicros,
  ...(isHeld === undefined ? {} : { isHeld }),
});

function addHeld({ heldMicros }: Tally, joiner: Joiner, sign: 1 | -1): void {
  if (joiner.isHeld !== true) return;
  const name = purseName(joiner);
  const micros = (heldMicros.get(name) ?? 0) + sign * joiner.chargedMicros;
  if (micros === 0) heldMicros.delete(name);
  else heldMicros.set(name, micros);
}

function orderName({ order, ...purse }: Purse & Pick<Buyer, 'order'>): string | null {
  return order == null ? null : `${order} ${purseName(purse)}`;
}

export function purseName({ accountId, allowances = [] }: Purse): string {
  return [accountId, ...allowances].join(' ');
}
