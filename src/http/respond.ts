import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Dialect, WireResponse } from '../core/dialect';
import { Fault, type RateLimit, toFault } from '../core/fault';
import type { Task } from '../core/task';
import type { FrontEnv } from './front';
import { wireJsonBody } from './wire-json';

/** All that answering needs of a request: any app's context has it. */
type FaultContext = Pick<Context, 'body' | 'req'> & {
  readonly var: Readonly<Pick<FrontEnv['Variables'], 'requestId' | 'facts'>>;
};

/** Answers that depend on a key are nobody else's. */
const privately = { 'cache-control': 'private, no-store' };

/** Sends a dialect's answer. */
export function answer(c: FaultContext, wire: WireResponse, headers: Readonly<Record<string, string>> = {}): Response {
  const all = { ...privately, ...headers, ...wire.headers };
  if (wire.body === null) return c.body(null, wire.status as 204, all);
  return c.body(wireJsonBody(wire.body), wire.status as 200, { 'content-type': 'application/json', ...all });
}

/** Sends whatever was thrown in the dialect's own shape; what is our own fault is logged in full and shown in none. */
export function answerFault(c: FaultContext, dialect: Dialect, thrown: unknown): Response {
  const fault = URL.canParse(c.req.url) ? faultOf(thrown) : nowhere();
  c.var.facts.fault = fault.code;
  c.var.facts.dialect ??= dialect.id;
  if (fault.code === 'internal' || isAway(thrown)) logInternal(c, fault);
  return answer(c, dialect.encodeFault(fault, c.var.requestId), faultHeaders(fault));
}

/** Hono's own exceptions are about requests it could not read. */
function faultOf(thrown: unknown): Fault {
  if (thrown instanceof HTTPException && thrown.status < 500) return new Fault('invalid_request', thrown.message);
  if (!isAway(thrown)) return toFault(thrown);
  return new Fault('unavailable', 'A part of the service does not answer just now.', {
    retryAfterSeconds: 2,
    cause: thrown,
  });
}

/** Whether a binding could not be reached, rather than did what it was told wrongly. */
function isAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || thrown instanceof Fault) return false;
  if ('retryable' in thrown && thrown.retryable === true) return true;
  return thrown.message.startsWith('D1_ERROR') && !/SQLITE_(ERROR|CONSTRAINT)|no such/.test(thrown.message);
}

/** What was thrown is then our own failing to read the URL, which has the `Host` header as it was sent. */
const nowhere = () => new Fault('invalid_request', 'The Host header of the request names no host.');

export function faultHeaders(fault: Fault): Record<string, string> {
  const { retryAfterSeconds, allow, taskId, sizeBytes, rateLimit } = fault.details;
  return {
    'x-fluxgate-error': fault.code,
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.min(60, Math.ceil(retryAfterSeconds))) }),
    ...(rateLimit === undefined ? {} : rateLimitHeaders(rateLimit)),
    ...(allow === undefined ? {} : { allow: allow.join(', ') }),
    ...(taskId === undefined ? {} : { 'x-fluxgate-task': taskId }),
    ...(sizeBytes === undefined ? {} : { 'content-range': `bytes */${sizeBytes}` }),
  };
}

/** As clients know them today, and as the IETF's draft has them. */
function rateLimitHeaders({ limit, windowSeconds, remaining, resetSeconds }: RateLimit): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
    'ratelimit-policy': `"default";q=${limit};w=${windowSeconds}`,
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
  };
}

/** What every answer about pictures tells in its headers, whatever the dialect has fields for. */
export function taskHeaders(tasks: readonly Task[]): Record<string, string> {
  const first = tasks[0];
  if (first === undefined) return {};
  return {
    'x-fluxgate-seed': String(first.request.seed),
    'x-fluxgate-fingerprint': first.fingerprint,
    'x-fluxgate-task': first.id,
    'x-fluxgate-source': first.source,
    ...(first.provider === null ? {} : { 'x-fluxgate-provider': first.provider }),
    ...(first.provider === 'sandbox' ? { 'x-fluxgate-sandbox': 'true' } : {}),
    ...pictureHeaders(first),
  };
}

/** Where the picture is, once there is one: a hit needs no second request in a dialect that answers with a task alone. */
function pictureHeaders({ picture }: Task): Record<string, string> {
  if (picture === null) return {};
  const { url, width, height, determinism, glimpse } = picture;
  return {
    'x-fluxgate-picture': url,
    // As the picture's own URL tells them: `traitHeaders` in src/storage/picture-store.ts.
    'x-fluxgate-width': String(width),
    'x-fluxgate-height': String(height),
    'x-fluxgate-determinism': determinism,
    ...(glimpse === null ? {} : { 'x-fluxgate-thumbhash': glimpse.thumbhash, 'x-fluxgate-color': glimpse.color }),
  };
}

/** What was understood otherwise than it was sent. */
export function notesHeader(notes: readonly string[]): Record<string, string> {
  return notes.length === 0 ? {} : { 'x-fluxgate-notes': notes.join('; ') };
}

function logInternal(c: FaultContext, fault: Fault): void {
  const cause = fault.cause instanceof Error ? fault.cause.stack : String(fault.cause);
  console.error(JSON.stringify({ event: 'internal', request: c.var.requestId, path: c.req.routePath, cause }));
}
