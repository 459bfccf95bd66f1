import type { Context } from 'hono';
import type { CreateAnswer, CreateOperation, Dialect, TaskOperation, WireEvent, WireRequest } from '../core/dialect';
import { type Fault, toFault } from '../core/fault';
import { isEnded, lastSequence, sequenceOf, type Task } from '../core/task';
import type { Caller } from '../pipeline/ports';
import { withSourceSet } from '../pipeline/source-set';
import { readTask, type TaskReader, watchTask } from '../pipeline/tasks';
import { byteStream } from './byte-stream';
import type { FrontEnv } from './front';
import { withHeartbeat } from './heartbeat';
import { notesHeader, taskHeaders } from './respond';
import { eventText } from './wire-json';

const heartbeatMs = 15_000;

/** Streams an order's pictures as they are made, one after the other. */
export function streamCreated(
  c: Context<FrontEnv>,
  streaming: { dialect: Dialect; operation: CreateOperation; caller: Caller; created: CreateAnswer },
): Response {
  const { tasks, order } = streaming.created;
  return eventStream(createdEvents(c, streaming), { ...taskHeaders(tasks), ...notesHeader(order.notes) });
}

/** Streams one task's changes. A client that has seen the end is told not to come back. */
export async function streamTask(
  c: Context<FrontEnv>,
  watching: { dialect: Dialect; operation: TaskOperation; wire: WireRequest; reader: TaskReader; id: string },
): Promise<Response> {
  const seen = Number(watching.wire.headers.get('last-event-id') ?? Number.NaN);
  const first = await readTask(c.var.front.ports, watching.reader, watching.id);
  if (seen >= lastSequence) return new Response(null, { status: 204 });
  const { operation, wire } = watching;
  const { headers } = operation.encode({ wire, task: first, requestId: c.var.requestId });
  return eventStream(taskEvents(c, { ...watching, seen }), { ...taskHeaders([first]), ...headers });
}

async function* createdEvents(
  c: Context<FrontEnv>,
  {
    dialect,
    operation,
    caller,
    created,
  }: { dialect: Dialect; operation: CreateOperation; caller: Caller; created: CreateAnswer },
): AsyncGenerator<WireEvent> {
  try {
    for (const task of created.tasks) {
      for await (const change of changesOf(c, caller, task)) {
        if (change.fault !== null && isEnded(change.status)) throw change.fault;
        yield* operation.stream?.(created, change) ?? [];
      }
    }
    yield* operation.streamEnd ?? [];
  } catch (thrown) {
    const fault = loggedFault(thrown);
    yield* operation.streamFault?.(created, fault) ?? [faultEvent(c, dialect, fault)];
  }
}

async function* changesOf(c: Context<FrontEnv>, caller: Caller, task: Task): AsyncGenerator<Task> {
  if (isEnded(task.status)) yield task;
  else yield* watchTask(c.var.front.ports, caller, task.id, true);
}

async function* taskEvents(
  c: Context<FrontEnv>,
  watching: {
    dialect: Dialect;
    operation: TaskOperation;
    wire: WireRequest;
    reader: TaskReader;
    id: string;
    seen: number;
  },
): AsyncGenerator<WireEvent> {
  const { dialect, operation, wire, reader, id, seen } = watching;
  const { requestId, front } = c.var;
  let previous: Task | null = null;
  try {
    for await (const change of watchTask(front.ports, reader, id)) {
      const task = operation.wantsSourceSets ? await withSourceSet(front.ports, wire.origin, change) : change;
      const isKnown = sequenceOf(task) <= seen;
      if (!isKnown) yield* operation.events?.({ wire, task, requestId, previous }) ?? [];
      previous = task;
    }
  } catch (thrown) {
    yield faultEvent(c, dialect, loggedFault(thrown));
  }
}

function faultEvent(c: Context<FrontEnv>, dialect: Dialect, fault: Fault): WireEvent {
  return { event: 'error', data: dialect.encodeFault(fault, c.var.requestId).body };
}

function loggedFault(thrown: unknown): Fault {
  const fault = toFault(thrown);
  if (fault.code === 'internal') console.error(JSON.stringify({ event: 'internal', cause: String(fault.cause) }));
  return fault;
}

function eventStream(events: AsyncGenerator<WireEvent>, headers: Readonly<Record<string, string>>): Response {
  return new Response(byteStream(encoded(events)), {
    headers: {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'private, no-store',
      'x-accel-buffering': 'no',
    },
  });
}

async function* encoded(events: AsyncGenerator<WireEvent>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const event of withHeartbeat(events, heartbeatMs)) {
    if (event === null) yield encoder.encode(': still here\n\n');
    else for await (const text of eventText(event)) yield encoder.encode(text);
  }
}
