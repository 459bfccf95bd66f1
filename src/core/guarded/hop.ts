import { checkPublicUrl } from '../public-address';
import { GuardError } from './guard-error';

export interface GuardedRequest {
  readonly url: string;
  /** GET where absent. */
  readonly method?: string;
  readonly headers?: HeadersInit;
  /** Held whole, so that a redirect can send it again. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** One request on the way that redirects lead. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** The only headers of the caller's that leave their origin: whatever else there is may be a credential. */
const portableHeaders: ReadonlySet<string> = new Set(['accept', 'accept-language', 'range', 'user-agent']);

/** @throws GuardError `address` */
export function firstHop(request: GuardedRequest, trustedOrigins: readonly string[]): Hop {
  const { url, method = 'GET', headers, body = null } = request;
  const check = checkPublicUrl(url, trustedOrigins);
  if ('reason' in check) throw new GuardError('address', `The URL cannot be fetched: expected ${check.reason}.`);
  const own = new Headers(headers);
  own.delete('cookie');
  return { url: check.url, method: method.toUpperCase(), headers: own, body };
}

/**
 * Where a redirect leads: https://fetch.spec.whatwg.org/#http-redirect-fetch, save that a body stays with its origin.
 * @throws GuardError `redirect`
 */
export function nextHop(hop: Hop, to: { status: number; location: string }, trustedOrigins: readonly string[]): Hop {
  const check = checkPublicUrl(URL.parse(to.location, hop.url.href)?.href ?? '', trustedOrigins);
  if ('reason' in check) {
    throw new GuardError('redirect', `The URL redirects to one that cannot be fetched: expected ${check.reason}.`);
  }
  const { url } = check;
  const dropsBody = to.status === 303 ? hop.method !== 'HEAD' : to.status < 303 && hop.method === 'POST';
  const [method, body] = dropsBody ? ['GET', null] : [hop.method, hop.body];
  if (url.origin === hop.url.origin) return { url, method, headers: withoutBodyHeaders(hop.headers, body), body };
  if (body !== null) throw new GuardError('redirect', 'The URL redirects what was sent to another origin.');
  return { url, method, headers: portable(hop.headers), body };
}

function withoutBodyHeaders(headers: Headers, body: Hop['body']): Headers {
  const isKept = (name: string) => body !== null || !name.startsWith('content-');
  return new Headers([...headers].filter(([name]) => isKept(name)));
}

function portable(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => portableHeaders.has(name)));
}
