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

  get(nonce: string): Row | null {
    return this.#kv.get<Row>(this.#prefix + nonce) ?? null;
  }

  hasAny(): boolean {
    return this.each()[Symbol.iterator]().next().done !== true;
  }

  drop(nonce: string): void {
    this.#kv.delete(this.#prefix + nonce);
  }

  clear(): void {
    const nonces = Array.from(this.each(), ([nonce]) => nonce);
    for (const nonce of nonces) this.drop(nonce);
  }

  /** Each row with its nonce, read as it is asked for; no row may be changed meanwhile. */
  *each(): Iterable<readonly [string, Row]> {
    for (const [key, row] of this.#kv.list<Row>({ prefix: this.#prefix })) yield [key.slice(this.#prefix.length), row];
  }
}
