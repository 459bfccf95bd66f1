import { serverEvents } from './event-stream';
import { FluxgateError } from './fluxgate-error';
import { camelCased } from './letter-case';
import { backOffMs, pause } from './pause';
import { isEnded } from './task-end';
import type { TaskState } from './task-state';
import type { Transport } from './transport';

/** So many streams in a row that brought nothing, and the task is asked for its state instead. */
const mostSilentStreams = 2;
/** The service says that it is still there every 15 seconds: a stream that is silent for longer is dead. */
const longestSilenceMs = 45_000;

export const taskPath = (id: string) => `/v1/tasks/${encodeURIComponent(id)}`;

/**
 * Every change of a task, the last being its end: by server-sent events, taken up where they broke off, and by polling
 * where a network lets no stream through.
 */
export async function* followTask(transport: Transport, id: string, signal?: AbortSignal): AsyncGenerator<TaskState> {
  const seen = { id: '' };
  for (let silent = 0; silent < mostSilentStreams; ) {
    const before = seen.id;
    try {
      for await (const task of streamOf(transport, id, { seen, signal })) {
        yield task;
        if (isEnded(task)) return;
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof FluxgateError && !thrown.isRetryable && thrown.status !== 405) throw thrown;
    }
    silent = seen.id === before ? silent + 1 : 0;
    await pause(backOffMs(silent), signal);
  }
  yield* pollTask(transport, id, signal);
}

async function* streamOf(
  transport: Transport,
  id: string,
  { seen, signal }: { seen: { id: string }; signal: AbortSignal | undefined },
): AsyncGenerator<TaskState> {
  const isDead = new AbortController();
  const watch = () => setTimeout(() => isDead.abort(), longestSilenceMs);
  let timer = watch();
  try {
    const response = await transport.send(`${taskPath(id)}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': seen.id },
      signal: signal ? AbortSignal.any([signal, isDead.signal]) : isDead.signal,
    });
    if (response.body === null) return;
    const heard = () => {
      clearTimeout(timer);
      timer = watch();
    };
    for await (const { name, id: eventId, data } of serverEvents(response.body, heard)) {
      const value = JSON.parse(data);
      if (name === 'error') throw new FluxgateError({ ...value.error, status: response.status, taskId: id });
      if (eventId !== '') seen.id = eventId;
      yield camelCased<TaskState>(value);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The same by asking again and again. It holds no connection open, of which HTTP/1.1 has six for a whole site. */
export async function* pollTask(transport: Transport, id: string, signal?: AbortSignal): AsyncGenerator<TaskState> {
  for (let asked = 0; ; asked += 1) {
    const task = await transport.read<TaskState>(taskPath(id), { signal });
    yield task;
    if (isEnded(task)) return;
    await pause(Math.min(3_000, 400 + 200 * asked), signal);
  }
}
