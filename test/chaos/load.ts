import { setTimeout as sleep } from 'node:timers/promises';
import type { Asking } from './exchange.ts';
import type { Front } from './front.ts';
import type { PlannedOrder } from './plan.ts';
import { type Way, ways } from './ways.ts';
import type { AcceptedTask } from './witness.ts';

/** What the load needs besides the service. */
export interface LoadParts {
  readonly front: Front;
  readonly webhookOrigin: string;
  readonly signLink: (order: PlannedOrder) => Promise<string>;
}

/** Connections that a caller may lose before it gives up. */
const mostTries = 60;
/** Faults after which some callers ask again: it may be bought anew. */
const askedAgain: ReadonlySet<string> = new Set(['outcome_unknown', 'provider_failed', 'wait_exceeded', 'unavailable']);

/** Places one order of the plan, all its copies at once, and sees it through. */
export async function place(parts: LoadParts, order: PlannedOrder): Promise<void> {
  await Promise.all(Array.from({ length: order.copies }, (_, copy) => placeCopy(parts, order, copy)));
}

async function placeCopy(parts: LoadParts, order: PlannedOrder, copy: number): Promise<void> {
  const { front, webhookOrigin } = parts;
  const webhookPath = order.manner === 'webhook' ? `/${order.index}/${copy}` : null;
  const webhook = webhookPath === null ? null : webhookOrigin + webhookPath;
  const { path, asking } = await requestOf(parts, order, webhook);
  let asksAgain = order.index % 3 === 0;
  for (let tries = 0; tries < mostTries; tries += 1) {
    front.witness.ask(order);
    const done = await front.send(path, asking);
    if (done.kind === 'hung-up') return;
    const task = front.witness.accept(order, done.headers, webhookPath);
    if (done.kind === 'lost') {
      await sleep(400);
      // Some ask again before it can answer.
      if (order.index % 4 !== 0) await front.service.untilUp();
      continue;
    }
    if (task !== null && order.manner === 'cancel') await cancel(parts, order, task);
    if (!asksAgain || !askedAgain.has(done.headers['x-fluxgate-error'] ?? '')) return;
    asksAgain = false;
    await sleep(500);
  }
}

async function requestOf(
  { front, signLink }: LoadParts,
  order: PlannedOrder,
  webhook: string | null,
): Promise<{ path: string; asking: Asking }> {
  const hangUp = order.manner === 'hang-up' ? { hangUpMs: order.patienceMs } : {};
  if (order.way === 'link') return { path: await signLink(order), asking: hangUp };
  const way: Way = ways[order.way];
  const headers = {
    ...way.headers(front.keyOf(order.account)),
    ...(order.provider === null ? {} : { 'x-fluxgate-provider': order.provider }),
    ...(order.picture.seed === null ? { 'idempotency-key': `order-${order.index}` } : {}),
  };
  return { path: way.path, asking: { headers, json: way.body(order.picture, webhook), ...hangUp } };
}

async function cancel({ front }: LoadParts, order: PlannedOrder, task: AcceptedTask): Promise<void> {
  await sleep(order.patienceMs);
  const headers = { authorization: `Bearer ${front.keyOf(order.account)}` };
  await front.sendUntilAnswered(`/v1/tasks/${task.id}`, { method: 'DELETE', headers });
}
