import { type Budgets, isUnlimited, namesOf } from '../core/spending';
import type { Accounts } from './accounts-port';
import type { Refusal } from './admission';
import { type ChargeRequest, hitsNote, paidOrder } from './hit-messages';
import { HitPurse, type Lease } from './hit-purse';
import { RecentMemory } from './recent-memory';
import { refusalFault } from './refusal';

/** Of the hits that are left, an isolate takes one in so many in advance: little lies idle, and no purchase misses it. */
const share = 8;
const mostHits = 500;
/** A lease is drawn from for less long than its money is set aside: what was drawn has time to be charged. */
const leaseMs = 10_000;
const heldMs = 60_000;
/** So long one request has to bring a lease for all; meanwhile each of the others asks for just what it needs. */
const askingMs = 2_000;
const refusedForMs = 1_000;
const rememberedPurses = 2_000;

/** Whose hits they are, and what they have to fit into. */
export interface Payer extends Budgets {
  readonly accountId: string;
}

/**
 * Makes accounts pay for hits, where the operator gives hits a price; without one nobody is asked. An isolate leases the
 * money for some hits from the account's object, and lets so many through without asking, so that hits do not queue
 * there: for each set of allowances of an account by itself, as each has money of its own. The object has set that money
 * aside: no number of isolates lets more through than there is money for.
 */
export class HitCharge {
  readonly priceMicros: number;
  readonly #accounts: Pick<Accounts, 'hold' | 'pay'>;
  /** By {@link purseName}. */
  #purses = new Map<string, HitPurse>();
  readonly #asking = new RecentMemory<true>(rememberedPurses, askingMs);
  readonly #refusals = new RecentMemory<Refusal>(rememberedPurses, refusedForMs);

  constructor(accounts: Pick<Accounts, 'hold' | 'pay'>, priceMicros: number) {
    this.#accounts = accounts;
    this.priceMicros = priceMicros;
  }

  /**
   * Takes the price of hits, of all or of none. It is charged with the next batch: see {@link close}.
   * @throws Fault `insufficient_credit` when the account, or an allowance, has not got it.
   */
  async take(payer: Payer, hits: number, now: number): Promise<void> {
    const draw = { hits, micros: hits * this.priceMicros, now };
    if (draw.micros === 0) return;
    if (isUnlimited(payer)) return this.#purseOf(payer).drawUnheld(draw);
    if (this.#purses.get(purseName(payer))?.draw(draw)) return;
    const lease = await this.#lease(payer, hits, now);
    this.#purseOf(payer).add(lease, draw);
  }

  /**
   * Has an order with a name pay for hits, of all or of none, each once however often it is sent.
   * @returns how many of them it paid for with this
   * @throws Fault `insufficient_credit` when the account, or an allowance, has not got it.
   */
  async takeOnce(payer: Payer, order: string, fingerprints: readonly string[]): Promise<number> {
    const { accountId, limits, allowances } = payer;
    const answer = await this.#accounts.pay({
      ...{ accountId, limits, allowances, entryId: `hits-${crypto.randomUUID()}`, eachMicros: this.priceMicros },
      pictures: fingerprints.map((fingerprint) => paidOrder(order, fingerprint)),
    });
    if (answer.kind !== 'paid') throw refusalFault(answer);
    return answer.count;
  }

  /** What was taken since the last time, for each account: to be charged. What no hit came for is given back by that. */
  close(at: number): ChargeRequest[] {
    const purses = [...this.#purses.values()];
    this.#purses = new Map();
    return Array.from(
      Map.groupBy(purses, ({ accountId }) => accountId),
      ([accountId, own]) => {
        const taken = own.map((purse) => purse.close());
        const hits = taken.reduce((sum, purse) => sum + purse.hits, 0);
        return {
          ...{ accountId, entry: { id: `hits-${crypto.randomUUID()}`, at, note: hitsNote(hits) }, paid: [] },
          holds: taken.flatMap(({ holds }) => holds),
          unheld: taken.map(({ unheld }) => unheld).filter(({ micros }) => micros > 0),
        };
      },
    );
  }

  async #lease(payer: Payer, hits: number, now: number): Promise<Lease> {
    const { accountId, limits, allowances } = payer;
    const purse = purseName(payer);
    const name = `${purse} ${hits}`;
    const refused = this.#refusals.recall(name, now);
    if (refused !== undefined) throw refusalFault(refused);
    const isFirst = this.#asking.recall(purse, now) === undefined;
    if (isFirst) this.#asking.remember(purse, true, now);
    const atMost = isFirst ? Math.max(hits, mostHits) : hits;
    const lease = { id: `lease-${crypto.randomUUID()}`, until: now + leaseMs };
    const eachMicros = this.priceMicros;
    const asked = { limits, allowances, keptMicros: 0, eachMicros, atLeast: hits, atMost, share, lifetimeMs: heldMs };
    const answer = await this.#accounts.hold(accountId, { id: lease.id, ...asked });
    if (isFirst) this.#asking.forget(purse);
    if (answer.kind === 'held') return { ...lease, micros: answer.count * eachMicros };
    this.#refusals.remember(name, answer, now);
    throw refusalFault(answer);
  }

  #purseOf(payer: Payer): HitPurse {
    const name = purseName(payer);
    const purse = this.#purses.get(name) ?? new HitPurse(payer.accountId, namesOf(payer.allowances));
    this.#purses.set(name, purse);
    return purse;
  }
}

function purseName({ accountId, allowances }: Payer): string {
  return [accountId, ...namesOf(allowances)].join(' ');
}
