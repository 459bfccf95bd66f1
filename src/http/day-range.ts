import * as z from 'zod';
import { Fault } from '../core/fault';
import { dayMs, dayOf } from '../storage/usage-ledger';

export const mostDays = 366;

const day = z.iso.date('expected a UTC day such as 2026-11-30.').optional();

/** Fields of a query that name UTC days, both ends included: `from` and `to`, or so many `days` up to today. */
export const dayRangeFields = {
  from: day,
  to: day,
  days: z.coerce.number(`expected a whole number from 1 to ${mostDays}.`).int().min(1).max(mostDays).optional(),
};

interface AskedDays {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly days?: number | undefined;
}

/**
 * The first and last day meant: 30 days up to today where nothing is said. `now` in milliseconds since 1970.
 * @throws Fault that names the field
 */
export function dayRangeOf(asked: AskedDays, now: number): { readonly from: string; readonly to: string } {
  if (asked.days !== undefined && (asked.from ?? asked.to) !== undefined)
    throw Fault.ofField('days', 'expected either days, or from and to.');
  const to = asked.to ?? dayOf(now);
  const from = asked.from ?? dayOf(Date.parse(to) - ((asked.days ?? 30) - 1) * dayMs);
  const count = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (count < 1) throw Fault.ofField('from', 'expected a day that is not after `to`.');
  if (count > mostDays) throw Fault.ofField('from', `expected at most ${mostDays} days from \`from\` to \`to\`.`);
  return { from, to };
}
