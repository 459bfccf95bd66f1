import type { Accounts } from '../accounts/accounts-port';
import { hitsEntries } from '../accounts/hits-entries';
import { refundsOf } from '../accounts/refunds';
import { refusalFault } from '../accounts/refusal';
import type { FaultRecord } from '../core/fault';
import { dearestMicros } from '../core/market';
import type { Spending } from '../core/spending';
import type { RenderPorts, Settlement } from '../renders/render-ports';
import type { RenderRecord } from '../renders/render-record';
import { joinsId, joinsOf, purchasesOf, reservationId, storedRenderOf } from '../renders/settlement';
import type { Service } from './service';

/** After a render's deadline: time to settle it, before its reservation heals by itself. */
const settlingMs = 600_000;
/** Submits that `ON_UNKNOWN = "rebuy"` may lose before the last one. */
const mostLosses = 2;
const accountsAtOnce = 20;

/** What a Render object does with its buyer's money. */
export function renderMoney(service: Service): Pick<RenderPorts, 'reserve' | 'settle'> {
  const { config, ports, ledger } = service;
  return {
    reserve: (record, spending) => reserve(service, record, spending),
    settle: async ({ record, ending, joiners }: Settlement) => {
      const task = await ports.taskIds.seal(record.handle);
      const purchases = purchasesOf(record, ending, task);
      const { accountId } = record.buyer;
      const spent = purchases.map(({ spentMicros, settledAt }) => ({ micros: spentMicros, at: settledAt }));
      const refunds = refundsOf(purchases, config.REFUND_FAILED === 'on');
      const joins = joinsOf(ending, joiners);
      const charges = hitsEntries(joins, { id: joinsId(record), at: ending.endedAt });
      await Promise.all([
        ports.accounts.settle({ accountId, id: reservationId(record), spent, refunds }),
        chargeAll(ports.accounts, charges),
        ledger.record(purchases, storedRenderOf(record, ending), joins),
      ]);
    },
  };
}

/** A few accounts at a time: thousands may have joined one picture, and each is an object of its own. */
async function chargeAll(accounts: Accounts, charges: ReturnType<typeof hitsEntries>): Promise<void> {
  for (let start = 0; start < charges.length; start += accountsAtOnce) {
    const some = charges.slice(start, start + accountsAtOnce);
    await Promise.all(some.map(({ accountId, entry }) => accounts.credit(accountId, [entry])));
  }
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
