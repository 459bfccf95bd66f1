import type { AccountBook } from './account-book';
import type { AccountPorts } from './account-ports';

const recordAtOnce = 100;
const retryRecordMs = 5_000;

/** Tells the ledger of the entries that an Account object keeps, until it has them. */
export class EntryOutbox {
  readonly #storage: DurableObjectStorage;
  readonly #book: AccountBook;

  constructor(storage: DurableObjectStorage, book: AccountBook) {
    this.#storage = storage;
    this.#book = book;
  }

  /** The alarm is on disk with the entries: whoever is killed while it tells the ledger goes on by it. */
  async recordSurely(ports: AccountPorts, now: number): Promise<void> {
    await this.#storage.setAlarm(now + retryRecordMs);
    await this.record(ports);
  }

  async record(ports: AccountPorts): Promise<void> {
    try {
      for (;;) {
        const batch = this.#book.unrecorded(recordAtOnce);
        const [first] = batch;
        if (first === undefined) return;
        const entries = batch.map(({ entry }) => entry);
        await ports.record(first.accountId, entries);
        this.#book.markRecorded(entries.map(({ id }) => id));
      }
    } catch (thrown) {
      ports.log('credit-error', { cause: String(thrown) });
      await this.#storage.setAlarm(Date.now() + retryRecordMs);
    }
  }
}
