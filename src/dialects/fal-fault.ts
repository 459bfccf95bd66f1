import type { WireResponse } from '../core/dialect';
import type { Fault, FaultCode, FaultIssue } from '../core/fault';
import type { Json } from '../core/json';

/**
 * The kinds of errors that fal names, and their statuses where they are not our own. fal's clients repeat 502, 503 and
 * 504 by themselves: what may have been bought is none of these. Source: https://fal.ai/docs/documentation/model-apis/request-errors
 */
const wording: Partial<Record<FaultCode, { readonly type: string; readonly status?: number }>> = {
  cancelled: { type: 'client_cancelled', status: 499 },
  internal: { type: 'internal_error' },
  provider_failed: { type: 'runner_server_error', status: 500 },
  outcome_unknown: { type: 'runner_disconnected', status: 500 },
  unavailable: { type: 'runner_scheduling_failure' },
  wait_exceeded: { type: 'request_timeout' },
};
const isModeration: ReadonlySet<FaultCode> = new Set(['moderated_request', 'moderated_output']);
/** The same request again could buy a second picture. */
const mayHaveBought: ReadonlySet<FaultCode> = new Set(['outcome_unknown', 'wait_exceeded']);
/** What fal's clients repeat by themselves. */
const repeated: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** fal's name of what went wrong; null where it has none. */
export function errorTypeOf(fault: Fault): string | null {
  if (isModeration.has(fault.code)) return 'content_policy_violation';
  return wording[fault.code]?.type ?? null;
}

/** A fault as fal answers it: a list with places for what is wrong with the input, a sentence for everything else. */
export function encodeFalFault(fault: Fault, requestId: string): WireResponse {
  const isInput = fault.code === 'invalid_request' || isModeration.has(fault.code);
  const words = wording[fault.code];
  return {
    status: isInput ? 422 : (words?.status ?? fault.status),
    headers: {
      'x-fal-request-id': fault.details.taskId ?? requestId,
      'x-fal-retryable': String(fault.isRetryable && !mayHaveBought.has(fault.code)),
      ...(words === undefined ? {} : { 'x-fal-error-type': words.type }),
      // fal's clients repeat a 504 unless they are told that the time limit was the caller's own.
      ...(fault.code === 'wait_exceeded' ? { 'x-fal-request-timeout-type': 'user' } : {}),
    },
    body: faultBody(fault),
  };
}

/** How a request that failed is told to who asks for its result: asking again would tell the same. */
export function encodeFailure(fault: Fault, requestId: string): WireResponse {
  const answer = encodeFalFault(fault, requestId);
  return repeated.has(answer.status) ? { ...answer, status: 500 } : answer;
}

/** The body of such an answer; webhooks carry it too. fal's client for Python reads `detail`, the one for JavaScript `message`. */
export function faultBody(fault: Fault): Json {
  const { message } = fault;
  const detail = detailOf(fault);
  const words = wording[fault.code];
  return { detail, message, ...(words === undefined ? {} : { error_type: words.type }) };
}

function detailOf(fault: Fault): Json {
  const { code, message, details } = fault;
  if (code === 'moderated_request')
    return [{ loc: ['body', 'prompt'], msg: message, type: 'content_policy_violation' }];
  if (code === 'moderated_output') return [{ loc: ['body'], msg: message, type: 'content_policy_violation' }];
  if (code !== 'invalid_request') return message;
  const issues = details.issues ?? [];
  return issues.length === 0 ? [{ loc: ['body'], msg: message, type: 'value_error' }] : issues.map(wireIssue);
}

function wireIssue({ path, message }: FaultIssue): Json {
  const place = path.map(String);
  return { loc: place[0] === 'query' ? place : ['body', ...place], msg: message, type: 'value_error' };
}
