import { snakeCased } from './letter-case';
import type { Account, AccountLimits, ApiKey, KeyLimits, Page } from './reports';
import { type ClientOptions, createTransport, type Sending } from './transport';

export { FluxgateError } from './fluxgate-error';
export type { Account, AccountLimits, ApiKey, KeyLimits, Page } from './reports';

export interface NewAccount {
  readonly id?: string;
  readonly name: string;
  readonly visibility?: Account['visibility'];
  readonly limits?: Partial<AccountLimits>;
}
export interface NewKey {
  readonly name: string;
  /** `pub` keys stand in web pages, and are bound to their origins; `link` keys sign links. */
  readonly kind?: ApiKey['kind'];
  readonly scopes?: readonly string[];
  readonly dialects?: readonly string[];
  readonly origins?: readonly string[];
  readonly limits?: Partial<KeyLimits>;
  readonly expiresAt?: string;
}
export interface NewCredit {
  readonly kind: 'top_up' | 'adjustment' | 'refund';
  readonly micros: number;
  /** What of a top-up is kept as a fee. */
  readonly feePercent?: number;
  readonly note?: string;
  readonly purchaseId?: string;
}
export interface CreditEntry {
  readonly id: string;
  readonly kind: string;
  readonly micros: number;
  readonly note: string;
  readonly purchaseId: string | null;
  readonly at: string;
}
export interface Purge {
  readonly fingerprint: string;
  /** How many files are gone, and how large they were. */
  readonly objects: number;
  readonly bytes: number;
}
export interface Rerender {
  readonly fingerprint: string;
  readonly task: string;
  readonly beforeSha256: string;
  readonly afterSha256: string;
  readonly same: boolean;
}
export interface Reconciliation {
  readonly checked: number;
  readonly differences: readonly Difference[];
  readonly next: string | null;
}
/** A page of restoring: what was looked at, and what of it was restored. */
export interface Restoration {
  readonly checked: number;
  readonly restored: number;
  readonly next: string | null;
}
/** Two records that should agree and do not. */
export interface Difference {
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
  readonly expected: unknown;
  readonly actual: unknown;
}
export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: unknown;
}
export interface PageQuery {
  readonly cursor?: string | null;
  readonly limit?: number;
}

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
      /** Buys it again, and tells whether it came out the same. */
      rerender: (fingerprint: string) => write<Rerender>(`pictures/${part(fingerprint)}/rerender`),
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
    list: (account: string, query?: PageQuery) => admin<Page<ApiKey>>(`accounts/${part(account)}/keys`, { query }),
    /** A new key in the place of another, which goes on for as long as it takes to change them. */
    rotate: (id: string, overlapSeconds?: number) =>
      write<ApiKey>(`keys/${part(id)}/rotate`, { json: { overlapSeconds } }),
    revoke: (id: string) => admin<ApiKey>(`keys/${part(id)}`, { method: 'DELETE' }),
  };
}

function creditCalls(admin: Ask, write: Ask) {
  return {
    /** Sent again under the same idempotency key, it counts once. */
    add: (account: string, credit: NewCredit, idempotencyKey: string = crypto.randomUUID()) =>
      write<{ readonly entries: readonly CreditEntry[]; readonly balanceMicros: number }>(
        `accounts/${part(account)}/credits`,
        { json: credit, headers: { 'idempotency-key': idempotencyKey }, repeatable: true },
      ),
    list: (account: string, query?: PageQuery) =>
      admin<Page<CreditEntry>>(`accounts/${part(account)}/credits`, { query }),
  };
}
