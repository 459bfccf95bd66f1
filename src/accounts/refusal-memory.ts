import type { FaultRecord } from '../core/fault';
import type { Spending } from '../core/spending';
import { RecentMemory } from './recent-memory';
import { isForAPlace } from './refusal';

const freshForMs = 1_000;
/** Places come free all the time: whoever has just given one back is to have it again. */
const freshPlaceMs = 100;
const rememberedRefusals = 5_000;
/** Longer than nearly all renders take. */
const renderMs = 300_000;
const rememberedRenders = 5_000;

/** A picture to be bought, and all that its account's verdict depends on but for what was spent and set aside. */
export interface Asking {
  readonly fingerprint: string;
  readonly accountId: string;
  readonly spending: Omit<Spending, 'drawn'>;
  readonly quotedMicros: number;
  /** What the dearest asks who may come to make it: that is set aside. 0 where the caller brings a vendor key. */
  readonly dearestMicros: number;
}

/**
 * What accounts refused within the last second, so that a client that goes on asking keeps no object busy. An isolate's
 * memory: it admits nothing, and may refuse a picture for a second longer than the account would (a tenth of one for want
 * of a place).
 */
export class RefusalMemory {
  readonly #refusals = new RecentMemory<{ readonly refusal: FaultRecord; readonly until: number }>(
    rememberedRefusals,
    freshForMs,
  );
  readonly #asked = new RecentMemory<true>(rememberedRenders, renderMs);
  /** When a picture was first refused from memory: who still wants it a second later is taken to the object. */
  readonly #turnedAway = new RecentMemory<number>(rememberedRenders, renderMs);
  #changedAt = 0;

  /** Why the same purchase was refused a moment ago. Null: it was not, or the picture may be in the making already. */
  recall(asking: Asking, now: number): FaultRecord | null {
    if (this.#asked.recall(asking.fingerprint, now) !== undefined) return null;
    const known = this.#refusals.recall(nameOf(asking), now);
    if (known === undefined || now >= known.until) return null;
    return this.#isRepeated(asking.fingerprint, now) ? null : known.refusal;
  }

  /** Refusals of other pictures go on: without this, they would keep one that is in the making from being joined. */
  #isRepeated(fingerprint: string, now: number): boolean {
    const since = this.#turnedAway.recall(fingerprint, now);
    if (since === undefined) this.#turnedAway.remember(fingerprint, now, now);
    if (since === undefined || now - since < freshForMs) return false;
    this.#turnedAway.forget(fingerprint);
    return true;
  }

  /** Somebody asks to have the picture made: whoever orders it while it is in the making needs no money for that. */
  noteAsked({ fingerprint }: Asking, now: number): void {
    this.#asked.remember(fingerprint, true, now);
  }

  /** @param askedAt when the account was asked: what it said before it had more money counts no longer */
  remember(asking: Asking, refusal: FaultRecord, { askedAt, now }: { askedAt: number; now: number }): void {
    this.#asked.forget(asking.fingerprint);
    if (askedAt <= this.#changedAt) return;
    const until = now + (isForAPlace(refusal) ? freshPlaceMs : freshForMs);
    this.#refusals.remember(nameOf(asking), { refusal, until }, now);
  }

  /** Some account has got, or got back, money or a place. */
  forget(now: number): void {
    this.#changedAt = now;
    this.#refusals.clear();
  }
}

function nameOf({ accountId, spending, quotedMicros, dearestMicros }: Asking): string {
  const { limits, allowances, order } = spending;
  return JSON.stringify([accountId, limits, allowances, order.pictures, quotedMicros, dearestMicros]);
}
