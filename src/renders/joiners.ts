import type { JoinRequest } from './render-ports';
import type { Joiner, RenderRecord } from './render-record';
import type { TaskRows } from './task-rows';

export function joinerOf({ buyer, joinPriceMicros }: JoinRequest): Joiner {
  const { accountId, dialect, quotedMicros } = buyer;
  return { accountId, dialect, savedMicros: quotedMicros, chargedMicros: joinPriceMicros };
}

/** Those who joined a render and did not leave it. */
export function remaining({ cancelled }: RenderRecord, joiners: TaskRows<Joiner>): Joiner[] {
  const left = new Set(cancelled);
  return Array.from(joiners.all()).flatMap(([nonce, joiner]) => (left.has(nonce) ? [] : [joiner]));
}

/** Whether its buyer and all who joined it were cancelled. */
export function isLeftByAll({ cancelled }: RenderRecord, joiners: TaskRows<Joiner>): boolean {
  return cancelled.length > 0 && cancelled.length > joiners.all().size;
}
