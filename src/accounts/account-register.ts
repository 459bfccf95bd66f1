import { Fault } from '../core/fault';
import type { AccountTable } from '../storage/account-table';
import type { AuditLog } from '../storage/audit-log';
import { type AccountLimits, developmentAccount } from './account';
import { accountOfRow, type StoredAccount, type Visibility } from './stored-account';

export interface NewAccount {
  /** null: one is drawn. */
  readonly id: string | null;
  readonly name: string;
  readonly visibility: Visibility;
  readonly limits: AccountLimits;
}

/** What is to be different; what is absent stays as it is. */
export interface AccountChange {
  readonly name?: string | undefined;
  readonly visibility?: Visibility | undefined;
  readonly limits?: Partial<AccountLimits> | undefined;
}

export interface RegisterParts {
  readonly audit: AuditLog;
  /** Called after each change: what keys may do is remembered elsewhere. */
  readonly changed: () => void;
  readonly now: () => number;
  /** What the link key with an id signs with. */
  readonly linkSecret: (keyId: string) => Promise<string>;
}

/** Makes and changes accounts. Every change is one transaction with its line in the audit log. */
export class AccountRegister {
  readonly #accounts: AccountTable;
  readonly #parts: RegisterParts;

  constructor(accounts: AccountTable, parts: RegisterParts) {
    this.#accounts = accounts;
    this.#parts = parts;
  }

  /** @throws Fault `conflict` where the id is taken. */
  async create(actor: string, { id: given, name, visibility, limits }: NewAccount): Promise<StoredAccount> {
    const id = given ?? `a${crypto.getRandomValues(new Uint8Array(10)).toHex()}`;
    const createdAt = this.#parts.now();
    const row = { id, name, visibility, limits: JSON.stringify(limits), createdAt };
    if (id === developmentAccount.id) throw reserved(id);
    if ((await this.#accounts.find(id)) !== null) throw taken(id);
    const entry = { at: createdAt, actor, action: 'account.create', target: id, details: { name, visibility, limits } };
    try {
      await this.#parts.audit.record(entry, [this.#accounts.insert(row)]);
    } catch (thrown) {
      // Somebody else may have made it meanwhile.
      throw (await this.#accounts.find(id)) === null ? thrown : taken(id);
    }
    this.#parts.changed();
    return accountOfRow(row);
  }

  /** @throws Fault `not_found` */
  async change(actor: string, id: string, change: AccountChange): Promise<StoredAccount> {
    const before = await this.find(id);
    const limits = JSON.stringify({ ...before.limits, ...change.limits });
    const { name = before.name, visibility = before.visibility } = change;
    const row = { id, name, visibility, limits, createdAt: before.createdAt };
    const entry = { at: this.#parts.now(), actor, action: 'account.change', target: id, details: { ...change } };
    await this.#parts.audit.record(entry, [this.#accounts.update(row)]);
    this.#parts.changed();
    return accountOfRow(row);
  }

  /** @throws Fault `not_found` */
  async find(id: string): Promise<StoredAccount> {
    const row = await this.#accounts.find(id);
    if (row === null) throw new Fault('not_found', `There is no account "${id.slice(0, 40)}".`);
    return accountOfRow(row);
  }

  /** Accounts by id, those after `after`. */
  async list(after: string, count: number): Promise<StoredAccount[]> {
    return (await this.#accounts.list(after, count)).map(accountOfRow);
  }
}

function reserved(id: string): Fault {
  return new Fault('conflict', `"${id}" is the account of the development key: take another id.`);
}

function taken(id: string): Fault {
  return new Fault('conflict', `There is an account "${id}" already.`);
}
