import type { Context } from 'hono';
import { placeholderSvg } from '../core/placeholder';
import type { Task } from '../core/task';
import type { LinkTarget } from '../pipeline/linked-picture';
import type { FrontEnv } from './front';

const refreshSeconds = 5;
const never = { 'cache-control': 'no-store' };

/** What stands where the picture will be: only for who asked for it, and never kept. */
export function standIn(
  c: Context<FrontEnv>,
  { request }: LinkTarget,
  { status, retryAfterSeconds }: { status: 200 | 202; retryAfterSeconds: number | null },
): Response {
  return c.body(placeholderSvg(request, request.seed), status, {
    ...never,
    'content-type': 'image/svg+xml',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'x-fluxgate-placeholder': 'true',
    ...(retryAfterSeconds === null
      ? {}
      : { refresh: String(refreshSeconds), 'retry-after': String(retryAfterSeconds) }),
  });
}

/** That the picture is in the making, as data. */
export function pendingAnswer(c: Context<FrontEnv>, task: Task): Response {
  const { origin } = new URL(c.req.url);
  const urls = { self: `${origin}/v1/tasks/${task.id}`, events: `${origin}/v1/tasks/${task.id}/events` };
  const body = { object: 'task', id: task.id, status: task.status, fingerprint: task.fingerprint, urls };
  return c.json(body, 202, { ...never, 'retry-after': '2' });
}

/**
 * What a HEAD is told of a picture that is not there: that a GET would have it made. It is safe (RFC 9110, 9.2.1), so it
 * begins nothing; and no 404, as checkers of links and crawlers would take the link for broken.
 */
export function unmadeAnswer(c: Context<FrontEnv>, { fingerprint, request }: LinkTarget): Response {
  const traits = { 'x-fluxgate-fingerprint': fingerprint, 'x-fluxgate-seed': String(request.seed) };
  return c.body(null, 202, { ...never, ...traits });
}
