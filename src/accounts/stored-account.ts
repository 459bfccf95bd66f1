import * as z from 'zod';
import { visibilities } from '../core/wire/account';
import type { AccountRow } from '../storage/account-table';
import { type Account, accountLimitsSchema } from './account';

/** Whether an account shares its pictures with everyone, or has them to itself. */
export type Visibility = (typeof visibilities)[number];

/** An account with what only its administrators need to know. */
export interface StoredAccount extends Account {
  readonly visibility: Visibility;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const visibilitySchema = z.enum(visibilities);

/** Reads an account as D1 has it. */
export function accountOfRow(row: AccountRow): StoredAccount {
  const visibility = visibilitySchema.parse(row.visibility);
  return {
    id: row.id,
    name: row.name,
    namespace: namespaceOf(row.id, visibility),
    limits: accountLimitsSchema.parse(JSON.parse(row.limits)),
    visibility,
    createdAt: row.createdAt,
  };
}

/** A private account's pictures are its own: no other account's orders ever lead to them. */
export function namespaceOf(accountId: string, visibility: Visibility): string {
  return visibility === 'private' ? `account:${accountId}` : 'public';
}
