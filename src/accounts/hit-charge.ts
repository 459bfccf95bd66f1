import type { Account } from './account';
import type { Standing } from './account-messages';
import type { Accounts } from './accounts-port';
import { admit } from './admission';
import { refusalFault } from './refusal';

const freshForMs = 2_000;
const rememberedAccounts = 2_000;

interface Remembered {
  readonly standing: Standing;
  readonly at: number;
  /** What was let through since. */
  readonly micros: number;
}

/**
 * Whether accounts can pay for hits, where the operator gives hits a price; without one nothing is asked. An isolate
 * remembers how an account stands for two seconds, so hits do not queue at the account's object.
 */
export class HitCharge {
  readonly priceMicros: number;
  readonly #accounts: Pick<Accounts, 'standing'>;
  readonly #remembered = new Map<string, Remembered>();

  constructor(accounts: Pick<Accounts, 'standing'>, priceMicros: number) {
    this.#accounts = accounts;
    this.priceMicros = priceMicros;
  }

  /** @throws Fault `insufficient_credit` when the account cannot pay for one more. */
  async check({ id, limits }: Account, now: number): Promise<void> {
    if (this.priceMicros === 0) return;
    const { standing, at, micros } = this.#fresh(id, now) ?? (await this.#lookUp(id, now));
    const { day, month, spentMicros, balanceMicros, reservedMicros } = standing;
    const sums = {
      day,
      month,
      spentMicros,
      balanceMicros,
      reservedMicros: reservedMicros + micros,
      inFlight: 0,
      bucket: null,
    };
    const bounds = { ...limits, requestsPerMinute: null, rendersInFlight: null, totalMicros: null };
    const { verdict } = admit(sums, bounds, { micros: this.priceMicros, pictures: 1, tokens: 0, now });
    const spent = verdict.kind === 'admitted' ? this.priceMicros : 0;
    this.#remember(id, { standing, at, micros: micros + spent });
    if (verdict.kind !== 'admitted') throw refusalFault(verdict);
  }

  /** Whoever asked meanwhile may have let hits through: those count, and no step is taken between this and the verdict. */
  async #lookUp(id: string, now: number): Promise<Remembered> {
    const standing = await this.#accounts.standing(id);
    return this.#fresh(id, now) ?? { standing, at: now, micros: 0 };
  }

  #fresh(id: string, now: number): Remembered | null {
    const known = this.#remembered.get(id);
    return known !== undefined && now - known.at < freshForMs ? known : null;
  }

  #remember(id: string, remembered: Remembered): void {
    this.#remembered.delete(id);
    this.#remembered.set(id, remembered);
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > rememberedAccounts && oldest.done !== true) this.#remembered.delete(oldest.value);
  }
}
