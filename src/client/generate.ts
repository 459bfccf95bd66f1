import { FluxgateError } from './fluxgate-error';
import { followTask, taskPath } from './follow-task';
import { optionsOf, orderBody, orderHeaders, orderPath, type PictureOrder } from './order';
import { type Picture, pictureOf, pictureOfHit } from './picture';
import { isEnded } from './task-end';
import type { TaskState } from './task-state';
import type { Transport } from './transport';

export interface WaitOptions {
  /** Stops waiting. The picture is made all the same, unless `cancelOnAbort`. */
  readonly signal?: AbortSignal;
  /** Told of each change while the picture is made. */
  readonly onProgress?: (task: TaskState) => void;
  /** How long to wait at the most; then a `wait_exceeded` names the task that goes on. */
  readonly timeoutMs?: number;
  /** Cancels the task when the signal stops the waiting. */
  readonly cancelOnAbort?: boolean;
}
export interface GenerateOptions extends WaitOptions {
  /** The same key is the same order, however often it is sent; drawn for each call where absent. */
  readonly idempotencyKey?: string;
}

/** What BFL counts in: a credit is a cent. */
const microsPerCredit = 10_000;

/** Orders a picture and waits until it is there; one that is stored comes with the first answer. */
export async function generate(transport: Transport, order: PictureOrder, options: GenerateOptions): Promise<Picture> {
  const { idempotencyKey = crypto.randomUUID(), onProgress } = options;
  const wanted = optionsOf(order);
  const json = await orderBody(wanted);
  const headers = { ...orderHeaders(wanted), 'idempotency-key': idempotencyKey };
  return await patiently(transport, options, async (waiting) => {
    // Sent again under the same key it is the same order: nothing is bought twice.
    const sending = { method: 'POST', json, headers, signal: waiting.signal, repeatable: true };
    const response = await transport.send(orderPath, sending);
    const { id, cost } = (await response.json()) as { id: string; cost: number };
    waiting.taskId = id;
    const hit = pictureOfHit(transport, id, response.headers, Math.round(cost * microsPerCredit));
    return hit ?? (await ended(transport, id, { onProgress, signal: waiting.signal }));
  });
}

/** Waits for a task's picture. @throws FluxgateError that says why there is none */
export async function waitForTask(transport: Transport, id: string, options: WaitOptions): Promise<Picture> {
  return await patiently(transport, options, async (waiting) => {
    waiting.taskId = id;
    return await ended(transport, id, { onProgress: options.onProgress, signal: waiting.signal });
  });
}

async function ended(
  transport: Transport,
  id: string,
  { onProgress, signal }: { onProgress: WaitOptions['onProgress']; signal: AbortSignal | undefined },
): Promise<Picture> {
  for await (const task of followTask(transport, id, signal)) {
    onProgress?.(task);
    if (isEnded(task)) return pictureOf(transport, task);
  }
  throw new FluxgateError({ code: 'incomplete', message: `Task ${id} told no end.`, taskId: id });
}

interface Waiting {
  readonly signal: AbortSignal | undefined;
  taskId: string | null;
}

/** Does it as long as the caller waits, and tells the end of their patience from a failure. */
async function patiently<Value>(
  transport: Transport,
  { signal, timeoutMs, cancelOnAbort }: WaitOptions,
  work: (waiting: Waiting) => Promise<Value>,
): Promise<Value> {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const given = [signal, timeout].filter((candidate) => candidate !== undefined);
  const waiting: Waiting = { signal: given.length > 0 ? AbortSignal.any(given) : undefined, taskId: null };
  try {
    return await work(waiting);
  } catch (thrown) {
    const { taskId } = waiting;
    if (signal?.aborted) {
      if (cancelOnAbort && taskId) await transport.send(taskPath(taskId), { method: 'DELETE' }).catch(() => undefined);
    } else if (timeout?.aborted) {
      const message = `The picture was not there within ${timeoutMs} ms${taskId ? `; task ${taskId} goes on` : ''}.`;
      throw new FluxgateError({ code: 'wait_exceeded', message, taskId });
    }
    throw thrown;
  }
}
