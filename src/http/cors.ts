import type { Context } from 'hono';
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { KeyHolder } from '../accounts/api-key';
import { Fault } from '../core/fault';
import type { FrontEnv } from './front';

/** What runs the deployment is no business of any page's: it answers no other site. */
const closed = /^\/(v1\/admin|metrics)(\/|$)/;
const preflightSeconds = 86_400;

/** All that this needs of a request: any app's context has it. */
type AnswerContext = Pick<Context, 'req' | 'res'> & {
  readonly var: Readonly<Pick<FrontEnv['Variables'], 'holder' | 'isForAdmins'>>;
};

const open = cors({ origin: '*', maxAge: preflightSeconds });

/**
 * Answers a browser that asks whether a page may send a request. It tells no key with that, so the answer is the same
 * for all origins and queries; which key works where is for the request itself, and an answer for administrators names no
 * origin, so that a page which was let send it (`?account=*`) reads nothing.
 */
export const preflight = createMiddleware<FrontEnv>(async (c, next) => {
  if (isClosed(c)) throw new Fault('forbidden', 'Pages of other sites cannot administrate this service.');
  return await open(c, next);
});

/**
 * Says which pages may read an answer: those of any site, and of a key that is bound to origins only the one that used
 * it. What is for administrators alone is for no other site's, wherever it is asked for. Answers with a key never have it from a cookie, so there is nothing that another site could have sent along.
 *
 * @param isOwn whether it is a page of our own, which may hold the key of the machine that it is opened on.
 */
export function allowOrigin(c: AnswerContext, isOwn: boolean): void {
  if (isOwn || isClosed(c) || c.var.isForAdmins === true) return;
  const { headers } = c.res;
  headers.set('access-control-expose-headers', '*');
  const origin = boundOrigin(c.var.holder ?? null, c.req.header('origin'));
  headers.set('access-control-allow-origin', origin ?? '*');
  if (origin !== null) headers.append('vary', 'Origin');
}

/** The path as it is routed: what is percent-encoded in it is the same path. */
const isClosed = (c: Pick<Context, 'req'>) => closed.test(c.req.path);

function boundOrigin(holder: KeyHolder | null, origin: string | undefined): string | null {
  const origins = holder?.key.origins ?? null;
  return origins !== null && origin !== undefined && origins.includes(origin) ? origin : null;
}
