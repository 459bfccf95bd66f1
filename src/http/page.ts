import * as z from 'zod';
import { Fault } from '../core/fault';
import { newest, type Position } from '../storage/position';

const wholeNumber = 'expected a whole number from 1 to 200.';

/** What every list takes. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number(wholeNumber).int(wholeNumber).min(1, wholeNumber).max(200, wholeNumber).default(50),
  cursor: z.string().min(1).max(200, 'expected the cursor of an earlier page.').optional(),
});

/** A page out of rows that were asked for with one more than `limit`. `place` gives what the next page goes on from. */
export function wirePage<Row, Wire>(
  rows: readonly Row[],
  { limit, wire, place }: { limit: number; wire: (row: Row) => Wire; place: (row: Row) => string },
) {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { object: 'list' as const, data: shown.map(wire), next: last === undefined ? null : place(last) };
}

/** A position in a list by time, as a cursor. */
export function cursorOf({ at, id }: Position): string {
  return `${at.toString(36)}.${id}`;
}

/** @throws Fault naming `cursor` */
export function positionOf(cursor: string | undefined): Position {
  if (cursor === undefined) return newest;
  const [, at, id] = /^([0-9a-z]{1,10})\.(.+)$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) throw Fault.ofField('cursor', 'expected the cursor of an earlier page.');
  return { at: Number.parseInt(at, 36), id };
}
