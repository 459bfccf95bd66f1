import { Fault } from '../core/fault';
import type { ImageRequest } from '../core/image-request';
import type { Order } from '../core/order';
import type { DrawnSeed, OrderShare } from '../core/spending';
import type { Task } from '../core/task';
import type { TaskHandle } from '../core/task-id';
import type { JoinAnswer } from '../renders/render-ports';
import { chargeHits, chargeWhatCanBe } from './charge-hits';
import type { Buying } from './choose-buying';
import { askingOf, joinRender } from './join-render';
import type { Caller, Ports } from './ports';
import { storedTask, taskOfView } from './tasks';
import { requestWebhook } from './webhook';

interface Handled {
  readonly handle: TaskHandle;
  readonly request: ImageRequest;
  readonly changes: readonly string[];
}
/** A picture of an order that is to be bought, and how. */
export type Wanted = Handled & { readonly task: null; readonly buying: Buying };
/** A picture of an order: its task where it is stored, or else how it would be bought. */
export type Found = (Handled & { readonly task: Task }) | Wanted;

interface Beginning {
  readonly order: Order;
  readonly found: readonly Found[];
  /** For all pictures that are not stored. */
  readonly share: OrderShare;
  readonly drawn: DrawnSeed | null;
}

/** A picture of an order that has begun. */
interface Begun {
  readonly task: Task;
  /** How it came to be made; null where it was stored before. */
  readonly kind: JoinAnswer['kind'] | null;
}

/**
 * Begins all pictures of an order, in their order. What others have made already comes first: it costs the price of a
 * hit at most, and the account is asked for purchases of the rest alone. Where one is refused, nobody is told of the
 * others: those that it joined are left.
 */
export async function beginImages(ports: Ports, caller: Caller, beginning: Beginning): Promise<Task[]> {
  const { order, found, share, drawn } = beginning;
  const others = await madeByOthers(ports, found);
  const start = (image: Found, pictures: number) => {
    const own = { order, image, share: { ...share, pictures }, drawn: image === found[0] ? drawn : null };
    return startImage(ports, caller, own);
  };
  const joins = await settledAll(others, (image) => start(image, share.pictures));
  const isRefused = [...joins.values()].some(({ status }) => status === 'rejected');
  // What ended in this moment is bought after all, or stored.
  const ended = [...joins.values()].filter((result) => result.status === 'fulfilled' && result.value.kind === 'bought');
  const left = found.filter((image) => !joins.has(image));
  const pictures = share.pictures - others.length + ended.length;
  const rest = isRefused ? new Map() : await settledAll(left, (image) => start(image, pictures));
  return await allOrNone(ports, caller, { order, found, results: new Map([...joins, ...rest]) });
}

type Results = Map<Found, PromiseSettledResult<Begun>>;

async function settledAll(images: readonly Found[], start: (image: Found) => Promise<Begun>): Promise<Results> {
  const settled = await Promise.allSettled(images.map(start));
  return new Map(settled.map((result, index) => [images[index] as Found, result]));
}

/** Those of several that somebody has made at this moment. */
async function madeByOthers({ renders }: Ports, found: readonly Found[]): Promise<Found[]> {
  const wanted = found.filter(({ task }) => task === null);
  if (wanted.length < 2) return [];
  const isMade = await Promise.all(wanted.map(({ handle }) => renders.isUnderWay(handle.fingerprint, null)));
  return wanted.filter((_, index) => isMade[index]);
}

interface Ended {
  readonly order: Order;
  readonly found: readonly Found[];
  readonly results: Results;
}

async function allOrNone(ports: Ports, caller: Caller, { order, found, results }: Ended): Promise<Task[]> {
  const all = [...results.values()];
  const failure = all.find((result) => result.status === 'rejected');
  const begun = all.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (failure === undefined) {
    await answerLate(ports, caller, { order, found, results });
    return found.flatMap((image) => begunOf(results, image)?.task ?? []);
  }
  for (const { task, kind } of begun) {
    const handle = kind === 'joined' ? await ports.taskIds.open(task.id) : null;
    if (handle !== null) await ports.renders.cancel(handle).catch(() => null);
  }
  throw failure.reason;
}

/** What was stored in this moment is paid for like any hit, and told of. */
async function answerLate(ports: Ports, caller: Caller, { order, found, results }: Ended): Promise<void> {
  const late = found.filter((image) => begunOf(results, image)?.kind === 'stored');
  const hits = late.flatMap((image) => begunOf(results, image)?.task ?? []);
  // The others are being made: what cannot be paid in this moment is not asked of their order.
  await (found.length > 1 ? chargeWhatCanBe(ports, caller, hits) : chargeHits(ports, caller, hits));
  for (const [index, task] of hits.entries()) {
    const handle = late[index]?.handle;
    if (handle !== undefined) await answerHit(ports, caller, { order, handle, task });
  }
}

function begunOf(results: Results, image: Found): Begun | null {
  const result = results.get(image);
  return result?.status === 'fulfilled' ? result.value : null;
}

interface Starting {
  readonly order: Order;
  readonly image: Found;
  readonly share: OrderShare;
  readonly drawn: DrawnSeed | null;
}

async function startImage(ports: Ports, caller: Caller, { order, image, share, drawn }: Starting): Promise<Begun> {
  const { handle, request, changes, task } = image;
  if (task !== null)
    return { task: { ...(await answerHit(ports, caller, { order, handle, task })), changes }, kind: null };
  const asking = askingOf(ports, caller, image, share);
  const joined = await joinRender(ports, caller, { asking, handle, request, plan: image.buying.plan, drawn });
  const begun = await answerJoin(ports, caller, {
    ...{ order, handle, request, joined },
    quotedMicros: asking.quotedMicros,
  });
  return { task: { ...begun, changes }, kind: joined.kind };
}

/** Stored already, and paid for: nothing is bought, and nothing is written before the answer. */
async function answerHit(
  ports: Ports,
  caller: Caller,
  { order, handle, task }: { order: Order; handle: TaskHandle; task: Task },
): Promise<Task> {
  if (order.webhook !== null) await requestWebhook(ports, caller, { webhook: order.webhook, handle, taskId: task.id });
  return task;
}

async function answerJoin(
  ports: Ports,
  caller: Caller,
  joining: { order: Order; handle: TaskHandle; request: ImageRequest; joined: JoinAnswer; quotedMicros: number },
): Promise<Task> {
  const { order, request, joined, quotedMicros } = joining;
  if ('fault' in joined) throw Fault.fromRecord(joined.fault);
  if (joined.kind === 'stored') {
    const stored = { handle: joining.handle, request, wantsBytes: order.wantsBytes };
    const task = await storedTask(ports, caller.origin, stored);
    if (task === null) throw new Fault('unavailable', 'The picture was removed just now.', { retryAfterSeconds: 1 });
    return task;
  }
  const handle = { ...joining.handle, generation: joined.generation, source: joined.kind };
  const id = await ports.taskIds.seal(handle);
  if (order.webhook !== null) await requestWebhook(ports, caller, { webhook: order.webhook, handle, taskId: id });
  return await taskOfView(ports, caller.origin, { id, handle, request, quotedMicros, view: null, wantsBytes: false });
}
