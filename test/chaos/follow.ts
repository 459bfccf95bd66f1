import { setTimeout as sleep } from 'node:timers/promises';
import { jsonOf } from './exchange.ts';
import type { Front } from './front.ts';
import { type Way, ways } from './ways.ts';
import type { AcceptedTask } from './witness.ts';

interface WireTask {
  readonly status: string;
  readonly fingerprint: string;
  readonly picture: { readonly url: string } | null;
  readonly error: { readonly code: string } | null;
}

const roundMs = 600;
const pollsAtOnce = 24;
const finals: ReadonlySet<string> = new Set(['ready', 'failed', 'cancelled']);

/** Whether a task that stands so has ended. */
export const isFinal = (status: string) => finals.has(status);

/** Asks about every open task, round after round, until told to stop. */
export async function followTasks(front: Front, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await front.service.untilUp();
    await pollAll(front);
    await sleep(roundMs);
  }
}

/** Asks until every task has ended, or `withinMs` are over. */
export async function untilAllEnded(front: Front, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (front.witness.openTasks().length > 0 && Date.now() < deadline) {
    await pollAll(front);
    await sleep(roundMs);
  }
}

async function pollAll(front: Front): Promise<void> {
  const open = front.witness.openTasks();
  const next = async (): Promise<void> => {
    for (let task = open.pop(); task !== undefined; task = open.pop()) await poll(front, task);
  };
  await Promise.all(Array.from({ length: pollsAtOnce }, next));
}

/** In the dialect's own words now and then, and always in ours. */
async function poll(front: Front, task: AcceptedTask): Promise<void> {
  const way: Way = ways[task.order.way];
  const key = front.keyOf(task.account);
  if (way.poll !== undefined && task.order.index % 2 === 0)
    await front.send(way.poll(task.id), { headers: way.headers(key) });
  const done = await front.send(`/v1/tasks/${task.id}`, { headers: { authorization: `Bearer ${key}` } });
  if (done.kind !== 'answered' || done.status >= 500) return;
  const { status = `HTTP ${done.status}`, fingerprint, picture = null, error = null } = jsonOf<WireTask>(done);
  if (fingerprint !== undefined) front.witness.print(task.order.picture.index, fingerprint);
  // A task that the service does not know any more has ended too, and wrongly.
  if (isFinal(status) || done.status === 404)
    task.end = { status, code: error?.code ?? null, pictureUrl: picture?.url ?? null };
}
