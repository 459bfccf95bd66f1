import type { Task } from '../core/task';
import type { Caller, Ports } from './ports';
import { orderTag } from './resolve-order';

/**
 * What did not have to be bought is counted, and paid for where the operator gives hits a price: all hits of an order
 * are, or none. An order with a name pays for a picture once, however often it is sent.
 * @throws Fault `insufficient_credit`
 */
export async function chargeHits(ports: Ports, caller: Caller, hits: readonly Task[]): Promise<void> {
  const { account, dialect, defer } = caller;
  const { priceMicros } = ports.hitCharge;
  const charged = priceMicros === 0 || hits.length === 0 ? 0 : await payFor(ports, caller, hits);
  for (const [index, { cost }] of hits.entries()) {
    const chargedMicros = index < charged ? priceMicros : 0;
    ports.count({ accountId: account.id, dialect, savedMicros: cost.quotedMicros, chargedMicros }, defer);
  }
}

/** How many of them were paid for just now. */
async function payFor({ hitCharge, now }: Ports, caller: Caller, hits: readonly Task[]): Promise<number> {
  const order = await orderTag(caller);
  const fingerprints = hits.map(({ fingerprint }) => fingerprint);
  if (order !== null) return await hitCharge.takeOnce(caller.account, order, fingerprints);
  await hitCharge.take(caller.account, hits.length, now());
  return hits.length;
}
