import type { Context, MiddlewareHandler } from 'hono';
import type { Scope } from '../accounts/api-key';
import { checkPermission, type KeyUse } from '../accounts/key-permissions';
import { anyCredential, schemeCredential } from '../core/credential';
import { Fault } from '../core/fault';
import { knownHolder } from './authenticate';
import type { FrontEnv } from './front';
import { noteHolder } from './request-log';
import { countKeyless } from './visitors';

/**
 * Requires a key with a scope, in whatever header the dialects know. The account and the key are then in `c.var`.
 * Routes with the scope `admin` take the operator's token too, which has neither: they know `c.var.actor` alone.
 */
export function withScope(scope: Scope): MiddlewareHandler<FrontEnv> {
  return withKey({ scopes: [scope], needsSecret: false });
}

/** The same, and a secret key: one that stands in web pages, where everybody can copy it, will not do. */
export function withSecretKey(scope: Scope): MiddlewareHandler<FrontEnv> {
  return withKey({ scopes: [scope], needsSecret: true });
}

/** Requires a key that may read what its account has. */
export const withAccount = withScope('read');

/** The same, or the operator's token, with which `c.var.holder` is null and there is no account. */
export const withAccountOrToken = withKey({ scopes: ['read', 'admin'], needsSecret: false });

/** Requires a key, whatever it may do. */
export const withAnyKey = withKey({ scopes: [], needsSecret: false });

type Needed = Pick<KeyUse, 'scopes' | 'needsSecret'>;

function withKey(needed: Needed): MiddlewareHandler<FrontEnv> {
  const isForAdmins = needed.scopes.every((scope) => scope === 'admin') && needed.scopes.length > 0;
  return async (c, next) => {
    // Before anything is refused: no page of another site is to read that either.
    if (isForAdmins) c.set('isForAdmins', true);
    await countKeyless(c, identify(c, needed));
    await next();
    c.header('cache-control', 'private, no-store');
  };
}

async function identify(c: Context<FrontEnv>, needed: Needed): Promise<void> {
  const { headers, url } = c.req.raw;
  const { keyRing } = c.var.front;
  const token = schemeCredential(headers, ['Bearer']);
  if (needed.scopes.includes('admin') && token !== null && keyRing.isAdminToken(token)) {
    c.set('holder', null);
    c.set('actor', 'admin-token');
    c.set('isForAdmins', true);
    return;
  }
  const key = anyCredential(headers);
  if (key === null) throw new Fault('unauthenticated', 'An API key is needed: send it as "Authorization: Bearer …".');
  const holder = await knownHolder(keyRing, key, new URL(url).origin);
  checkPermission(holder.key, { ...needed, dialect: null, origin: headers.get('origin') });
  c.set('account', holder.account);
  c.set('holder', holder);
  c.set('actor', holder.key.id);
  noteHolder(c.var.facts, 'fluxgate', holder);
}
