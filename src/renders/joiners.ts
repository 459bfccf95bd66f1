import type { JoinAnswer, JoinRequest } from './render-ports';
import type { Joiner, RenderRecord } from './render-record';
import { TaskRows } from './task-rows';

interface Tally {
  readonly staying: number;
  readonly left: number;
}

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
  answerAgain({ buyer, generation }: RenderRecord, nonce: string): JoinAnswer | null {
    if (buyer.nonce === nonce) return { kind: 'bought', generation };
    return this.#rows.get(nonce) === null ? null : { kind: 'joined', generation };
  }

  join({ buyer, joinPriceMicros }: JoinRequest): void {
    const { accountId, dialect, quotedMicros, nonce } = buyer;
    this.#rows.keep(nonce, { accountId, dialect, savedMicros: quotedMicros, chargedMicros: joinPriceMicros });
    this.#count({ staying: 1, left: 0 });
  }

  /** Takes a task off that joined and did not leave yet; any other changes nothing. */
  leave(nonce: string): void {
    const joiner = this.#rows.get(nonce);
    if (joiner === null || joiner.hasLeft) return;
    this.#rows.keep(nonce, { ...joiner, hasLeft: true });
    this.#count({ staying: -1, left: 1 });
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

  /** Those who joined and did not leave, read as they are asked for. */
  *staying({ cancelled }: RenderRecord): Iterable<Joiner> {
    const left = new Set(cancelled);
    for (const [nonce, joiner] of this.#rows.each()) if (!joiner.hasLeft && !left.has(nonce)) yield joiner;
  }

  clear(): void {
    this.#rows.clear();
    this.#tally = null;
  }

  #tallied({ cancelled }: RenderRecord): Tally {
    if (this.#tally !== null) return this.#tally;
    const named = new Set(cancelled);
    let [staying, left] = [0, 0];
    for (const [nonce, { hasLeft }] of this.#rows.each()) {
      if (hasLeft || named.has(nonce)) left += 1;
      else staying += 1;
    }
    this.#tally = { staying, left };
    return this.#tally;
  }

  #count({ staying, left }: Tally): void {
    if (this.#tally === null) return;
    this.#tally = { staying: this.#tally.staying + staying, left: this.#tally.left + left };
  }
}
