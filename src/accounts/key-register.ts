import { Fault } from '../core/fault';
import { type KeyTable, keyIdOf } from '../storage/key-table';
import type { Position } from '../storage/position';
import type { RegisterParts } from './account-register';
import type { ApiKey } from './api-key';
import { hintOf, newKey } from './new-key';
import { keyOfRow, rowOfKey, type StoredApiKey } from './stored-key';

/** A key that was just made. `secret` is what its holder sends, and is shown once. */
export interface MadeKey {
  readonly key: StoredApiKey;
  readonly secret: string;
}

type Settings = Omit<ApiKey, 'id'>;

/** Makes, replaces and revokes keys. Every change is one transaction with its line in the audit log. */
export class KeyRegister {
  readonly #keys: KeyTable;
  readonly #parts: RegisterParts;

  constructor(keys: KeyTable, parts: RegisterParts) {
    this.#keys = keys;
    this.#parts = parts;
  }

  async create(actor: string, accountId: string, settings: Settings): Promise<MadeKey> {
    const made = await this.#draw(accountId, settings);
    const { id, hint, createdAt } = made.key;
    const details = { account: accountId, hint, ...settings };
    const entry = { at: createdAt, actor, action: 'key.create', target: id, details };
    await this.#parts.audit.record(entry, [made.insert]);
    this.#parts.changed();
    return made;
  }

  /**
   * Makes a key with the same settings, and ends the old one after `overlapSeconds`. A key that has a last day is
   * followed by one that lives as long as it was meant to.
   * @throws Fault `not_found`, or `conflict` where the key does not work any more.
   */
  async rotate(actor: string, id: string, overlapSeconds: number): Promise<MadeKey> {
    const [old, now] = [await this.find(id), this.#parts.now()];
    if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now))
      throw new Fault('conflict', 'The key is revoked or expired already; make a new one instead.');
    const expiresAt = old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt);
    const { kind, name, scopes, dialects, origins } = old;
    // The budget stays the same one: neither a new one begins, nor are there two while both keys work.
    const limits = { ...old.limits, budgetKeyId: old.limits.budgetKeyId ?? old.id };
    const made = await this.#draw(old.accountId, { kind, name, scopes, dialects, origins, limits, expiresAt });
    const details = { account: old.accountId, successor: made.key.id, overlap_seconds: overlapSeconds };
    const entry = { at: now, actor, action: 'key.rotate', target: id, details };
    await this.#parts.audit.record(entry, [made.insert, this.#keys.expire(id, now + overlapSeconds * 1000)]);
    this.#parts.changed();
    return made;
  }

  /** Ends a key now. Safe to repeat. @throws Fault `not_found` */
  async revoke(actor: string, id: string): Promise<StoredApiKey> {
    const [key, now] = [await this.find(id), this.#parts.now()];
    if (key.revokedAt !== null) return key;
    const entry = { at: now, actor, action: 'key.revoke', target: id, details: { account: key.accountId } };
    await this.#parts.audit.record(entry, [this.#keys.revoke(id, now)]);
    this.#parts.changed();
    return { ...key, revokedAt: now };
  }

  /** @throws Fault `not_found` */
  async find(id: string): Promise<StoredApiKey> {
    const row = await this.#keys.find(id);
    if (row === null) throw new Fault('not_found', 'There is no such key. Ids of keys begin with key_.');
    return keyOfRow(row);
  }

  /** An account's keys, the newest first, those before `before`. */
  async list(accountId: string, before: Position, count: number): Promise<StoredApiKey[]> {
    return (await this.#keys.list(accountId, before, count)).map(keyOfRow);
  }

  async #draw(accountId: string, settings: Settings): Promise<MadeKey & { readonly insert: D1PreparedStatement }> {
    const drawn = await newKey(settings.kind);
    const { sha256 } = drawn;
    const id = keyIdOf(sha256);
    // What a link key signs with follows from its id: what was drawn for it is nobody's, and opens nothing.
    const secret = settings.kind === 'link' ? await this.#parts.linkSecret(id) : drawn.key;
    const hint = settings.kind === 'link' ? hintOf('fg_link_', secret.slice(8)) : drawn.hint;
    const key = { ...settings, accountId, hint, createdAt: this.#parts.now() };
    const insert = this.#keys.insert(sha256, rowOfKey(key));
    return { key: { ...key, id, revokedAt: null }, secret, insert };
  }
}
