import type { Context, MiddlewareHandler } from 'hono';
import type { Scope } from '../accounts/api-key';
import { checkPermission } from '../accounts/key-permissions';
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
  return async (c, next) => {
    await countKeyless(c, identify(c, scope));
    await next();
    c.header('cache-control', 'private, no-store');
  };
}

/** The same, and a secret key: one that stands in web pages, where everybody can copy it, will not do. */
export function withSecretKey(scope: Scope): MiddlewareHandler<FrontEnv> {
  const scoped = withScope(scope);
  return async (c, next) =>
    await scoped(c, async () => {
      if (c.var.holder?.key.kind === 'live') return await next();
      throw new Fault('forbidden', 'This needs a secret key (fg_live_…); keys of web pages cannot do this.');
    });
}

/** Requires a key that may read what its account has. */
export const withAccount = withScope('read');

async function identify(c: Context<FrontEnv>, scope: Scope): Promise<void> {
  const { headers, url } = c.req.raw;
  const { keyRing } = c.var.front;
  const token = schemeCredential(headers, ['Bearer']);
  if (scope === 'admin' && token !== null && keyRing.isAdminToken(token)) {
    c.set('holder', null);
    c.set('actor', 'admin-token');
    return;
  }
  const key = anyCredential(headers);
  if (key === null) throw new Fault('unauthenticated', 'An API key is needed: send it as "Authorization: Bearer …".');
  const holder = await knownHolder(keyRing, key, new URL(url).origin);
  checkPermission(holder.key, { scopes: [scope], dialect: null, origin: headers.get('origin') });
  c.set('account', holder.account);
  c.set('holder', holder);
  c.set('actor', holder.key.id);
  noteHolder(c.var.facts, 'fluxgate', holder);
}
