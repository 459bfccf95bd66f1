import type { Context } from 'hono';
import type { Account } from '../accounts/account';
import { balanceOf } from '../accounts/balance';
import { orderingKey } from '../accounts/development-key';
import type { Balance } from '../core/balance';
import type { CreateOperation, Dialect, ListOperation, Operation, TaskOperation, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isEnded, type Task } from '../core/task';
import { createImages } from '../pipeline/create-images';
import { listTasks } from '../pipeline/list-tasks';
import type { Caller, Ports } from '../pipeline/ports';
import { withSourceSet } from '../pipeline/source-set';
import { cancelTask, readTask, withTemporaryUrls } from '../pipeline/tasks';
import { findUpload, promiseUpload, takeUpload } from '../pipeline/uploads';
import type { FrontEnv } from './front';
import { readPreference } from './preference';
import { noteCharge, noteTasks } from './request-log';
import { answer, notesHeader, taskHeaders } from './respond';
import { streamCreated, streamTask } from './stream';
import { wishedTasks } from './wished-tasks';

type FrontContext = Context<FrontEnv>;

/** One request, authenticated and read. */
export interface Serving<Kind extends Operation = Operation> {
  readonly dialect: Dialect;
  readonly operation: Kind;
  readonly wire: WireRequest;
  readonly account: Account | null;
}

/** Does what an operation is for, and answers in its dialect. */
export async function serveOperation(c: FrontContext, serving: Serving): Promise<Response> {
  const { operation, wire, account } = serving;
  const { ports, catalogue } = c.get('front');
  const { origin } = wire;
  switch (operation.kind) {
    case 'create':
      return await serveCreate(c, { ...serving, operation });
    case 'read':
    case 'cancel':
    case 'watch':
      return await serveTask(c, { ...serving, operation });
    case 'list':
      return answer(c, operation.encode(await pageFor(ports, operation, { wire, account }), wire));
    case 'catalogue':
      return answer(c, operation.encode(catalogue, wire));
    case 'balance':
      operation.check?.(wire);
      return answer(c, operation.encode(await readBalance(c, account), wire));
    case 'upload':
      return answer(c, operation.encode(await takeUpload(ports, origin, operation.decode(wire)), wire));
    case 'upload-promise':
      return answer(c, operation.encode(await promiseUpload(ports, origin, operation.decode(wire).contentType), wire));
    case 'upload-read':
      return answer(c, operation.encode(await findUpload(ports, origin, operation.uploadId(wire)), wire));
    case 'webhook-key':
      return answer(c, operation.encode(await webhookKeys(c, account), wire));
  }
}

async function serveCreate(
  c: FrontContext,
  { dialect, operation, wire, account }: Serving<CreateOperation>,
): Promise<Response> {
  if (account === null) throw new Fault('unauthenticated', 'An API key is needed, and the request has none.');
  const order = operation.decode(wire);
  const { origin } = wire;
  const preference = readPreference(wire.headers);
  const caller: Caller = {
    account,
    key: orderingKey(c.get('holder')),
    origin,
    preference,
    dialect: dialect.id,
    defer: (work) => c.executionCtx.waitUntil(work),
    noteCharge: (micros) => noteCharge(c.get('facts'), micros),
  };
  const { ports } = c.get('front');
  const tasks = await createImages(ports, caller, order);
  noteTasks(c.get('facts'), tasks);
  const created = { wire, order, tasks, requestId: c.get('requestId') };
  if (order.mode === 'stream') return streamCreated(c, { dialect, operation, caller, created });
  if (order.mode === 'wait' && order.answersWith === 'picture') throwFirstFault(tasks);
  const wanted = operation.wantsTemporaryUrls ? await withTemporaryUrls(ports, tasks) : tasks;
  return answer(c, operation.encode({ ...created, tasks: wanted }), {
    ...taskHeaders(tasks),
    ...notesHeader([...order.notes, ...tasks.flatMap(({ changes }) => changes)]),
  });
}

async function serveTask(
  c: FrontContext,
  { dialect, operation, wire, account }: Serving<TaskOperation>,
): Promise<Response> {
  const { ports } = c.get('front');
  const reader = { origin: wire.origin, account };
  const id = operation.taskId(wire);
  if (operation.kind === 'watch') return await streamTask(c, { dialect, operation, wire, reader, id });
  const task = await (operation.kind === 'cancel' ? cancelTask : readTask)(ports, reader, id);
  noteTasks(c.get('facts'), [task]);
  const told = operation.wantsSourceSets ? await withSourceSet(ports, wire.origin, task) : task;
  const [wanted = told] = operation.wantsTemporaryUrls ? await withTemporaryUrls(ports, [told]) : [];
  return answer(c, operation.encode({ wire, task: wanted, requestId: c.get('requestId') }), taskHeaders([task]));
}

async function pageFor(ports: Ports, operation: ListOperation, { wire, account }: Pick<Serving, 'wire' | 'account'>) {
  const reader = { origin: wire.origin, account };
  const cursor = operation.cursor(wire);
  const wish = operation.wish?.(wire);
  return wish === undefined
    ? await listTasks(ports, reader, cursor)
    : await wishedTasks(ports, reader, { wish, cursor });
}

/** A caller that waits for pictures gets the fault of one that failed; one that asked for tasks reads it there. */
function throwFirstFault(tasks: readonly Task[]): void {
  const failed = tasks.find((task) => isEnded(task.status) && task.fault !== null);
  if (failed?.fault) throw failed.fault;
}

async function readBalance(c: FrontContext, account: Account | null): Promise<Balance> {
  if (account === null) throw new Fault('unauthenticated', 'An API key is needed, and the request has none.');
  return balanceOf(account, await c.var.front.accounts.standing(account.id), Date.now());
}

async function webhookKeys(c: FrontContext, account: Account | null) {
  const { signatures } = c.var.front;
  const secret = account === null ? null : await signatures.webhookSecret(account.id);
  return { secret, publicKeys: (await signatures.falPublicKeys()).map((key) => ({ ...key })) };
}
