import type { AccountPorts } from '../accounts/account-object';
import type { Service } from './service';

/** What an Account object may touch, made of the service's parts. */
export function accountPortsFor({ credits }: Pick<Service, 'credits'>): AccountPorts {
  return {
    record: (accountId, entries) => credits.record(accountId, entries),
    log: (event, facts) => console.warn(JSON.stringify({ event, ...facts })),
  };
}
