/** Rows of a Render object that are single tasks' own: one each, named by the task's nonce, so that it is one however often it is kept. */
export class TaskRows<Row> {
  readonly #kv: SyncKvStorage;
  readonly #prefix: string;

  constructor(kv: SyncKvStorage, prefix: string) {
    this.#kv = kv;
    this.#prefix = prefix;
  }

  keep(nonce: string, row: Row): void {
    this.#kv.put(this.#prefix + nonce, row);
  }

  drop(nonce: string): void {
    this.#kv.delete(this.#prefix + nonce);
  }

  clear(): void {
    for (const nonce of this.all().keys()) this.drop(nonce);
  }

  /** All rows, by their nonces. */
  all(): ReadonlyMap<string, Row> {
    const rows = this.#kv.list<Row>({ prefix: this.#prefix });
    return new Map(Array.from(rows, ([key, row]) => [key.slice(this.#prefix.length), row]));
  }
}
