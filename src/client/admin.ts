import type {
  AuditEntry,
  CreditBooking,
  CreditEntry,
  NewAccount,
  NewCredit,
  NewKey,
  PageQuery,
  Purge,
  Reconciliation,
  Rerender,
  Restoration,
} from './administration';
import { snakeCased } from './letter-case';
import type { Page } from './page';
import type { Account, ApiKey, ListedKey } from './reports';
import { type ClientOptions, createTransport, type Sending } from './transport';

export type {
  AuditEntry,
  CreditBooking,
  CreditEntry,
  DialectId,
  Difference,
  NewAccount,
  NewCredit,
  NewKey,
  PageQuery,
  Purge,
  Reconciliation,
  Rerender,
  Restoration,
} from './administration';
export { FluxgateError } from './fluxgate-error';
export { createOwnAccount } from './own-account';
export type { Page } from './page';
export type { Account, AccountLimits, ApiKey, KeyLimits, ListedKey } from './reports';

/** What {@link createAdmin} makes. */
export type Admin = ReturnType<typeof createAdmin>;

/**
 * The administration of a service, for a key with the `admin` scope or the admin token. Never in a page of another
 * site: the service answers none there.
 */
export function createAdmin(options: ClientOptions) {
  const { read } = createTransport(options);
  const admin: Ask = (path, sending) => read(`/v1/admin/${path}`, sending);
  const write: Ask = (path, { json, ...sending } = {}) =>
    admin(path, { method: 'POST', json: snakeCased(json ?? {}), ...sending });
  return {
    accounts: accountCalls(admin, write),
    keys: keyCalls(admin, write),
    credits: creditCalls(admin, write),
    pictures: {
      /** Deletes a picture and all that was made of it. */
      purge: (fingerprint: string) => admin<Purge>(`pictures/${part(fingerprint)}`, { method: 'DELETE' }),
      /** Buys it again, and tells whether it came out the same. Sent again under the same idempotency key, it buys once. */
      rerender: (fingerprint: string, idempotencyKey?: string) =>
        write<Rerender>(`pictures/${part(fingerprint)}/rerender`, once(idempotencyKey)),
    },
    /** Where records that should agree do not, a page at a time; changes nothing. */
    reconcile: {
      accounts: (cursor: string | null = null) => admin<Reconciliation>('reconcile/accounts', { query: { cursor } }),
      pictures: (cursor: string | null = null) => admin<Reconciliation>('reconcile/pictures', { query: { cursor } }),
    },
    /** Puts right what a lost database or bucket left behind, a page at a time; safe to repeat. */
    restore: {
      listing: (cursor: string | null = null) => write<Restoration>('restore/listing', { json: { cursor } }),
      accounts: (cursor: string | null = null) => write<Restoration>('restore/accounts', { json: { cursor } }),
      missing: (cursor: string | null = null) => write<Restoration>('restore/missing', { json: { cursor } }),
    },
    audit: (query?: PageQuery) => admin<Page<AuditEntry>>('audit', { query }),
  };
}

type Ask = <Value>(path: string, sending?: Sending) => Promise<Value>;
const part = encodeURIComponent;

/** What may be sent twice, as it counts once. */
const once = (idempotencyKey: string = crypto.randomUUID()): Sending => ({
  headers: { 'idempotency-key': idempotencyKey },
  repeatable: true,
});

function accountCalls(admin: Ask, write: Ask) {
  return {
    create: (account: NewAccount) => write<Account>('accounts', { json: account }),
    list: (query?: PageQuery) => admin<Page<Account>>('accounts', { query }),
    show: (id: string) => admin<Account>(`accounts/${part(id)}`),
    update: (id: string, changes: Partial<Omit<NewAccount, 'id'>>) =>
      write<Account>(`accounts/${part(id)}`, { method: 'PATCH', json: changes }),
  };
}

function keyCalls(admin: Ask, write: Ask) {
  return {
    create: (account: string, key: NewKey) => write<ApiKey>(`accounts/${part(account)}/keys`, { json: key }),
    list: (account: string, query?: PageQuery) => admin<Page<ListedKey>>(`accounts/${part(account)}/keys`, { query }),
    /** A new key in the place of another, which goes on for as long as it takes to change them. */
    rotate: (id: string, overlapSeconds?: number) =>
      write<ApiKey>(`keys/${part(id)}/rotate`, { json: { overlapSeconds } }),
    revoke: (id: string) => admin<ApiKey>(`keys/${part(id)}`, { method: 'DELETE' }),
  };
}

function creditCalls(admin: Ask, write: Ask) {
  return {
    /** Sent again under the same idempotency key, it counts once. */
    add: (account: string, credit: NewCredit, idempotencyKey?: string) =>
      write<CreditBooking>(`accounts/${part(account)}/credits`, { json: credit, ...once(idempotencyKey) }),
    list: (account: string, query?: PageQuery) =>
      admin<Page<CreditEntry>>(`accounts/${part(account)}/credits`, { query }),
  };
}
