import * as z from 'zod';
import type { HolderRow, KeyRow } from '../storage/key-table';
import { type ApiKey, type KeyHolder, keyKinds, keyLimitsSchema, scopes } from './api-key';
import { accountOfRow } from './stored-account';

/** A key with what only its administrators need to know. Its secret is nowhere. */
export interface StoredApiKey extends ApiKey {
  readonly accountId: string;
  /** How it begins and ends. */
  readonly hint: string;
  /** Times in milliseconds since 1970. */
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

const scopesSchema = z.array(z.enum(scopes));
const namesSchema = z.array(z.string()).nullable();
const kindSchema = z.enum(keyKinds);

/** Reads a key as D1 has it. */
export function keyOfRow(row: KeyRow): StoredApiKey {
  return {
    id: row.id,
    accountId: row.accountId,
    kind: kindSchema.parse(row.kind),
    name: row.name,
    hint: row.hint,
    scopes: scopesSchema.parse(JSON.parse(row.scopes)),
    dialects: namesSchema.parse(JSON.parse(row.dialects ?? 'null')),
    origins: namesSchema.parse(JSON.parse(row.origins ?? 'null')),
    limits: keyLimitsSchema.parse(JSON.parse(row.limits)),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt,
  };
}

/** A key as D1 keeps it. */
export function rowOfKey(key: Omit<StoredApiKey, 'id' | 'revokedAt'>): Omit<KeyRow, 'id' | 'revokedAt'> {
  const { accountId, kind, name, hint, createdAt, expiresAt } = key;
  const list = (names: readonly string[] | null) => (names === null ? null : JSON.stringify(names));
  return {
    ...{ accountId, kind, name, hint, createdAt, expiresAt },
    scopes: JSON.stringify(key.scopes),
    dialects: list(key.dialects),
    origins: list(key.origins),
    limits: JSON.stringify(key.limits),
  };
}

/** Reads who holds a key. */
export function holderOfRow(row: HolderRow): KeyHolder {
  const { accountId, accountName, visibility, accountLimits, accountCreatedAt } = row;
  const account = { id: accountId, name: accountName, visibility, limits: accountLimits, createdAt: accountCreatedAt };
  return { account: accountOfRow(account), key: keyOfRow(row) };
}
