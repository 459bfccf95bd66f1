import type { Context, MiddlewareHandler } from 'hono';
import { Fault } from '../core/fault';
import type { FrontEnv } from './front';
import { withScope, withSecretKey } from './with-account';

/** Requires a key that may read what its account has; where the query names an account, one that may run the deployment. */
export const withReader: MiddlewareHandler<FrontEnv> = (c, next) =>
  withScope(c.req.query('account') === undefined ? 'read' : 'admin')(c, next);

/** The same for lists that name tasks, where a key of a web page will not do: who has a task's id can cancel it. */
export const withSecretReader: MiddlewareHandler<FrontEnv> = (c, next) =>
  (c.req.query('account') === undefined ? withSecretKey('read') : withScope('admin'))(c, next);

/** Whose report is asked for, behind {@link withReader}: the caller's own unless another is named; null: `*`, all together. */
export function accountAsked(c: Context<FrontEnv>, asked: string | undefined): string | null {
  if (asked === undefined) return c.var.account.id;
  return asked === '*' ? null : asked;
}

/** The same where one account must be meant. @throws Fault naming `account`. */
export function oneAccountAsked(c: Context<FrontEnv>, asked: string | undefined): string {
  const accountId = accountAsked(c, asked);
  if (accountId === null) throw Fault.ofField('account', 'expected the id of one account: each keeps its own tasks.');
  return accountId;
}
