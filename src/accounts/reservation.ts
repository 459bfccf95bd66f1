import type { Allowance, Budgets } from '../core/spending';
import type { Reservation } from './account-book';
import type { OpenTask, ReserveRequest } from './account-messages';
import type { Bounds } from './admission';

/** What spending has to fit into: the account itself (an empty name), or an allowance within it. */
export interface NamedBounds {
  readonly name: string;
  readonly bounds: Bounds;
}

/** Everything that a purchase has to fit into. */
export function boundsOf({ limits, allowances }: Budgets): NamedBounds[] {
  const account = { name: '', bounds: { ...limits, totalMicros: null } };
  return [account, ...allowances.map((allowance) => ({ name: allowance.name, bounds: boundsWithin(allowance) }))];
}

export function reservationOf(request: ReserveRequest, now: number): Reservation {
  const { id, micros, lifetimeMs, task, fingerprint, dialect, keyId, allowances, pays } = request;
  return {
    ...{ id, task, fingerprint, dialect, keyId },
    reservedMicros: micros,
    since: now,
    expiresAt: now + lifetimeMs,
    allowances: allowances.map(({ name }) => name),
    ...(pays == null ? {} : { pays }),
  };
}

export function openTaskOf(reservation: Reservation): OpenTask {
  const { task, fingerprint, dialect, keyId, reservedMicros, since } = reservation;
  return { task, fingerprint, dialect, keyId, reservedMicros, since };
}

function boundsWithin({ dayMicros, totalMicros, requestsPerMinute }: Allowance): Bounds {
  return { isPrepaid: false, dayMicros, monthMicros: null, totalMicros, requestsPerMinute, rendersInFlight: null };
}
