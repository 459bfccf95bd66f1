import { type Count, type CountKind, dayOf, type UsageLedger } from '../storage/usage-ledger';
import type { CreditEntry } from './account-messages';
import type { Accounts } from './accounts-port';

/** How long counts gather in an isolate before they are written together. */
const gatherMs = 1_000;
/** After a write that failed. All of them together are less than a Worker may go on for after it has answered. */
const retryDelaysMs = [250, 500, 1_000, 2_000, 4_000, 8_000];

export interface Counted {
  readonly accountId: string;
  readonly dialect: string;
  readonly kind: CountKind;
  readonly savedMicros: number;
  readonly chargedMicros: number;
}

/** Counts hits and joins in memory and writes them in batches, off the response path. */
export class UsageCounter {
  readonly #ledger: UsageLedger;
  readonly #accounts: Pick<Accounts, 'credit'>;
  #gathered = new Map<string, Count>();
  #isWriting = false;

  constructor(ledger: UsageLedger, accounts: Pick<Accounts, 'credit'>) {
    this.#ledger = ledger;
    this.#accounts = accounts;
  }

  /** Counts one. `defer` keeps the isolate alive for the write (a Worker's `waitUntil`). */
  add(counted: Counted, defer: (work: Promise<void>) => void): void {
    this.#gather({ ...counted, day: dayOf(Date.now()), count: 1 });
    if (this.#isWriting) return;
    this.#isWriting = true;
    defer(this.#writeSoon());
  }

  #gather(more: Count): void {
    const key = `${more.accountId}\n${more.day}\n${more.dialect}\n${more.kind}`;
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
    await Promise.all([insist('counts', counts.length, () => this.#ledger.count(counts)), ...this.#charges(counts)]);
  }

  /** What hits that have a price take from each account's balance. */
  #charges(counts: readonly Count[]): Promise<unknown>[] {
    const byAccount = Map.groupBy(counts, ({ accountId }) => accountId);
    const entries = Array.from(byAccount, ([accountId, own]) => ({ accountId, entry: hitsEntry(own) }));
    const charged = entries.filter(({ entry }) => entry.micros < 0);
    return charged.map(({ accountId, entry }) => {
      return insist('micros', -entry.micros, () => this.#accounts.credit(accountId, [entry]));
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

function hitsEntry(counts: readonly Count[]): CreditEntry {
  const hits = counts.reduce((sum, { count }) => sum + count, 0);
  const micros = counts.reduce((sum, { chargedMicros = 0 }) => sum - chargedMicros, 0);
  const note = `${hits} pictures that were stored or in the making`;
  return { id: `hits-${crypto.randomUUID()}`, kind: 'hits', micros, note, purchaseId: null, at: Date.now() };
}
