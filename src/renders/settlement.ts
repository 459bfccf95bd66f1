import { megapixelsOf } from '../core/price';
import { renderSize } from '../core/size';
import { type Count, dayOf, type Purchase, type StoredRender } from '../storage/usage-ledger';
import { purseName } from './joiners';
import type { Ending, Joiner, Outcome, Purse, RenderRecord } from './render-record';

/** Outcomes after which the price is owed even when the vendor never said so: the ledger assumes the worst. */
const presumedSpent: ReadonlySet<Outcome> = new Set(['ready', 'unknown', 'unfinished', 'lost']);
/** Outcomes in which nothing was bought. */
const notBought: ReadonlySet<Outcome> = new Set(['refused']);

/** The ledger's row for an attempt; null when nothing can have been bought. */
export function purchaseOf(record: RenderRecord, ending: Ending, taskId: string): Purchase | null {
  if (ending.provider === null || notBought.has(ending.outcome)) return null;
  const { fingerprint, request, generation, buyer } = record;
  const megapixels = megapixelsOf(request);
  return {
    id: `${fingerprint}-${generation}`,
    accountId: buyer.accountId,
    keyId: buyer.keyId ?? null,
    settledAt: ending.endedAt,
    fingerprint,
    dialect: buyer.dialect,
    task: taskId,
    provider: ending.provider,
    outcome: ending.outcome,
    inputMegapixels: megapixels.input,
    outputMegapixels: megapixels.output,
    quotedMicros: buyer.quotedMicros,
    actualMicros: ending.charge,
    paidBy: record.plan.sealedKey === null ? 'account' : 'caller',
    spentMicros: record.plan.sealedKey !== null ? 0 : spentOf(ending),
    queuedAt: generation,
  };
}

/** All rows of an attempt: what was lost on the way, where the operator buys again, and how it ended. */
export function purchasesOf(record: RenderRecord, ending: Ending, taskId: string): Purchase[] {
  const lost = record.losses.map((loss, index) => {
    const row = purchaseOf(record, loss, taskId);
    return row === null ? null : { ...row, id: `${row.id}-lost-${index + 1}` };
  });
  return [...lost, purchaseOf(record, ending, taskId)].filter((row) => row !== null);
}

/** Names the money that was set aside for an attempt: the same at every try to begin it. */
export function reservationId({ fingerprint, buyer }: RenderRecord): string {
  return `${fingerprint}-${buyer.nonce}`;
}

/** Names what joining an attempt costs: the same at every try to book it. */
export function joinsId({ fingerprint, generation }: RenderRecord): string {
  return `joins-${fingerprint}-${generation}`;
}

/** Names what a purse has set aside for joining an attempt. */
export function joinHoldId(record: RenderRecord, { allowances = [] }: Purse): string {
  return [joinsId(record), ...allowances].join(' ');
}

/** The nonce of the buyer's task that a reservation was made for. */
export function nonceOfReservation(id: string): string {
  return id.slice(id.indexOf('-') + 1);
}

/** What the vendor says, or what must be presumed. */
export function spentOf(ending: Ending): number {
  const { charge, outcome, isSold = false, priceMicros } = ending;
  return charge ?? (isSold || presumedSpent.has(outcome) ? priceMicros : 0);
}

/** The picture's row in the list of renders; null when there is no picture. */
export function storedRenderOf(record: RenderRecord, ending: Ending): StoredRender | null {
  if (ending.sha256 === null || ending.provider === null) return null;
  const { fingerprint, request, buyer, replaces, generation } = record;
  return {
    fingerprint,
    accountId: buyer.accountId,
    storedAt: ending.endedAt,
    ...(replaces === undefined ? {} : { madeAgainSince: generation }),
    provider: ending.provider,
    sha256: ending.sha256,
    ...renderSize(request),
    seed: request.seed,
  };
}

/** What joining comes to for a purse. */
export interface JoinCharge extends Required<Purse> {
  readonly joins: number;
  /** Whether money was set aside, which is to be taken or given back. */
  readonly isHeld: boolean;
  readonly heldMicros: number;
  readonly unheldMicros: number;
  /** What names the orders that pay, where they have a name, and what each pays. */
  readonly orders: readonly { readonly order: string; readonly micros: number }[];
}

/**
 * What joining saved, for each account and dialect, and costs, for each purse by its account. Nobody saves anything by a
 * picture that did not come, and nobody pays for it: what was set aside is given back.
 */
export function joinsOf(
  { outcome, endedAt }: Ending,
  joiners: Iterable<Joiner>,
): { readonly counts: readonly Count[]; readonly charges: ReadonlyMap<string, readonly JoinCharge[]> } {
  const isReady = outcome === 'ready';
  const counts = new Map<string, Count>();
  const charges = new Map<string, JoinCharge>();
  for (const joiner of joiners) {
    const { accountId, dialect, isHeld = false, chargedMicros } = joiner;
    const name = JSON.stringify([accountId, dialect]);
    const count = counts.get(name) ?? emptyCount(joiner, dayOf(endedAt));
    if (isReady) counts.set(name, plus(count, joiner));
    const purse = purseName(joiner);
    if (isHeld || (isReady && chargedMicros > 0)) charges.set(purse, charged(charges.get(purse), joiner, isReady));
  }
  return { counts: [...counts.values()], charges: Map.groupBy(charges.values(), (charge) => charge.accountId) };
}

function emptyCount({ accountId, dialect }: Joiner, day: string): Count {
  return { accountId, dialect, day, kind: 'joined', count: 0, savedMicros: 0, chargedMicros: 0 };
}

function plus(count: Count, { savedMicros, chargedMicros }: Joiner): Count {
  return {
    ...{ ...count, count: count.count + 1, savedMicros: count.savedMicros + savedMicros },
    chargedMicros: (count.chargedMicros ?? 0) + chargedMicros,
  };
}

const nothingOwed = { isHeld: false, joins: 0, heldMicros: 0, unheldMicros: 0, orders: [] };

function charged(others: JoinCharge | undefined, joiner: Joiner, isReady: boolean): JoinCharge {
  const { accountId, allowances = [], chargedMicros, isHeld = false, order } = joiner;
  const before = others ?? nothingOwed;
  const micros = isReady ? chargedMicros : 0;
  return {
    ...{ accountId, allowances, joins: before.joins + 1, isHeld: isHeld || before.isHeld },
    heldMicros: before.heldMicros + (isHeld ? micros : 0),
    unheldMicros: before.unheldMicros + (isHeld ? 0 : micros),
    orders: order === undefined || micros === 0 ? before.orders : [...before.orders, { order, micros }],
  };
}
