import { Fault } from '../core/fault';
import type { ApiKey, Scope } from './api-key';

/** What a key is about to be used for. */
export interface KeyUse {
  /** Any of these will do; none: every key will. */
  readonly scopes: readonly Scope[];
  /** The dialect that it is used in; null: a route that belongs to all of them. */
  readonly dialect: string | null;
  /** The `Origin` that a browser sent; null: none was sent. */
  readonly origin: string | null;
  /** Whether one that stands in web pages, where everybody can copy it, will not do. */
  readonly needsSecret: boolean;
}

/** @throws Fault `forbidden` that says what the key may be used for. */
export function checkPermission(key: ApiKey, use: KeyUse): void {
  const { scopes, dialects, origins } = key;
  if (use.scopes.length > 0 && !use.scopes.some((scope) => scopes.includes(scope))) {
    const [needed, held] = [use.scopes.join(' or '), scopes.join(', ') || 'none'];
    throw new Fault('forbidden', `This needs a key with the scope ${needed}; this key has ${held}.`);
  }
  if (dialects !== null && use.dialect !== null && !dialects.includes(use.dialect)) {
    const message = `This key does not work in the dialect ${use.dialect}; it works in ${dialects.join(', ')}.`;
    throw new Fault('forbidden', message);
  }
  if (origins !== null && (use.origin === null || !origins.includes(use.origin))) {
    const message = `This key works only in pages of ${origins.join(', ')}, whose browsers say so in the Origin header.`;
    throw new Fault('forbidden', message);
  }
  if (use.needsSecret && key.kind !== 'live')
    throw new Fault('forbidden', 'This needs a secret key (fg_live_…); keys of web pages cannot do this.');
}
