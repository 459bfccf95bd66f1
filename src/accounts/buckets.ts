import { type Bucket, fillsWithinMs } from './admission';

/** Token buckets by name, in memory: one that must be full again is as good as none, and is forgotten. */
export class Buckets {
  /** The one that was kept longest ago first. */
  readonly #byName = new Map<string, Bucket>();

  get size(): number {
    return this.#byName.size;
  }

  /** Null: full. */
  of(name: string): Bucket | null {
    return this.#byName.get(name) ?? null;
  }

  /** @param bucket null: nothing limits it */
  keep(name: string, bucket: Bucket | null, now: number): void {
    this.#byName.delete(name);
    if (bucket !== null) this.#byName.set(name, bucket);
    for (const [first, { at }] of this.#byName) {
      if (now - at < fillsWithinMs) return;
      this.#byName.delete(first);
    }
  }
}
