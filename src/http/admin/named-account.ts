import type { Context } from 'hono';
import { type Account, developmentAccount } from '../../accounts/account';
import { isLoopback } from '../../accounts/development-key';
import type { StoredAccount } from '../../accounts/stored-account';
import { Fault } from '../../core/fault';
import type { FrontEnv } from '../front';

/** An account as administrators see it. */
export type NamedAccount = Account & Pick<StoredAccount, 'visibility'> & { readonly createdAt: number | null };

/** That of the development key: no table has it. */
const development: NamedAccount = { ...developmentAccount, visibility: 'public', createdAt: null };

/** An account by its id; that of the development key where that key works. @throws Fault `not_found` */
export async function accountNamed(c: Context<FrontEnv>, id: string): Promise<NamedAccount> {
  return isDevelopment(c, id) ? development : await c.var.front.administration.accounts.find(id);
}

/** The same, to change it or what belongs to it. @throws Fault `not_found`, or `conflict` for that of the development key */
export async function changeableAccount(c: Context<FrontEnv>, id: string): Promise<StoredAccount> {
  return await c.var.front.administration.accounts.find(changeableId(c, id));
}

/** The id of an account or a key that can be changed: not that of the development key. @throws Fault `conflict` */
export function changeableId(c: Context<FrontEnv>, id: string): string {
  if (!isDevelopment(c, id)) return id;
  const message = `"${id}" is the development key and its account, which work on this machine alone: there are no limits, no credit and no other keys to it, and nothing of it can be changed. Open an account for those.`;
  throw new Fault('conflict', message);
}

/** Accounts by id, those after `after`. */
export async function accountsAfter(c: Context<FrontEnv>, after: string, count: number): Promise<NamedAccount[]> {
  const stored = await c.var.front.administration.accounts.list(after, count);
  if (!isDevelopment(c, development.id) || after >= development.id) return stored;
  return [...stored, development].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, count);
}

function isDevelopment(c: Context<FrontEnv>, id: string): boolean {
  return id === development.id && isLoopback(new URL(c.req.url).origin);
}
