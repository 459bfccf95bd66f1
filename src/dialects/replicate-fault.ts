import type { WireResponse } from '../core/dialect';
import type { Fault, FaultCode } from '../core/fault';
import type { Json } from '../core/json';

const statuses: Partial<Record<FaultCode, number>> = { invalid_request: 422 };

const titles: Readonly<Record<FaultCode, string>> = {
  invalid_request: 'Input validation failed',
  no_provider: 'Unsupported request',
  moderated_request: 'Sensitive content',
  moderated_output: 'Sensitive content',
  unauthenticated: 'Unauthenticated',
  insufficient_credit: 'Insufficient credit',
  forbidden: 'Forbidden',
  not_found: 'Not found',
  model_not_found: 'Model not found',
  task_not_found: 'Prediction not found',
  method_not_allowed: 'Method not allowed',
  conflict: 'Conflict',
  payload_too_large: 'Content too large',
  unsupported_media_type: 'Unsupported media type',
  range_not_satisfiable: 'Range not satisfiable',
  cancelled: 'Canceled',
  rate_limited: 'Too many requests',
  internal: 'Internal server error',
  provider_failed: 'Provider failed',
  outcome_unknown: 'Outcome unknown',
  unavailable: 'Service unavailable',
  wait_exceeded: 'Timed out',
};

/** Replicate's errors are problem details: its clients show `title`, `status` and `detail`. */
export function encodeReplicateFault(fault: Fault): WireResponse {
  const status = statuses[fault.code] ?? fault.status;
  return { status, body: { title: titles[fault.code], detail: detailOf(fault), status, ...extras(fault) } };
}

function detailOf(fault: Fault): string {
  const { issues = [], retryAfterSeconds } = fault.details;
  if (fault.code === 'unauthenticated') return `You did not pass a valid authentication token. ${fault.message}`;
  if (fault.code === 'rate_limited' && retryAfterSeconds !== undefined) {
    const seconds = Math.ceil(retryAfterSeconds);
    const unit = seconds === 1 ? 'second' : 'seconds';
    return `Request was throttled. Expected available in ${seconds} ${unit}. ${fault.message}`;
  }
  if (issues.length === 0) return fault.message;
  return issues.map(({ path, message }) => `- ${[fieldOf(path), message].filter(Boolean).join(': ')}\n`).join('');
}

function extras(fault: Fault): { readonly [key: string]: Json } {
  const { issues = [], retryAfterSeconds } = fault.details;
  if (fault.code === 'rate_limited' && retryAfterSeconds !== undefined)
    return { retry_after: Math.ceil(retryAfterSeconds) };
  if (fault.code !== 'invalid_request') return {};
  const fields = issues.map(({ path, message }) => ({ type: 'invalid', field: fieldOf(path), description: message }));
  return { invalid_fields: fields };
}

/** An upload's file is the field `content` here. */
const fieldOf = (path: readonly (string | number)[]) => (path[0] === 'file' ? 'content' : path.join('.'));
