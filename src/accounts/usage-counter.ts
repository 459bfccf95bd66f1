import { type Count, dayOf, type UsageLedger } from '../storage/usage-ledger';
import type { Accounts } from './accounts-port';
import type { HitCharge } from './hit-charge';

/** How long counts gather in an isolate before they are written together. */
const gatherMs = 1_000;
/** After a write that failed. All of them together are less than a Worker may go on for after it has answered. */
const retryDelaysMs = [250, 500, 1_000, 2_000, 4_000, 8_000];

export interface Counted {
  readonly accountId: string;
  readonly dialect: string;
  readonly savedMicros: number;
  readonly chargedMicros: number;
}

/** Counts hits in memory and writes them in batches, off the response path, with what they cost. Joins are their render's. */
export class UsageCounter {
  readonly #ledger: UsageLedger;
  readonly #accounts: Pick<Accounts, 'charge'>;
  readonly #hitCharge: Pick<HitCharge, 'close'>;
  #gathered = new Map<string, Count>();
  #isWriting = false;

  constructor(ledger: UsageLedger, accounts: Pick<Accounts, 'charge'>, hitCharge: Pick<HitCharge, 'close'>) {
    this.#ledger = ledger;
    this.#accounts = accounts;
    this.#hitCharge = hitCharge;
  }

  /** Counts one. `defer` keeps the isolate alive for the write (a Worker's `waitUntil`). */
  add(counted: Counted, defer: (work: Promise<void>) => void): void {
    this.#gather({ ...counted, kind: 'hit', day: dayOf(Date.now()), count: 1 });
    if (this.#isWriting) return;
    this.#isWriting = true;
    defer(this.#writeSoon());
  }

  #gather(more: Count): void {
    const key = `${more.accountId}\n${more.day}\n${more.dialect}`;
    const known = this.#gathered.get(key);
    this.#gathered.set(key, {
      ...more,
      count: (known?.count ?? 0) + more.count,
      savedMicros: (known?.savedMicros ?? 0) + more.savedMicros,
      chargedMicros: (known?.chargedMicros ?? 0) + (more.chargedMicros ?? 0),
    });
  }

  async #writeSoon(): Promise<void> {
    await scheduler.wait(gatherMs);
    this.#isWriting = false;
    const counts = [...this.#gathered.values()];
    this.#gathered = new Map();
    await Promise.all([insist('counts', counts.length, () => this.#ledger.count(counts)), ...this.#charges()]);
  }

  /** What hits that have a price take from each account's balance. */
  #charges(): Promise<unknown>[] {
    return this.#hitCharge.close(Date.now()).map((charge) => {
      const micros = [...charge.holds, ...charge.unheld].reduce((sum, part) => sum + part.micros, 0);
      return insist('micros', micros, () => this.#accounts.charge(charge));
    });
  }
}

/** Tries again where a write fails: entries count once however often they are sent. What is given up is logged. */
async function insist(what: 'counts' | 'micros', amount: number, write: () => Promise<unknown>): Promise<void> {
  for (const delayMs of [...retryDelaysMs, null]) {
    try {
      await write();
      return;
    } catch (thrown) {
      const fate = delayMs === null ? 'lost' : 'delayed';
      console.error(JSON.stringify({ event: 'count-error', what, [fate]: amount, cause: String(thrown) }));
      if (delayMs !== null) await scheduler.wait(delayMs);
    }
  }
}
