import type { WireJson, WireResponse } from '../core/dialect';
import type { Fault, FaultCode } from '../core/fault';

interface Wording {
  readonly type: string;
  /** OpenRouter's word for it, the same in all of its APIs. */
  readonly errorType: string;
  readonly status?: number;
}

/**
 * By what went wrong: `type` as OpenAI and hinow word it. hinow's SDK repeats every 5xx by itself, whatever the headers
 * say: what may have been bought, or is still being made, is therefore a conflict.
 */
const wording: Record<FaultCode, Wording> = {
  invalid_request: { type: 'invalid_request_error', errorType: 'invalid_request' },
  no_provider: { type: 'invalid_request_error', errorType: 'invalid_request' },
  moderated_request: { type: 'invalid_request_error', errorType: 'content_policy_violation' },
  moderated_output: { type: 'invalid_request_error', errorType: 'content_policy_violation' },
  unauthenticated: { type: 'authentication_error', errorType: 'authentication' },
  insufficient_credit: { type: 'insufficient_quota', errorType: 'payment_required' },
  forbidden: { type: 'permission_error', errorType: 'permission_denied' },
  not_found: { type: 'invalid_request_error', errorType: 'not_found' },
  model_not_found: { type: 'invalid_request_error', errorType: 'not_found' },
  task_not_found: { type: 'invalid_request_error', errorType: 'not_found' },
  method_not_allowed: { type: 'invalid_request_error', errorType: 'invalid_request' },
  conflict: { type: 'invalid_request_error', errorType: 'precondition_failed' },
  payload_too_large: { type: 'invalid_request_error', errorType: 'payload_too_large' },
  unsupported_media_type: { type: 'invalid_request_error', errorType: 'invalid_request' },
  range_not_satisfiable: { type: 'invalid_request_error', errorType: 'invalid_request' },
  cancelled: { type: 'invalid_request_error', errorType: 'unmapped' },
  rate_limited: { type: 'rate_limit_error', errorType: 'rate_limit_exceeded' },
  internal: { type: 'server_error', errorType: 'server' },
  provider_failed: { type: 'server_error', errorType: 'provider_unavailable' },
  outcome_unknown: { type: 'server_error', errorType: 'unmapped', status: 409 },
  unavailable: { type: 'server_error', errorType: 'provider_overloaded' },
  wait_exceeded: { type: 'server_error', errorType: 'timeout', status: 409 },
};

/** Retrying these by itself, as OpenAI's client does, could buy a second picture. */
const mayHaveBought: ReadonlySet<FaultCode> = new Set(['outcome_unknown', 'provider_failed', 'wait_exceeded']);

/**
 * One shape for all who call: OpenAI's `message`, `type` and `param`; OpenRouter's whole number in `code`, which is the
 * status and which its SDK insists on, and its `metadata`.
 */
export function chatError(fault: Fault): WireJson {
  const { type, errorType } = wording[fault.code];
  const isModerated = errorType === 'content_policy_violation';
  return {
    message: fault.message,
    type,
    code: chatStatus(fault),
    param: fault.field,
    metadata: {
      error_type: errorType,
      fault: fault.code,
      ...(isModerated ? { reasons: [fault.message] } : {}),
      ...(fault.details.taskId === undefined ? {} : { task: fault.details.taskId }),
    },
  };
}

export function encodeChatFault(fault: Fault): WireResponse {
  return {
    status: chatStatus(fault),
    headers: mayHaveBought.has(fault.code) ? { 'x-should-retry': 'false' } : {},
    body: { error: chatError(fault) },
  };
}

function chatStatus(fault: Fault): number {
  return wording[fault.code].status ?? fault.status;
}
