import type { AccountPorts } from '../accounts/account-ports';
import { nonceOfReservation } from '../renders/settlement';
import type { Service } from './service';

/** What an Account object may touch, made of the service's parts. */
export function accountPortsFor({ credits, ports }: Pick<Service, 'credits' | 'ports'>): AccountPorts {
  return {
    isUnderWay: (fingerprint, reservationId) =>
      ports.renders.isUnderWay(fingerprint, nonceOfReservation(reservationId)),
    record: (accountId, entries) => credits.record(accountId, entries),
    log: (event, facts) => console.warn(JSON.stringify({ event, ...facts })),
  };
}
