import { Fault } from '../core/fault';
import { mostDays } from '../core/wire/usage';
import { dayMs, dayOf } from '../storage/usage-ledger';

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
