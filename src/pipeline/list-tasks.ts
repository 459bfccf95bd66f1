import type { OpenTask } from '../accounts/accounts-port';
import type { Task, TaskStatus } from '../core/task';
import type { RenderView } from '../renders/render-view';
import { anyTask, type SettledTask, type TaskFilter } from '../storage/task-list';
import type { Ports } from './ports';
import { cursorAfterOpen, cursorAfterSettled, readTaskCursor, type TaskCursor } from './task-cursor';
import { readTask, type TaskReader } from './tasks';

/** A task that an account pays for: a render under way as it stands, or what the ledger has of it. */
export type ListedTask =
  | { readonly kind: 'open'; readonly open: OpenTask; readonly view: RenderView | null }
  | { readonly kind: 'settled'; readonly settled: SettledTask };

/** null: any. `from` is included, `before` is not; both are about when it ended, or began where it has not. */
export interface ListFilter extends Omit<TaskFilter, 'status'> {
  readonly status: TaskStatus | null;
}
export interface TaskPage {
  readonly tasks: readonly ListedTask[];
  /** The cursor of the page after it; null: there is none. */
  readonly next: string | null;
}

/**
 * A page of an account's tasks: renders under way, the newest first, then what was settled, the newest first. A task
 * that ends between two pages is on one of them. A page may be shorter than `limit` and have another after it.
 * @throws Fault naming `cursor`
 */
export async function pageOfTasks(
  ports: Ports,
  accountId: string,
  { filter, limit, cursor }: { readonly filter: ListFilter; readonly limit: number; readonly cursor: string | null },
): Promise<TaskPage> {
  const place = cursor === null ? null : readTaskCursor(cursor);
  const after = place !== null && 'settled' in place ? place.settled : null;
  const all = after === null ? await ports.accounts.openTasks(accountId) : [];
  const candidates = openCandidates(all, filter, place);
  const chosen = candidates.slice(0, limit);
  const last = chosen.at(-1);
  const open = await openPage(ports, chosen, filter);
  if (last !== undefined && candidates.length > limit) return { tasks: open, next: cursorAfterOpen(last) };
  const settled = await settledPage(ports, accountId, { filter, after, limit: limit - chosen.length });
  const known = new Set(all.map(({ task }) => task));
  const rows = settled.rows.filter(({ task }) => !known.has(task));
  const tasks = [...open, ...rows.map((row) => ({ kind: 'settled' as const, settled: row }))];
  return { tasks, next: settled.next ?? (settled.isFull && last !== undefined ? cursorAfterOpen(last) : null) };
}

const pageLength = 50;

/** A page of the account's tasks for a dialect. Tasks whose picture is gone are left out. */
export async function listTasks(
  ports: Ports,
  reader: TaskReader,
  cursor: string | null,
): Promise<{ tasks: Task[]; next: string | null }> {
  if (reader.account === null) return { tasks: [], next: null };
  const page = await pageOfTasks(ports, reader.account.id, { filter: anyTask, limit: pageLength, cursor });
  const ids = page.tasks.map((listed) => (listed.kind === 'open' ? listed.open.task : listed.settled.task));
  const read = await Promise.all(ids.map((id) => readTask(ports, reader, id).catch(() => null)));
  return { tasks: read.filter((task) => task !== null), next: page.next };
}

/** Renders under way that may belong on a page, the newest first. */
function openCandidates(all: readonly OpenTask[], filter: ListFilter, place: TaskCursor | null): OpenTask[] {
  const { status, dialect, fingerprint, from, before } = filter;
  const after = place !== null && 'open' in place ? place.open : null;
  const isWanted = (task: OpenTask) =>
    (after === null || comparePlaces(after, task) < 0) &&
    (dialect === null || task.dialect === dialect) &&
    (fingerprint === null || task.fingerprint === fingerprint) &&
    (from === null || task.since >= from) &&
    (before === null || task.since < before);
  // Whatever has ended is about to be in the ledger.
  const mayBeOpen = status === null || status === 'queued' || status === 'rendering';
  return mayBeOpen ? all.filter(isWanted).toSorted(comparePlaces) : [];
}

async function openPage(ports: Ports, chosen: readonly OpenTask[], filter: ListFilter): Promise<ListedTask[]> {
  const listed = await Promise.all(
    chosen.map(async (open) => ({ kind: 'open' as const, open, view: await viewOf(ports, open) })),
  );
  return listed.filter(({ view }) => {
    const hasStatus = filter.status === null || statusOf(view) === filter.status;
    return hasStatus && (filter.provider === null || view?.provider === filter.provider);
  });
}

/** How a render under way stands; one that cannot be asked is taken to wait. */
export function statusOf(view: RenderView | null): TaskStatus {
  return view?.status ?? 'queued';
}

async function viewOf(ports: Ports, open: OpenTask): Promise<RenderView | null> {
  const handle = await ports.taskIds.open(open.task);
  if (handle === null) return null;
  return await ports.renders.view(handle).catch(() => null);
}

async function settledPage(
  ports: Ports,
  accountId: string,
  page: { filter: ListFilter; after: { settledAt: number; id: string } | null; limit: number },
): Promise<{ rows: readonly SettledTask[]; next: string | null; isFull: boolean }> {
  const { filter, after, limit } = page;
  const { status } = filter;
  if (status === 'queued' || status === 'rendering') return { rows: [], next: null, isFull: false };
  const found = await ports.settledTasks.page(accountId, { ...filter, status }, { after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const isFull = found.length > limit;
  return { rows, next: isFull && last !== undefined ? cursorAfterSettled(last) : null, isFull };
}

function comparePlaces(
  left: { readonly since: number; readonly task: string },
  right: { readonly since: number; readonly task: string },
): number {
  if (left.since !== right.since) return right.since - left.since;
  return left.task < right.task ? -1 : Number(left.task > right.task);
}
