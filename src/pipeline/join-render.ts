import { allowancesOf } from '../accounts/allowances';
import type { Asking } from '../accounts/refusal-memory';
import { Fault } from '../core/fault';
import type { ImageRequest } from '../core/image-request';
import { dearestMicros } from '../core/market';
import type { DrawnSeed, OrderShare } from '../core/spending';
import type { TaskHandle } from '../core/task-id';
import type { JoinAnswer } from '../renders/render-ports';
import type { Plan } from '../renders/render-record';
import type { Buying } from './choose-buying';
import type { Caller, Ports } from './ports';
import { orderTag } from './resolve-order';

interface Wanted {
  readonly handle: Pick<TaskHandle, 'fingerprint'>;
  readonly request: ImageRequest;
  readonly buying: Buying;
}

/** What buying a picture of an order asks of the caller's account. */
export function askingOf(
  ports: Pick<Ports, 'offers'>,
  caller: Pick<Caller, 'account' | 'key' | 'allowances'>,
  { handle, request, buying: { choice, plan } }: Wanted,
  order: OrderShare,
): Asking {
  const { account } = caller;
  const asked = { provider: plan.provider, bringsKey: plan.sealedKey !== null, allowsNearest: false };
  return {
    fingerprint: handle.fingerprint,
    accountId: account.id,
    spending: { limits: account.limits, allowances: allowancesOf(caller), order },
    quotedMicros: choice.offer.priceMicros,
    dearestMicros: asked.bringsKey ? 0 : dearestMicros(ports.offers(request, asked)),
  };
}

/**
 * Refuses an order that the account refused a moment ago: no object is asked. One of several pictures is refused only
 * together with all others, so that an order begins whole or not at all.
 * @throws Fault
 */
export function refuseKnown({ refusals, now }: Ports, askings: readonly Asking[]): void {
  const [first, ...others] = askings.map((asking) => refusals.recall(asking, now()));
  if (first && others.every((refusal) => refusal !== null)) throw Fault.fromRecord(first);
}

interface Joining {
  readonly asking: Asking;
  readonly handle: TaskHandle;
  readonly request: ImageRequest;
  readonly plan: Plan;
  readonly drawn: DrawnSeed | null;
}

/** Has the picture made, or joins its making. */
export async function joinRender(
  { refusals, renders, hitCharge, now }: Ports,
  caller: Caller,
  { asking, handle, request, plan, drawn }: Joining,
): Promise<JoinAnswer> {
  const { account, dialect, key, preference, restAfterFailureMs } = caller;
  const { fingerprint, quotedMicros } = asking;
  const bought = { accountId: account.id, keyId: key?.id ?? null, dialect, nonce: handle.nonce, quotedMicros };
  const buyer = { ...bought, order: await orderTag(caller) };
  const askedAt = now();
  refusals.noteAsked(asking, askedAt);
  const spending = { ...asking.spending, drawn };
  const joinPriceMicros = hitCharge.priceMicros;
  const { isRetry } = preference;
  const joined = await renders.join({
    ...{ fingerprint, request, buyer, plan, spending, handle, isRetry, joinPriceMicros },
    ...(restAfterFailureMs === undefined ? {} : { restAfterFailureMs }),
  });
  if (joined.kind === 'refused') refusals.remember(asking, joined.fault, { askedAt, now: now() });
  return joined;
}
