import { isUnlimited, namesOf } from '../core/spending';
import { type Joiners, type Owing, purseName } from './joiners';
import { knownEnd } from './record-keeping';
import type { JoinAnswer, JoinRequest, RenderPorts } from './render-ports';
import type { Purse, RenderRecord } from './render-record';

type Money = Pick<RenderPorts, 'hold' | 'giveBack' | 'log'>;

/** Lets tasks join a render, and has their accounts set aside what that will cost: the render reserves, not the request. */
export class JoinDesk {
  readonly #joiners: Joiners;
  /** Those who wait for their turn, by their nonces: one question to an account is for all of a purse that wait. */
  readonly #waiting = new Map<string, JoinRequest>();
  readonly #answers = new Map<string, JoinAnswer>();

  constructor(joiners: Joiners) {
    this.#joiners = joiners;
  }

  /** Keeps a request among those that wait until it is answered. */
  async waitWith(request: JoinRequest, answer: Promise<JoinAnswer>): Promise<JoinAnswer> {
    const { nonce } = request.buyer;
    this.#waiting.set(nonce, request);
    try {
      return await answer;
    } finally {
      this.#waiting.delete(nonce);
      this.#answers.delete(nonce);
    }
  }

  /** What was said to a request when another one of its purse had its turn. */
  answerOf(request: JoinRequest): JoinAnswer | null {
    return this.#answers.get(request.buyer.nonce) ?? null;
  }

  /** @param look the record as it is then: it may end while the account is asked */
  async admit(request: JoinRequest, look: () => RenderRecord, money: Money): Promise<JoinAnswer> {
    const record = look();
    const { joinPriceMicros, buyer, spending } = request;
    // An end that is known is one without a picture here: who joins it owes nothing.
    if (joinPriceMicros === 0 || knownEnd(record) !== null) return this.#join(record, request, {});
    if (this.#joiners.isBuyers(record, buyer)) return this.#join(record, request, {});
    const owed = this.#joiners.owedByOrder(record, request);
    if (owed !== null) return this.#join(record, request, owed);
    if (isUnlimited(spending)) return this.#join(record, request, { chargedMicros: joinPriceMicros, isHeld: false });
    return await this.#ask(request, look, money);
  }

  /** Takes a task off that joined, and gives back what it owed. */
  async leave(record: RenderRecord, nonce: string, money: Money): Promise<void> {
    const joiner = this.#joiners.leave(nonce);
    if (joiner?.isHeld === true) await this.#giveBack(record, joiner, money);
  }

  /** Has set aside what those owe who stay, and no more. Where that fails, the rest runs out by itself. */
  async #giveBack(record: RenderRecord, purse: Purse, money: Money): Promise<void> {
    const { accountId, allowances = [] } = purse;
    const held = { accountId, allowances, keptMicros: this.#joiners.heldMicros(record, purse) };
    await money.giveBack(record, held).catch((thrown) => money.log('give-back-error', { cause: String(thrown) }));
  }

  async #ask(request: JoinRequest, look: () => RenderRecord, money: Money): Promise<JoinAnswer> {
    const [record, group] = [look(), this.#groupOf(request, look())];
    const { joinPriceMicros: eachMicros, spending } = request;
    const purse = purseOf(request);
    const { accountId } = purse;
    const keptMicros = this.#joiners.heldMicros(record, purse);
    const { limits, allowances } = spending;
    const joining = group.map((waiting) => waiting.spending.order.id);
    const asked = { accountId, limits, allowances, keptMicros, eachMicros, atMost: group.length, joining };
    const held = await money.hold(record, asked);
    const end = knownEnd(look());
    if (end !== null) await this.#giveBack(record, purse, money);
    if (end !== null) return end.outcome === 'ready' ? { kind: 'stored' } : this.#join(record, request, {});
    const owing = { chargedMicros: eachMicros, isHeld: true };
    const answer = (asked: JoinRequest): JoinAnswer =>
      'fault' in held ? { kind: 'unpaid', fault: held.fault } : this.#join(record, asked, owing);
    // This one is the first of them, and those that the money is not there for ask again in their own turn.
    const [own, ...others] = 'fault' in held ? group : group.slice(0, held.count);
    for (const other of others) this.#answers.set(other.buyer.nonce, answer(other));
    return answer(own ?? request);
  }

  /** This request, and those of its purse that wait to join at the same price: of an order with a name, one. */
  #groupOf(request: JoinRequest, record: RenderRecord): JoinRequest[] {
    const name = purseName(purseOf(request));
    const orders = new Set([request.buyer.order]);
    const others = [...this.#waiting.values()].filter((other) => {
      const { buyer, joinPriceMicros } = other;
      const isAlike = purseName(purseOf(other)) === name && joinPriceMicros === request.joinPriceMicros;
      const isAnswered = this.#answers.has(buyer.nonce) || this.#joiners.answerAgain(record, buyer.nonce) !== null;
      if (!isAlike || isAnswered || buyer.nonce === request.buyer.nonce) return false;
      if (buyer.order == null) return true;
      if (this.#joiners.isBuyers(record, buyer)) return false;
      const isFirst = !orders.has(buyer.order) && this.#joiners.owedByOrder(record, other) === null;
      orders.add(buyer.order);
      return isFirst;
    });
    return [request, ...others];
  }

  #join({ generation }: RenderRecord, request: JoinRequest, owing: Partial<Owing>): JoinAnswer {
    this.#joiners.join(request, { chargedMicros: 0, ...owing });
    return { kind: 'joined', generation };
  }
}

function purseOf({ buyer, spending }: JoinRequest): Purse {
  return { accountId: buyer.accountId, allowances: namesOf(spending.allowances) };
}
