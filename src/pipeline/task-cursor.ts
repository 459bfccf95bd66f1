import * as z from 'zod';
import { readCursor, writeCursor } from '../core/cursor';
import type { TaskPlace } from '../storage/task-list';

/** The place of a render under way: those of one millisecond are told apart by their tasks. */
interface OpenPlace {
  readonly since: number;
  readonly task: string;
}
export type TaskCursor = { readonly open: OpenPlace } | { readonly settled: TaskPlace };

const placeSchema = z.tuple([z.enum(['open', 'settled']), z.int(), z.string().max(300)]);

export function cursorAfterOpen({ since, task }: OpenPlace): string {
  return writeCursor(['open', since, task]);
}

export function cursorAfterSettled({ settledAt, id }: TaskPlace): string {
  return writeCursor(['settled', settledAt, id]);
}

/** Where a page ended: among the renders under way, or among settled tasks. @throws Fault naming `cursor`. */
export function readTaskCursor(cursor: string): TaskCursor {
  const [kind, time, name] = readCursor(cursor, placeSchema);
  return kind === 'open' ? { open: { since: time, task: name } } : { settled: { settledAt: time, id: name } };
}
