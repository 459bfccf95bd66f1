import { canonicalise, seedsOf } from '../core/canonicalise';
import { Fault } from '../core/fault';
import { fingerprint } from '../core/fingerprint';
import { type ImageRequest, limits } from '../core/image-request';
import type { Order, ReferenceSource } from '../core/order';
import { deliveredRendition } from '../core/rendition';
import { isEnded, type Task, type TaskSource } from '../core/task';
import { accountTag, type TaskHandle } from '../core/task-id';
import type { JoinAnswer } from '../renders/render-ports';
import { chooseBuying } from './choose-buying';
import { ownPictures } from './own-pictures';
import type { Caller, Ports } from './ports';
import { storedTask, taskOfView } from './tasks';
import { checkWebhook, requestWebhook } from './webhook';

/**
 * The whole story: an order becomes canonical requests, and each is either stored already or rendered once.
 * Mode `wait` answers with tasks that have ended, the others with tasks as they stand.
 * @throws Fault `wait_exceeded` naming the task that goes on.
 */
export async function createImages(ports: Ports, caller: Caller, order: Order): Promise<Task[]> {
  if (order.webhook !== null) checkWebhook(ports, order.webhook);
  const requests = await resolveOrder(ports, caller, order);
  const started = await Promise.all(requests.map((request) => startImage(ports, caller, order, request)));
  if (order.mode !== 'wait') return started;
  const deadline = ports.now() + (order.waitSeconds ?? ports.waitSeconds) * 1000;
  return await Promise.all(started.map((task) => finishImage(ports, caller, { order, task, deadline })));
}

/** The canonical requests of an order: references taken in, seed drawn, one request for each picture. */
export async function resolveOrder(ports: Ports, caller: Caller, order: Order): Promise<ImageRequest[]> {
  const { picture, count } = order;
  refuseTooMany(picture.references);
  const own = ownPictures(ports, caller.origin);
  const references = await Promise.all(picture.references.map((source) => ports.admitReference(source, own)));
  const seeds = seedsOf(picture.seed ?? (await unaskedSeed(ports, caller)), count);
  return seeds.map((seed) => canonicalise(picture, { namespace: caller.account.namespace, references, seed }));
}

/** The same order under the same idempotency key is the same picture, however often it is sent. */
async function unaskedSeed(ports: Ports, { account, preference }: Caller): Promise<number> {
  const { idempotencyKey } = preference;
  return idempotencyKey === null ? ports.drawSeed() : await ports.seedOfKey(account.id, idempotencyKey);
}

/** Before any of them is fetched. */
function refuseTooMany(references: readonly ReferenceSource[]): void {
  const first = references[limits.references];
  if (first !== undefined) throw Fault.ofField(first.field, `expected at most ${limits.references} references.`);
}

async function startImage(ports: Ports, caller: Caller, order: Order, request: ImageRequest): Promise<Task> {
  const print = await fingerprint(request);
  const handle = await handleFor(ports, caller, { order, request, print });
  const hit = await storedTask(ports, caller.origin, { handle, request, wantsBytes: order.wantsBytes });
  if (hit !== null) return await answerHit(ports, caller, { order, handle, task: hit });
  const { choice, plan } = await chooseBuying(ports, caller, request);
  if (choice.changes.length > 0) {
    const nearest = await startImage(ports, caller, order, choice.request);
    return { ...nearest, changes: choice.changes };
  }
  const quotedMicros = choice.offer.priceMicros;
  const buyer = { accountId: caller.account.id, dialect: caller.dialect, nonce: handle.nonce, quotedMicros };
  const joined = await ports.renders.join({ fingerprint: print, request, buyer, plan, handle });
  return await answerJoin(ports, caller, { order, handle, request, joined, quotedMicros });
}

/** Stored already: nothing is bought, and nothing is written before the answer. */
async function answerHit(
  ports: Ports,
  caller: Caller,
  { order, handle, task }: { order: Order; handle: TaskHandle; task: Task },
): Promise<Task> {
  countSaving(ports, caller, 'hit', task.cost.quotedMicros);
  if (order.webhook !== null) await requestWebhook(ports, caller, { webhook: order.webhook, handle, taskId: task.id });
  return task;
}

async function answerJoin(
  ports: Ports,
  caller: Caller,
  joining: { order: Order; handle: TaskHandle; request: ImageRequest; joined: JoinAnswer; quotedMicros: number },
): Promise<Task> {
  const { order, request, joined, quotedMicros } = joining;
  if (joined.kind === 'stored') {
    const task = await storedTask(ports, caller.origin, {
      handle: joining.handle,
      request,
      wantsBytes: order.wantsBytes,
    });
    if (task === null) throw new Fault('unavailable', 'The picture was removed just now.', { retryAfterSeconds: 1 });
    return await answerHit(ports, caller, { order, handle: joining.handle, task });
  }
  if (joined.kind === 'joined') countSaving(ports, caller, 'joined', quotedMicros);
  const handle = { ...joining.handle, generation: joined.generation, source: joined.kind };
  const id = await ports.taskIds.seal(handle);
  if (order.webhook !== null) await requestWebhook(ports, caller, { webhook: order.webhook, handle, taskId: id });
  return await taskOfView(ports, caller.origin, { id, handle, request, quotedMicros, view: null, wantsBytes: false });
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

function countSaving(ports: Ports, caller: Caller, kind: Exclude<TaskSource, 'bought'>, savedMicros: number): void {
  ports.count({ accountId: caller.account.id, dialect: caller.dialect, kind, savedMicros }, caller.defer);
}
