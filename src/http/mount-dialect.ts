import { type Context, Hono } from 'hono';
import type { Account } from '../accounts/account';
import type { CreateOperation, Dialect, Operation, TaskOperation, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isEnded, type Task } from '../core/task';
import { createImages } from '../pipeline/create-images';
import type { Caller } from '../pipeline/ports';
import { cancelTask, readTask } from '../pipeline/tasks';
import { authenticate } from './authenticate';
import type { FrontEnv } from './front';
import { readBody } from './read-body';
import { answer, answerFault, taskHeaders } from './respond';
import { streamCreated, streamTask } from './stream';

type FrontContext = Context<FrontEnv>;

/** An app that answers in one dialect: its routes, its refusals of other methods, its errors. */
export function mountDialect(dialect: Dialect): Hono<FrontEnv> {
  const app = new Hono<FrontEnv>();
  for (const operation of dialect.operations) {
    app.on(operation.method, operation.path, (c) => serve(c, dialect, operation));
  }
  for (const [path, methods] of methodsByPath(dialect.operations)) {
    app.all(path, () => {
      throw new Fault('method_not_allowed', `This path takes ${methods.join(', ')}.`, { allow: methods });
    });
  }
  app.onError((thrown, c) => answerFault(c, dialect, thrown));
  return app;
}

async function serve(c: FrontContext, dialect: Dialect, operation: Operation): Promise<Response> {
  const { origin } = new URL(c.req.url);
  const { keyRing } = c.var.front;
  const account = await authenticate(keyRing, { dialect, operation, headers: c.req.raw.headers, origin });
  const wire = await readWire(c, operation, origin);
  switch (operation.kind) {
    case 'create':
      return await serveCreate(c, { dialect, operation, wire, account: known(account) });
    case 'read':
    case 'cancel':
    case 'watch':
      return await serveTask(c, { dialect, operation, wire, account });
    case 'catalogue':
      return answer(c, operation.encode(c.var.front.catalogue, wire));
    case 'balance':
      return answer(c, operation.encode(null, wire));
    case 'upload':
      throw new Fault('not_found', 'Uploads are not taken here.');
  }
}

interface Serving<Kind extends Operation> {
  readonly dialect: Dialect;
  readonly operation: Kind;
  readonly wire: WireRequest;
}

async function serveCreate(
  c: FrontContext,
  { dialect, operation, wire, account }: Serving<CreateOperation> & { account: Account },
): Promise<Response> {
  const order = operation.decode(wire);
  const { ports } = c.var.front;
  const caller = callerOf(c, dialect, { account, origin: wire.origin });
  const tasks = await createImages(ports, caller, order);
  const created = { wire, order, tasks, requestId: c.var.requestId };
  if (order.mode === 'stream') return streamCreated(c, { dialect, operation, caller, created });
  throwFirstFault(tasks, order.mode);
  return answer(c, operation.encode(created), { ...taskHeaders(tasks), ...notesHeader(order.notes) });
}

async function serveTask(
  c: FrontContext,
  { dialect, operation, wire, account }: Serving<TaskOperation> & { account: Account | null },
): Promise<Response> {
  const { ports } = c.var.front;
  const reader = { origin: wire.origin, account };
  const id = operation.taskId(wire);
  if (operation.kind === 'watch') return await streamTask(c, { dialect, operation, wire, reader, id });
  const task = await (operation.kind === 'cancel' ? cancelTask : readTask)(ports, reader, id);
  return answer(c, operation.encode({ wire, task, requestId: c.var.requestId }), taskHeaders([task]));
}

/** A waiting caller gets the fault of a picture that failed; an asynchronous one reads it from the task. */
function throwFirstFault(tasks: readonly Task[], mode: string): void {
  const failed = tasks.find((task) => isEnded(task.status) && task.fault !== null);
  if (mode === 'wait' && failed?.fault) throw failed.fault;
}

async function readWire(c: FrontContext, operation: Operation, origin: string): Promise<WireRequest> {
  const { req } = c;
  const takesBody = operation.kind === 'create' || operation.kind === 'upload';
  return {
    method: req.method,
    origin,
    path: req.path,
    params: req.param(),
    query: new URL(req.url).searchParams,
    headers: req.raw.headers,
    body: takesBody ? await readBody(req.raw, operation.accepts) : { kind: 'none' },
  };
}

function callerOf(c: FrontContext, dialect: Dialect, who: { account: Account; origin: string }): Caller {
  return { ...who, dialect: dialect.id, defer: (work) => c.executionCtx.waitUntil(work) };
}

function known(account: Account | null): Account {
  if (account === null) throw new Fault('unauthenticated', 'An API key is needed, and the request has none.');
  return account;
}

function notesHeader(notes: readonly string[]): Record<string, string> {
  return notes.length === 0 ? {} : { 'x-fluxgate-notes': notes.join('; ') };
}

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of operations) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}
