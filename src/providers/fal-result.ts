import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../core/json';
import type { Charge, Progress } from '../core/provider';
import { lenientText } from './bfl-answer';
import { pollFault } from './purchase';
import { retryAfterSeconds, type VendorAnswer } from './vendor-call';

/** Which request was asked about, and when. */
export interface FalPoll {
  readonly ticket: { readonly acceptedAt: number };
  readonly title: string;
  readonly now: number;
}

/** What fal says of a request: its status and, once that says COMPLETED, its result. */
export interface FalAnswers {
  readonly status: VendorAnswer;
  readonly result: VendorAnswer | null;
}

/** Whether a request has ended, well or badly: only its result tells which. */
export function isCompleted(status: VendorAnswer): boolean {
  return isSuccess(status) && statusIn(status) === 'COMPLETED';
}

/** Whether a request ended because it was cancelled. */
export function wasCancelled({ result }: FalAnswers): boolean {
  return result !== null && !isSuccess(result) && errorTypeOf(result) === 'client_cancelled';
}

/**
 * What the answers to a poll say of a request.
 * @throws Fault when they say nothing of it; it may be asked again.
 */
export function falProgress({ status, result }: FalAnswers, poll: FalPoll): Progress {
  if (result !== null) return isSuccess(result) ? pictureOf(result, poll) : failureOf(result, status, poll);
  const word = isSuccess(status) ? statusIn(status) : null;
  if (word !== null && working.has(word)) return pendingOf(status, poll.now);
  if (word !== null) return waitOrEnd(status, poll, patienceMs.unknown);
  if (status.status === 404 && isJsonObject(status.json)) return waitOrEnd(status, poll, patienceMs.missing);
  throw pollFault(poll.title, status, poll.now);
}

const working: ReadonlySet<string> = new Set(['IN_QUEUE', 'IN_PROGRESS']);

/** How old a request may grow while what is said of it makes no sense. */
const patienceMs = {
  /** Another server may not know yet what one accepted. */
  missing: 120_000,
  unknown: 600_000,
} as const;

const resultSchema = z.object({
  images: z.array(z.object({ url: lenientText })).catch([]),
  has_nsfw_concepts: z.array(z.unknown()).catch([]),
});

/** fal's safety checker blackens a picture that it flags, and delivers that. */
function pictureOf(result: VendorAnswer, poll: FalPoll): Progress {
  const { images, has_nsfw_concepts } = resultSchema.parse(isJsonObject(result.json) ? result.json : {});
  if (has_nsfw_concepts[0] === true) return moderated('output', poll.title);
  const url = images[0]?.url ?? null;
  if (url === null || url === '') return waitOrEnd(result, poll, patienceMs.unknown);
  return { kind: 'ready', output: { url }, charge: null };
}

/** Statuses that are about the poll and not about the request. */
const ofThePoll: ReadonlySet<number> = new Set([401, 402, 403, 408, 429]);

/**
 * https://fal.ai/docs/documentation/model-apis/errors and …/request-errors: a request's own failure is a list of issues,
 * or has a type. What is neither may be the queue's trouble, and is believed only when it has lasted.
 */
function failureOf(result: VendorAnswer, status: VendorAnswer, poll: FalPoll): Progress {
  const { title, now, ticket } = poll;
  const body = isJsonObject(result.json) ? result.json : null;
  if (body === null || body.detail === undefined || ofThePoll.has(result.status)) throw pollFault(title, result, now);
  const violation = violationIn(body);
  if (violation !== null) return moderated(violation, title);
  if (result.status === 404) return waitOrEnd(result, poll, patienceMs.missing);
  const isOwn = Array.isArray(body.detail) || errorTypeOf(result) !== null || hasError(status) || result.status === 422;
  if (!isOwn && now - ticket.acceptedAt < patienceMs.unknown) throw pollFault(title, result, now);
  if (errorTypeOf(result) === 'client_cancelled') {
    return failed(title, 'cancelled the request before the picture was made.', null);
  }
  // https://fal.ai/docs/documentation/model-apis/faq: 500 and above are never charged, a 422 may be.
  return failed(title, 'accepted the request and failed to make the picture.', result.status >= 500 ? 0 : null);
}

/** What an issue says was against the policy; null where none does. */
function violationIn({ detail }: JsonObject): 'request' | 'output' | null {
  const issues = Array.isArray(detail) ? detail.filter(isJsonObject) : [];
  const violation = issues.find(({ type }) => type === 'content_policy_violation');
  if (violation === undefined) return null;
  const path = Array.isArray(violation.loc) ? violation.loc : [];
  return path.some((part) => part === 'prompt' || part === 'image_urls') ? 'request' : 'output';
}

function moderated(what: 'request' | 'output', title: string): Progress {
  const fault =
    what === 'request'
      ? ({ code: 'moderated_request', message: `${title} refused the request as against its content policy.` } as const)
      : ({
          code: 'moderated_output',
          message: `${title} withheld the picture as against its content policy.`,
        } as const);
  return { kind: 'failed', fault, charge: null };
}

function waitOrEnd(answer: VendorAnswer, { ticket, title, now }: FalPoll, patience: number): Progress {
  if (now - ticket.acceptedAt < patience) return pendingOf(answer, now);
  return failed(title, 'accepted the request and did not say where the picture is.', null);
}

function failed(title: string, message: string, charge: Charge): Progress {
  return { kind: 'failed', fault: { code: 'provider_failed', message: `${title} ${message}` }, charge };
}

function pendingOf({ headers }: VendorAnswer, now: number): Progress {
  const seconds = retryAfterSeconds(headers, now);
  return { kind: 'pending', progress: null, pollAfterMs: seconds === undefined ? null : seconds * 1000 };
}

function errorTypeOf({ json, headers }: VendorAnswer): string | null {
  const type = isJsonObject(json) ? json.error_type : null;
  return typeof type === 'string' ? type : headers.get('x-fal-error-type');
}

const hasError = ({ json }: VendorAnswer) => isJsonObject(json) && typeof json.error === 'string';

function statusIn({ json }: VendorAnswer): string | null {
  return isJsonObject(json) && typeof json.status === 'string' ? json.status : null;
}

const isSuccess = ({ status }: VendorAnswer) => status >= 200 && status < 300;
