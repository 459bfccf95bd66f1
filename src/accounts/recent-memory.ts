/** What was looked up lately, bounded in number and age; the oldest goes first. */
export class RecentMemory<Value> {
  readonly #most: number;
  readonly #freshForMs: number;
  readonly #remembered = new Map<string, { readonly value: Value; readonly at: number }>();

  constructor(most: number, freshForMs: number) {
    this.#most = most;
    this.#freshForMs = freshForMs;
  }

  recall(name: string, now: number): Value | undefined {
    const known = this.#remembered.get(name);
    return known !== undefined && now - known.at < this.#freshForMs ? known.value : undefined;
  }

  remember(name: string, value: Value, now: number): void {
    this.#remembered.delete(name);
    this.#remembered.set(name, { value, at: now });
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > this.#most && oldest.done !== true) this.#remembered.delete(oldest.value);
  }

  forget(name: string): void {
    this.#remembered.delete(name);
  }

  clear(): void {
    this.#remembered.clear();
  }
}
