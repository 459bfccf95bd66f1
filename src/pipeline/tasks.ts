import { Fault } from '../core/fault';
import type { ImageRequest } from '../core/image-request';
import { megapixelsOf } from '../core/price';
import { contentTypes } from '../core/rendition';
import { isEnded, type Picture, type Task } from '../core/task';
import { accountTag, renditionOf, type TaskHandle } from '../core/task-id';
import type { RenderView } from '../renders/render-view';
import { type PictureFacts, publicNamespace } from '../storage/recipe';
import type { Caller, Ports } from './ports';

/**
 * The task of a picture that is stored; null when it is not. One read: of the facts, or of the bytes where they are
 * wanted.
 */
export async function storedTask(
  ports: Ports,
  origin: string,
  { handle, request, wantsBytes }: { handle: TaskHandle; request: ImageRequest; wantsBytes: boolean },
): Promise<Task | null> {
  const rendition = renditionOf(handle);
  const opened = wantsBytes ? await ports.pictures.open(handle.fingerprint, rendition) : null;
  const facts = wantsBytes ? (opened?.facts ?? null) : await ports.pictures.facts(handle.fingerprint);
  if (facts === null) return null;
  const id = await ports.taskIds.seal(handle);
  const picture = await pictureOf(ports, origin, { handle, request, facts });
  const open = opened === null ? null : async () => opened.body;
  return taskOfFacts({ id, handle, request, facts, picture: { ...picture, open } });
}

/** The task of a render under way, or of one that has ended. */
export async function taskOfView(
  ports: Ports,
  origin: string,
  seen: {
    readonly id: string;
    readonly handle: TaskHandle;
    readonly request: ImageRequest;
    readonly quotedMicros: number;
    readonly view: RenderView | null;
    readonly wantsBytes: boolean;
  },
): Promise<Task> {
  const { id, handle, request, quotedMicros, view, wantsBytes } = seen;
  const isReady = view?.status === 'ready';
  const facts = isReady ? (view.facts ?? (await ports.pictures.facts(handle.fingerprint))) : null;
  const picture = isReady ? await pictureOf(ports, origin, { handle, request, facts }) : null;
  const open = wantsBytes ? () => openBytes(ports, handle) : null;
  return {
    ...baseOf(id, handle, request),
    status: view?.status ?? 'queued',
    progress: view?.progress ?? 0,
    startedAt: view?.startedAt ?? null,
    endedAt: view?.endedAt ?? null,
    provider: view?.provider ?? null,
    cost: { quotedMicros, actualMicros: view?.actualMicros ?? null, megapixels: megapixelsOf(request) },
    picture: picture === null ? null : { ...picture, open },
    fault: view === null || view.fault === null ? null : Fault.fromRecord(view.fault),
  };
}

/**
 * The task behind an id, as it stands now.
 * @throws Fault `task_not_found` when the id is not one of ours, belongs to another account, or is forgotten.
 */
export async function readTask(ports: Ports, caller: TaskReader, id: string): Promise<Task> {
  const handle = await openHandle(ports, caller, id);
  const task = await currentTask(ports, caller.origin, { id, handle });
  if (caller.account === null && task.request.namespace !== publicNamespace) throw taskNotFound();
  return task;
}

/** As {@link readTask}, for ourselves: whoever is told was asked for by the task's own account. */
export async function currentTask(
  ports: Ports,
  origin: string,
  { id, handle }: { id: string; handle: TaskHandle },
): Promise<Task> {
  const view = handle.generation === 0 ? null : await ports.renders.view(handle);
  return await taskOrStored(ports, origin, { id, handle, view });
}

/** Asks to stop a task, and tells how it stands then. A task that has ended stays as it is. */
export async function cancelTask(ports: Ports, caller: TaskReader, id: string): Promise<Task> {
  const handle = await openHandle(ports, caller, id);
  // Whether an id is proof enough, the picture's namespace decides.
  if (caller.account === null) await readTask(ports, caller, id);
  const view = handle.generation === 0 ? null : await ports.renders.cancel(handle);
  return await taskOrStored(ports, caller.origin, { id, handle, view });
}

/** Every change of a task from now on, the first at once; ends with the task. */
export async function* watchTask(
  ports: Ports,
  caller: TaskReader,
  id: string,
  wantsBytes = false,
): AsyncGenerator<Task> {
  const handle = await openHandle(ports, caller, id);
  let last = await readTask(ports, caller, id);
  if (isEnded(last.status)) return yield wantsBytes ? withBytes(ports, handle, last) : last;
  for await (const view of viewsOf(await ports.renders.watch(handle))) {
    last = await taskOfView(ports, caller.origin, {
      id,
      handle,
      request: view.request,
      quotedMicros: view.quotedMicros,
      view,
      wantsBytes,
    });
    yield last;
  }
  if (isEnded(last.status)) return;
  const task = await readTask(ports, caller, id);
  yield wantsBytes ? withBytes(ports, handle, task) : task;
}

/** Who may read: an account, or whoever holds the id (null) where an API polls without a key, of public pictures. */
export type TaskReader = Pick<Caller, 'origin'> & { readonly account: Caller['account'] | null };

async function taskOrStored(
  ports: Ports,
  origin: string,
  { id, handle, view }: { id: string; handle: TaskHandle; view: RenderView | null },
): Promise<Task> {
  if (view !== null && view.status !== 'ready') {
    const { request, quotedMicros } = view;
    return await taskOfView(ports, origin, { id, handle, request, quotedMicros, view, wantsBytes: false });
  }
  const recipe = await ports.pictures.recipe(handle.fingerprint);
  if (recipe === null) throw taskNotFound();
  const request = { ...recipe.request, ...handle.size };
  const picture = await pictureOf(ports, origin, { handle, request, facts: recipe.facts });
  const stored = taskOfFacts({ id, handle, request, facts: recipe.facts, picture });
  return handle.wantsBytes === true ? withBytes(ports, handle, stored) : stored;
}

async function openHandle(ports: Ports, caller: TaskReader, id: string): Promise<TaskHandle> {
  const handle = await ports.taskIds.open(id);
  if (handle === null) throw taskNotFound();
  if (caller.account !== null && handle.accountTag !== (await accountTag(caller.account.id))) throw taskNotFound();
  return handle;
}

function taskOfFacts(known: {
  readonly id: string;
  readonly handle: TaskHandle;
  readonly request: ImageRequest;
  readonly facts: PictureFacts;
  readonly picture: Picture;
}): Task {
  const { id, handle, request, facts, picture } = known;
  const megapixels = { input: facts.inputMegapixels, output: facts.outputMegapixels };
  return {
    ...baseOf(id, handle, request),
    status: 'ready',
    progress: 1,
    startedAt: Math.max(facts.startedAt, handle.generation === 0 ? handle.createdAt : 0),
    endedAt: Math.max(facts.endedAt, handle.generation === 0 ? handle.createdAt : 0),
    provider: facts.provider,
    cost: { quotedMicros: facts.quotedMicros, actualMicros: facts.actualMicros, megapixels },
    picture,
    fault: null,
  };
}

function baseOf(id: string, handle: TaskHandle, request: ImageRequest) {
  const { fingerprint, source, createdAt } = handle;
  return { id, fingerprint, source, createdAt, request, rendition: renditionOf(handle), changes: [] };
}

async function pictureOf(
  ports: Ports,
  origin: string,
  { handle, request, facts }: { handle: TaskHandle; request: ImageRequest; facts: PictureFacts | null },
): Promise<Picture> {
  const named = { fingerprint: handle.fingerprint, namespace: request.namespace };
  const [url, recipeUrl] = await Promise.all([
    ports.pictureUrl(origin, named, renditionOf(handle)),
    ports.recipeUrl(origin, named),
  ]);
  const { thumbhash, color, determinism = 'unverified' } = facts ?? {};
  const glimpse = thumbhash === undefined || color === undefined ? null : { thumbhash, color };
  const contentType = contentTypes[handle.format];
  return { url, recipeUrl, contentType, ...handle.size, glimpse, determinism, open: null };
}

/** The same tasks, their pictures with a URL that expires beside the lasting one. */
export async function withTemporaryUrls(ports: Ports, tasks: readonly Task[]): Promise<Task[]> {
  return await Promise.all(
    tasks.map(async (task) => {
      if (task.picture === null) return task;
      return { ...task, picture: { ...task.picture, temporaryUrl: await ports.temporaryUrl(task.picture.url) } };
    }),
  );
}

async function openBytes(ports: Ports, handle: TaskHandle): Promise<ReadableStream<Uint8Array>> {
  const opened = await ports.pictures.open(handle.fingerprint, renditionOf(handle));
  if (opened === null) throw taskNotFound();
  return opened.body;
}

function withBytes(ports: Ports, handle: TaskHandle, task: Task): Task {
  return task.picture === null ? task : { ...task, picture: { ...task.picture, open: () => openBytes(ports, handle) } };
}

async function* viewsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<RenderView> {
  let rest = '';
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as RenderView;
  }
}

function taskNotFound(): Fault {
  return new Fault('task_not_found', 'There is no such task: the id is unknown, expired, or belongs to another key.');
}
