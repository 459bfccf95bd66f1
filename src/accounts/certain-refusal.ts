import type { Fault } from '../core/fault';
import { admit, nothingSpent, type Sums } from './admission';
import { refusalFault } from './refusal';
import type { Asking } from './refusal-memory';
import { boundsOf } from './reservation';

const untouched: Sums = {
  ...nothingSpent,
  balanceMicros: Number.POSITIVE_INFINITY,
  reservedMicros: 0,
  inFlight: 0,
  bucket: null,
};

/**
 * Why an account would not have a picture made although nothing was spent yet: the price is beyond a limit itself. Null:
 * only the account knows. It is for who may not keep the account busy.
 */
export function certainRefusal({ spending, dearestMicros }: Asking, now: number): Fault | null {
  const asked = { micros: dearestMicros, pictures: 1, tokens: 1, now };
  for (const { bounds } of boundsOf(spending)) {
    const { verdict } = admit(untouched, bounds, asked);
    if (verdict.kind !== 'admitted') return refusalFault(verdict);
  }
  return null;
}
