import type { FaultRecord } from '../core/fault';
import { pastOf } from './record-keeping';
import type { JoinAnswer, JoinRequest } from './render-ports';
import type { PastEnding, RenderRecord } from './render-record';
import { spentOf } from './settlement';

/** As long as a client that marks its retries, and does not name its orders, may take for them. */
const retryMs = 600_000;

/** What is said instead of beginning a new attempt. Null: nothing stands against it. */
export function failedBefore(previous: RenderRecord | null, request: JoinRequest, now: number): JoinAnswer | null {
  if (previous === null) return null;
  const { buyer, restAfterFailureMs: restMs = 0 } = request;
  const fault = restingFault(previous, { accountId: buyer.accountId, restMs, now });
  return fault === null ? paidBefore(previous, request, now) : { kind: 'failed', fault };
}

/** The failure of the last attempt, while that is to rest. What failed for another account says nothing of this one. */
export function restingFault(
  { phase, buyer }: RenderRecord,
  { accountId, restMs, now }: { readonly accountId: string; readonly restMs: number; readonly now: number },
): FaultRecord | null {
  if (phase.name !== 'ended' || buyer.accountId !== accountId) return null;
  const { fault, outcome, endedAt } = phase.ending;
  const leftMs = endedAt + restMs - now;
  if (fault === null || outcome === 'cancelled' || leftMs <= 0) return null;
  return { ...fault, retryAfterSeconds: Math.ceil(leftMs / 1000) };
}

/**
 * What is said to an order that is sent again, by its name or by its client's mark, after it was paid for, or may have
 * been, and came to nothing. Null: it is another order, or cost nothing, and may begin.
 */
function paidBefore(previous: RenderRecord, request: JoinRequest, now: number): JoinAnswer | null {
  const { buyer, isRetry } = request;
  const isSame = (past: PastEnding) => {
    if (past.buyer?.accountId !== buyer.accountId) return false;
    if (buyer.order != null) return past.buyer.order === buyer.order;
    return isRetry && past.buyer.dialect === buyer.dialect && now - past.ending.endedAt < retryMs;
  };
  const last = pastOf(previous).findLast((past) => isSame(past));
  if (last === undefined || last.ending.fault === null || spentOf(last.ending) === 0) return null;
  return { kind: 'failed', fault: { code: last.ending.fault.code, message } };
}

const message =
  'This order was sent before, and was paid for or may have been, without a picture. It is not bought again by itself: send it as a new order, under another Idempotency-Key, to buy it anew.';
