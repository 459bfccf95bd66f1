import type { Accounts } from '../accounts/accounts-port';
import { type ChargeRequest, type HoldAnswer, type HoldRequest, hitsNote, paidOrder } from '../accounts/hit-messages';
import { refundsOf } from '../accounts/refunds';
import { refusalFault } from '../accounts/refusal';
import type { FaultRecord } from '../core/fault';
import { dearestMicros } from '../core/market';
import { type Allowance, namesOf, type Spending, withoutLimits } from '../core/spending';
import type { JoinHold, RenderPorts, Settlement } from '../renders/render-ports';
import type { RenderRecord } from '../renders/render-record';
import {
  type JoinCharge,
  joinHoldId,
  joinsId,
  joinsOf,
  purchasesOf,
  reservationId,
  storedRenderOf,
} from '../renders/settlement';
import type { Service } from './service';

/** After a render's deadline: time to settle it, before its reservation heals by itself. */
const settlingMs = 600_000;
/** Submits that `ON_UNKNOWN = "rebuy"` may lose before the last one. */
const mostLosses = 2;
const accountsAtOnce = 20;

/** What a Render object does with the money of its buyer, and of those who join. */
export function renderMoney(service: Service): Pick<RenderPorts, 'reserve' | 'hold' | 'giveBack' | 'settle'> {
  return {
    reserve: (record, spending) => reserve(service, record, spending),
    hold: async (record, asked) => {
      const answer = await holdFor(service, record, { ...asked, atLeast: 1 });
      return answer.kind === 'held' ? answer : { fault: refusalFault(answer).toRecord() };
    },
    giveBack: async (record, { allowances = [], ...held }) => {
      const nothingMore = { limits: withoutLimits, eachMicros: 0, atLeast: 0, atMost: 0 };
      await holdFor(service, record, { ...held, ...nothingMore, allowances: allowances.map(unlimited) });
    },
    settle: (settlement) => settle(service, settlement),
  };
}

async function settle({ config, ports, ledger }: Service, { record, ending, joiners }: Settlement): Promise<void> {
  const task = await ports.taskIds.seal(record.handle);
  const purchases = purchasesOf(record, ending, task);
  const { accountId } = record.buyer;
  const spent = purchases.map(({ spentMicros, settledAt }) => ({ micros: spentMicros, at: settledAt }));
  const refunds = refundsOf(purchases, config.REFUND_FAILED === 'on');
  const paid = ending.outcome === 'ready' ? paidBy(record) : null;
  const { counts, charges } = joinsOf(ending, joiners);
  await Promise.all([
    ports.accounts.settle({ accountId, id: reservationId(record), spent, refunds, paid }),
    chargeAll(ports.accounts, record, charges, ending.endedAt),
    ledger.record(purchases, storedRenderOf(record, ending), counts),
  ]);
}

/** The picture of the buyer's order, where hits have a price: sent again, it pays for that no second time. */
function paidBy({ buyer, fingerprint, hitPriceMicros }: RenderRecord): string | null {
  return hitPriceMicros === undefined || buyer.order == null ? null : paidOrder(buyer.order, fingerprint);
}

/** A few accounts at a time: thousands may have joined one picture, and each is an object of its own. */
async function chargeAll(
  accounts: Accounts,
  record: RenderRecord,
  charges: ReadonlyMap<string, readonly JoinCharge[]>,
  at: number,
): Promise<void> {
  const requests = Array.from(charges, ([accountId, purses]) => chargeOf(record, { accountId, purses, at }));
  for (let start = 0; start < requests.length; start += accountsAtOnce) {
    const some = requests.slice(start, start + accountsAtOnce);
    await Promise.all(some.map((request) => accounts.charge(request)));
  }
}

function chargeOf(
  record: RenderRecord,
  { accountId, purses, at }: { accountId: string; purses: readonly JoinCharge[]; at: number },
): ChargeRequest {
  const joins = purses.reduce((sum, purse) => sum + purse.joins, 0);
  const held = purses.filter(({ isHeld }) => isHeld);
  return {
    ...{ accountId, entry: { id: joinsId(record), at, note: hitsNote(joins) } },
    holds: held.map((purse) => ({ id: joinHoldId(record, purse), micros: purse.heldMicros })),
    unheld: purses.map(({ allowances, unheldMicros: micros }) => ({ allowances, micros })),
    paid: purses.flatMap(({ allowances, orders }) =>
      orders.map(({ order, micros }) => ({ id: paidOrder(order, record.fingerprint), allowances, micros })),
    ),
  };
}

/** For giving back alone, which needs no limits. */
function unlimited(name: string): Allowance {
  return { name, dayMicros: null, totalMicros: null, requestsPerMinute: null };
}

/** One hold for all joiners that a purse has on an attempt. It lives as long as the buyer's reservation. */
async function holdFor(
  { config, ports }: Service,
  record: RenderRecord,
  { accountId, ...asked }: JoinHold & Pick<HoldRequest, 'atLeast'>,
): Promise<HoldAnswer> {
  const lifetimeMs = config.RENDER_DEADLINE_SECONDS * 1000 + settlingMs;
  const id = joinHoldId(record, { accountId, allowances: namesOf(asked.allowances) });
  return await ports.accounts.hold(accountId, { ...asked, id, share: 1, lifetimeMs });
}

async function reserve(service: Service, record: RenderRecord, spending: Spending): Promise<FaultRecord | null> {
  const { accounts, taskIds } = service.ports;
  const { fingerprint, buyer, handle } = record;
  const verdict = await accounts.reserve(buyer.accountId, {
    ...spending,
    id: reservationId(record),
    micros: worstCaseMicros(service, record),
    lifetimeMs: service.config.RENDER_DEADLINE_SECONDS * 1000 + settlingMs,
    task: await taskIds.seal(handle),
    fingerprint,
    dialect: buyer.dialect,
    keyId: buyer.keyId,
    pays: paidBy(record),
  });
  return verdict.kind === 'admitted' ? null : refusalFault(verdict).toRecord();
}

/** The dearest provider that may end up making it; nothing where the caller brings a vendor key of its own. */
function worstCaseMicros({ config, market }: Service, { request, plan, buyer }: RenderRecord): number {
  if (plan.sealedKey !== null) return 0;
  const offers = market.offers(request, { provider: plan.provider, bringsKey: false, allowsNearest: false });
  const submits = config.ON_UNKNOWN === 'rebuy' ? 1 + mostLosses : 1;
  return submits * Math.max(buyer.quotedMicros, dearestMicros(offers));
}
