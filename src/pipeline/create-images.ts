import { refuseBeyondKey } from '../accounts/order-limits';
import { Fault } from '../core/fault';
import { fingerprint } from '../core/fingerprint';
import type { ImageRequest } from '../core/image-request';
import type { Order } from '../core/order';
import { deliveredRendition } from '../core/rendition';
import { isEnded, type Task } from '../core/task';
import { accountTag, type TaskHandle } from '../core/task-id';
import { beginImages, type Found, type Wanted } from './begin-images';
import { chargeHits, chargeHitsWith } from './charge-hits';
import { chooseBuying } from './choose-buying';
import { askingOf, refuseKnown } from './join-render';
import type { Caller, Ports } from './ports';
import { claimKey, resolveOrder } from './resolve-order';
import { storedTask, taskOfView } from './tasks';
import { checkWebhook } from './webhook';

/**
 * The whole story: an order becomes canonical requests, and each is either stored already or rendered once.
 * Mode `wait` answers with tasks that have ended, the others with tasks as they stand.
 * @throws Fault `wait_exceeded` naming the task that goes on; what the account refuses.
 */
export async function createImages(ports: Ports, caller: Caller, order: Order): Promise<Task[]> {
  if (order.webhook !== null) checkWebhook(ports, order.webhook);
  const { requests, digest, drawn } = await resolveOrder(ports, caller, order);
  await claimKey(ports, caller, order, digest);
  const found = await Promise.all(requests.map((request) => findImage(ports, caller, order, request)));
  const wanted = found.filter((image): image is Wanted => image.task === null);
  const share = { id: ports.drawNonce(), pictures: wanted.length };
  refuseKnown(
    ports,
    wanted.map((image) => askingOf(ports, caller, image, share)),
  );
  const hits = found.map(({ task }) => task).filter((task) => task !== null);
  const begin = () => beginImages(ports, caller, { order, found, share, drawn });
  if (wanted.length === 0) await chargeHits(ports, caller, hits);
  const started = wanted.length === 0 ? await begin() : await chargeHitsWith(ports, caller, hits, begin);
  if (order.mode !== 'wait') return started;
  const deadline = ports.now() + (order.waitSeconds ?? ports.waitSeconds) * 1000;
  const ended = await Promise.all(started.map((task) => finishImage(ports, caller, { order, task, deadline })));
  caller.noteCharge?.(chargedFor(found, ended));
  return ended;
}

/** What an order's purchases cost its account, as far as that is known: nothing where it brought the vendor's key. */
function chargedFor(found: readonly Found[], tasks: readonly Task[]): number {
  const micros = tasks.map(({ source, status, cost }, index) => {
    const image = found[index];
    const bringsKey = image?.task === null && image.buying.plan.sealedKey !== null;
    if (source !== 'bought' || bringsKey) return 0;
    // A vendor that does not say what a picture cost is presumed to have taken its price.
    return cost.actualMicros ?? (status === 'ready' ? cost.quotedMicros : 0);
  });
  return micros.reduce((sum, each) => sum + each, 0);
}

async function findImage(ports: Ports, caller: Caller, order: Order, request: ImageRequest): Promise<Found> {
  const print = await fingerprint(request);
  const handle = await handleFor(ports, caller, { order, request, print });
  const task = await storedTask(ports, caller.origin, { handle, request, wantsBytes: order.wantsBytes });
  if (task !== null) return { handle, request, changes: [], task };
  if (caller.key !== null) refuseBeyondKey(caller.key, request);
  const buying = await chooseBuying(ports, caller, request);
  const { changes } = buying.choice;
  if (changes.length === 0) return { handle, request, changes, task, buying };
  return { ...(await findImage(ports, caller, order, buying.choice.request)), changes };
}

async function finishImage(
  ports: Ports,
  caller: Caller,
  { order, task, deadline }: { order: Order; task: Task; deadline: number },
): Promise<Task> {
  if (isEnded(task.status)) return task;
  const handle = await ports.taskIds.open(task.id);
  if (handle === null) throw new Error('A task id of our own making could not be read.');
  const view = await ports.renders.wait(handle, Math.max(0, deadline - ports.now()));
  const { id, request, cost } = task;
  const { wantsBytes } = order;
  const stored = view === null ? await storedTask(ports, caller.origin, { handle, request, wantsBytes }) : null;
  if (stored !== null) return { ...stored, id, changes: task.changes };
  const ended = await taskOfView(ports, caller.origin, {
    id,
    handle,
    request,
    quotedMicros: cost.quotedMicros,
    view,
    wantsBytes,
  });
  if (isEnded(ended.status) || order.answersWith === 'task') return { ...ended, changes: task.changes };
  throw new Fault(
    'wait_exceeded',
    `The picture is still being made, as task ${id}. The same request again joins the same render.`,
    {
      retryAfterSeconds: 5,
      taskId: id,
    },
  );
}

async function handleFor(
  ports: Ports,
  caller: Caller,
  { order, request, print }: { order: Order; request: ImageRequest; print: string },
): Promise<TaskHandle> {
  const rendition = deliveredRendition(request, order.format, order.quality);
  return {
    fingerprint: print,
    accountTag: await accountTag(caller.account.id),
    generation: 0,
    createdAt: ports.now(),
    source: 'hit',
    format: rendition.format,
    quality: rendition.quality,
    ...(order.wantsBytes ? { wantsBytes: true } : {}),
    size: { width: request.width, height: request.height },
    nonce: ports.drawNonce(),
  };
}
