import { type Count, type CountKind, dayOf, type UsageLedger } from '../storage/usage-ledger';
import type { CreditEntry } from './account-messages';
import type { Accounts } from './accounts-port';

/** How long counts gather in an isolate before they are written together. */
const gatherMs = 1_000;

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
    const day = dayOf(Date.now());
    const key = `${counted.accountId}\n${day}\n${counted.dialect}\n${counted.kind}`;
    const known = this.#gathered.get(key);
    this.#gathered.set(key, {
      ...counted,
      day,
      count: (known?.count ?? 0) + 1,
      savedMicros: (known?.savedMicros ?? 0) + counted.savedMicros,
      chargedMicros: (known?.chargedMicros ?? 0) + counted.chargedMicros,
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
      await Promise.all([this.#ledger.count([...counts.values()]), ...this.#charges([...counts.values()])]);
    } catch (thrown) {
      console.error(JSON.stringify({ event: 'count-error', lost: counts.size, cause: String(thrown) }));
    }
  }

  /** What hits that have a price take from each account's balance. */
  #charges(counts: readonly Count[]): Promise<unknown>[] {
    const byAccount = Map.groupBy(counts, ({ accountId }) => accountId);
    const entries = Array.from(byAccount, ([accountId, own]) => ({ accountId, entry: hitsEntry(own) }));
    const charged = entries.filter(({ entry }) => entry.micros < 0);
    return charged.map(({ accountId, entry }) => this.#accounts.credit(accountId, [entry]));
  }
}

function hitsEntry(counts: readonly Count[]): CreditEntry {
  const hits = counts.reduce((sum, { count }) => sum + count, 0);
  const micros = counts.reduce((sum, { chargedMicros = 0 }) => sum - chargedMicros, 0);
  const note = `${hits} pictures that were stored or in the making`;
  return { id: `hits-${crypto.randomUUID()}`, kind: 'hits', micros, note, purchaseId: null, at: Date.now() };
}
