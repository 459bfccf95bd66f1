import type { ListWish } from '../core/dialect';
import type { Task, TaskStatus } from '../core/task';
import { pageOfTasks } from '../pipeline/list-tasks';
import type { Ports } from '../pipeline/ports';
import { readTask, type TaskReader } from '../pipeline/tasks';
import { anyTask } from '../storage/task-list';

/** However few of an account's tasks have the statuses, one request looks through so many pages at the most. */
const mostPages = 20;

/**
 * A page of the account's tasks with the statuses asked for, the newest first. It is full as long as there are more,
 * unless several statuses are asked for and few tasks of many have them.
 * @throws Fault naming `cursor`
 */
export async function wishedTasks(
  ports: Ports,
  reader: TaskReader,
  { wish: { statuses, limit }, cursor }: { readonly wish: ListWish; readonly cursor: string | null },
): Promise<{ tasks: readonly Task[]; next: string | null }> {
  const tasks: Task[] = [];
  if (reader.account === null || statuses.length === 0) return { tasks, next: null };
  const [first = null, ...others] = statuses;
  const filter = { ...anyTask, status: others.length === 0 ? first : null };
  const isOpenOnly = statuses.every((status) => openStatuses.has(status));
  let next = cursor;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await pageOfTasks(ports, reader.account.id, { filter, limit: limit - tasks.length, cursor: next });
    const listed = page.tasks.filter(({ kind }) => kind === 'open' || !isOpenOnly);
    const ids = listed.map((task) => (task.kind === 'open' ? task.open.task : task.settled.task));
    const read = await Promise.all(ids.map((id) => readTask(ports, reader, id).catch(() => null)));
    tasks.push(...read.filter((task) => task !== null).filter(({ status }) => statuses.includes(status)));
    // Whatever comes after a settled task is settled too.
    next = listed.length < page.tasks.length ? null : page.next;
    if (next === null || tasks.length >= limit) break;
  }
  return { tasks, next };
}

const openStatuses: ReadonlySet<TaskStatus> = new Set(['queued', 'rendering']);
