import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { KeyHolder } from '../accounts/api-key';
import type { FaultCode } from '../core/fault';
import type { Task } from '../core/task';

/** Which requests get a line. */
export const loggedRequests = ['all', 'errors', 'none'] as const;
export type LoggedRequests = (typeof loggedRequests)[number];

/**
 * What is found out about a request while it is served, for its line in the log. Never a key, a prompt, a picture, a
 * query, a vendor's token or a client's address: what could be one has no field here.
 */
export interface RequestFacts {
  dialect?: string;
  fault?: FaultCode;
  account?: string;
  key?: string;
  task?: string;
  fingerprint?: string;
  source?: string;
  provider?: string;
  quoted_micros?: number;
  /** What its account was charged until it was answered. Who joins, or does not wait, is charged later. */
  spent_micros?: number;
  /** A picture that was there: such a hit gets no line, whose writing would take a good part of its time. */
  isPictureHit?: boolean;
}

/** Notes who asks. */
export function noteHolder(facts: RequestFacts, dialect: string, holder: KeyHolder | null): void {
  facts.dialect = dialect;
  if (holder === null) return;
  facts.account = holder.account.id;
  facts.key = holder.key.id;
}

/** Notes what the account is charged for it, besides what was noted before. */
export function noteCharge(facts: RequestFacts, micros: number): void {
  facts.spent_micros = (facts.spent_micros ?? 0) + micros;
}

/** Notes what it was about: the first of several tasks, and what all of them were quoted at. */
export function noteTasks(facts: RequestFacts, tasks: readonly Task[]): void {
  const first = tasks[0];
  if (first === undefined) return;
  facts.task = first.id;
  facts.fingerprint = first.fingerprint;
  facts.source = first.source;
  if (first.provider !== null) facts.provider = first.provider;
  facts.quoted_micros = tasks.reduce((sum, { cost }) => sum + cost.quotedMicros, 0);
  noteCharge(facts, 0);
}

/** Writes the line of a request that was answered: one JSON object. */
export function logRequest(
  c: Context,
  {
    logged,
    facts,
    request,
    startedAt,
  }: { logged: LoggedRequests; facts: RequestFacts; request: string; startedAt: number },
): void {
  const { status, headers } = c.res;
  const { isPictureHit = false, ...told } = facts;
  if (logged === 'none' || ((logged === 'errors' || isPictureHit) && status < 400)) return;
  const { cf } = c.req.raw;
  console.log(
    JSON.stringify({
      event: 'request',
      request,
      method: c.req.method,
      route: routeOf(c),
      status,
      ...told,
      duration_ms: Date.now() - startedAt,
      bytes: numberOf(headers.get('content-length')),
      colo: cf?.colo,
      ray: c.req.raw.headers.get('cf-ray') ?? undefined,
    }),
  );
}

/** The pattern that matched, never the path itself: what stands in a link may be all that protects it. */
function routeOf(c: Context): string {
  return matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'none';
}

const numberOf = (text: string | null) => (text === null ? undefined : Number(text));
