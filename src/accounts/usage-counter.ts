import { type Count, type CountKind, dayOf, type UsageLedger } from '../storage/usage-ledger';

/** How long counts gather in an isolate before they are written together. */
const gatherMs = 1_000;

export interface Counted {
  readonly accountId: string;
  readonly dialect: string;
  readonly kind: CountKind;
  readonly savedMicros: number;
}

/** Counts hits and joins in memory and writes them in batches, off the response path. */
export class UsageCounter {
  readonly #ledger: UsageLedger;
  #gathered = new Map<string, Count>();
  #isWriting = false;

  constructor(ledger: UsageLedger) {
    this.#ledger = ledger;
  }

  /** Counts one. `defer` keeps the isolate alive for the write (a Worker's `waitUntil`). */
  add(counted: Counted, defer: (work: Promise<void>) => void): void {
    const day = dayOf(Date.now());
    const key = `${counted.accountId}\n${day}\n${counted.dialect}\n${counted.kind}`;
    const known = this.#gathered.get(key);
    this.#gathered.set(key, {
      ...counted,
      day,
      count: (known?.count ?? 0) + 1,
      savedMicros: (known?.savedMicros ?? 0) + counted.savedMicros,
    });
    if (this.#isWriting) return;
    this.#isWriting = true;
    defer(this.#writeSoon());
  }

  async #writeSoon(): Promise<void> {
    await scheduler.wait(gatherMs);
    this.#isWriting = false;
    const counts = this.#gathered;
    this.#gathered = new Map();
    try {
      await this.#ledger.count([...counts.values()]);
    } catch (thrown) {
      console.error(JSON.stringify({ event: 'count-error', lost: counts.size, cause: String(thrown) }));
    }
  }
}
