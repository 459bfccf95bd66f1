import type { Balance } from '../core/balance';
import type { Account } from './account';
import type { Standing } from './accounts-port';

/** What an account has left, as it stands. `now` in milliseconds since 1970. */
export function balanceOf({ limits }: Account, standing: Standing, now: number): Balance {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const today = date.toISOString();
  // What was spent in a day or month that is over counts for nothing now.
  const spentIn = (period: Standing['day']) => (today.startsWith(period.name) ? period.micros : 0);
  return {
    isPrepaid: limits.isPrepaid,
    balanceMicros: limits.isPrepaid ? standing.balanceMicros : null,
    reservedMicros: standing.reservedMicros,
    day: {
      limitMicros: limits.dayMicros,
      spentMicros: spentIn(standing.day),
      resetsAt: Date.UTC(year, month, date.getUTCDate() + 1),
    },
    month: {
      limitMicros: limits.monthMicros,
      spentMicros: spentIn(standing.month),
      resetsAt: Date.UTC(year, month + 1),
    },
  };
}
