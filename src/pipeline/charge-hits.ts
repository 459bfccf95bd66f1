import type { Refusal } from '../accounts/admission';
import { allowancesOf } from '../accounts/allowances';
import type { Payer } from '../accounts/hit-charge';
import { hitsNote } from '../accounts/hit-messages';
import { refusalFault } from '../accounts/refusal';
import { isUnlimited, namesOf } from '../core/spending';
import type { Task } from '../core/task';
import type { Caller, Ports } from './ports';
import { orderTag } from './resolve-order';

/** Longer than an order takes to begin. */
const heldMs = 60_000;

/**
 * What did not have to be bought is counted, and paid for where the operator gives hits a price: all hits of an order
 * are, or none. An order with a name pays for a picture once, however often it is sent.
 * @throws Fault `insufficient_credit`
 */
export async function chargeHits(ports: Ports, caller: Caller, hits: readonly Task[]): Promise<void> {
  countHits(ports, caller, hits, await payFor(ports, caller, hits));
}

/**
 * As {@link chargeHits}, for an order that also has pictures made: what its hits cost is set aside before these begin,
 * and taken once they have. Where they are refused, the hits cost nothing.
 * @throws Fault `insufficient_credit` before anything begins, and whatever `begin` throws.
 */
export async function chargeHitsWith<Begun>(
  ports: Ports,
  caller: Caller,
  hits: readonly Task[],
  begin: () => Promise<Begun>,
): Promise<Begun> {
  const { priceMicros } = ports.hitCharge;
  if (priceMicros === 0 || hits.length === 0) {
    const begun = await begin();
    countHits(ports, caller, hits, 0);
    return begun;
  }
  const order = await orderTag(caller);
  const held = await setAside(ports, payerOf(caller), hits.length);
  if (held.refusal !== null) {
    // An order with a name may have paid for them before.
    if (order === null) throw refusalFault(held.refusal);
    await chargeHits(ports, caller, hits);
    return await begin();
  }
  const begun = await begin().catch(async (thrown: unknown) => {
    // It runs out by itself; why nothing began is what the caller has to know.
    await held.close(0).catch(() => undefined);
    throw thrown;
  });
  await held.close(order === null ? hits.length * priceMicros : 0);
  // The pictures are being made: what somebody else took in this moment is not asked of an order with a name.
  if (order === null) countHits(ports, caller, hits, hits.length);
  else await chargeWhatCanBe(ports, caller, hits);
  return begun;
}

/** As {@link chargeHits}, of an order that goes on whatever can be paid. */
export async function chargeWhatCanBe(ports: Ports, caller: Caller, hits: readonly Task[]): Promise<void> {
  countHits(ports, caller, hits, await payFor(ports, caller, hits).catch(() => 0));
}

interface SetAside {
  readonly refusal: Refusal | null;
  /** Takes so much of it, and gives the rest back. */
  close(micros: number): Promise<void>;
}

/** Sets aside what hits cost; of an account without limits nothing has to be. */
async function setAside({ accounts, hitCharge }: Ports, payer: Payer, hits: number): Promise<SetAside> {
  const { accountId, limits, allowances } = payer;
  const id = `order-${crypto.randomUUID()}`;
  const isHeld = !isUnlimited(payer);
  const asked = { eachMicros: hitCharge.priceMicros, atLeast: hits, atMost: hits, share: 1, lifetimeMs: heldMs };
  const answer = isHeld ? await accounts.hold(accountId, { id, limits, allowances, keptMicros: 0, ...asked }) : null;
  return {
    refusal: answer === null || answer.kind === 'held' ? null : answer,
    close: async (micros) => {
      const taken = isHeld
        ? { holds: [{ id, micros }], unheld: [] }
        : { holds: [], unheld: [{ allowances: namesOf(allowances), micros }] };
      const entry = { id: `hits-${id}`, at: Date.now(), note: hitsNote(hits) };
      await accounts.charge({ accountId, entry, paid: [], ...taken });
    },
  };
}

function countHits({ hitCharge, count }: Ports, caller: Caller, hits: readonly Task[], charged: number): void {
  const { account, dialect, defer, noteCharge } = caller;
  noteCharge?.(charged * hitCharge.priceMicros);
  for (const [index, { cost }] of hits.entries()) {
    const chargedMicros = index < charged ? hitCharge.priceMicros : 0;
    count({ accountId: account.id, dialect, savedMicros: cost.quotedMicros, chargedMicros }, defer);
  }
}

/** How many of them were paid for just now. */
async function payFor({ hitCharge, now }: Ports, caller: Caller, hits: readonly Task[]): Promise<number> {
  if (hitCharge.priceMicros === 0 || hits.length === 0) return 0;
  const order = await orderTag(caller);
  const payer = payerOf(caller);
  const fingerprints = hits.map(({ fingerprint }) => fingerprint);
  if (order !== null) return await hitCharge.takeOnce(payer, order, fingerprints);
  await hitCharge.take(payer, hits.length, now());
  return hits.length;
}

function payerOf(caller: Caller): Payer {
  const { id: accountId, limits } = caller.account;
  return { accountId, limits, allowances: allowancesOf(caller) };
}
