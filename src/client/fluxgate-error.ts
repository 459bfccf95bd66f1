import type { ErrorIssue, WireError } from './task-state';

/** The service's codes, and this client's own: no answer came, or one that made no sense. */
export type ErrorCode = WireError['code'] | 'unreachable' | 'incomplete';

export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly message: string;
  /** Of the HTTP answer that told it; 0 where there was none. */
  readonly status?: number;
  readonly issues?: readonly ErrorIssue[];
  readonly retryAfterSeconds?: number | null;
  readonly taskId?: string | null;
  readonly requestId?: string | null;
  readonly cause?: unknown;
}

/** Codes of which the same request may succeed later, unchanged. The last two are this client's own. */
const retryableCodes =
  /^(rate_limited|internal|provider_failed|outcome_unknown|unavailable|wait_exceeded|unreachable|incomplete)$/;

/**
 * The one error of this client. Decide by `code`, never by the message. Besides the service's codes there are
 * `unreachable` (no answer came) and `incomplete` (an answer made no sense).
 */
export class FluxgateError extends Error {
  override readonly name = 'FluxgateError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly issues: readonly ErrorIssue[];
  readonly retryAfterSeconds: number | null;
  /** The task that goes on although this request ended, or that failed. */
  readonly taskId: string | null;
  /** For the operator, who finds it in the log. */
  readonly requestId: string | null;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.status = facts.status ?? 0;
    this.issues = facts.issues ?? [];
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.taskId = facts.taskId ?? null;
    this.requestId = facts.requestId ?? null;
  }

  get isRetryable(): boolean {
    return retryableCodes.test(this.code);
  }

  /** The client and its administration are two files for browsers, each with a class of its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'FluxgateError';
  }
}

/** A BFL answer's `detail`: a sentence, or places with what is wrong there. */
type Detail = string | readonly { readonly loc: readonly string[]; readonly msg: string }[];

/** For answers of something in between, which name no code. */
const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  402: 'insufficient_credit',
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
};

/** The error that an HTTP answer tells, in our own shape or in BFL's. */
export async function errorOfResponse(response: Response): Promise<FluxgateError> {
  const { status, headers } = response;
  const body: unknown = await response.json().catch(() => null);
  const { error, detail } = Object(body) as { error?: WireError; detail?: Detail };
  const issues = error?.issues ?? issuesOf(detail);
  const sentence =
    typeof detail === 'string' ? detail : issues.map(({ field, message }) => `${field}: ${message}`).join(' ');
  const wait = Number.parseInt(headers.get('retry-after') ?? '', 10);
  return new FluxgateError({
    code:
      (headers.get('x-fluxgate-error') as ErrorCode | null) ??
      error?.code ??
      codesByStatus[status] ??
      (status < 500 ? 'invalid_request' : 'unavailable'),
    message: error?.message ?? (sentence || `The service answered ${status}.`),
    status,
    issues,
    retryAfterSeconds: Number.isNaN(wait) ? null : wait,
    taskId: error?.task ?? headers.get('x-fluxgate-task'),
    requestId: headers.get('x-request-id'),
  });
}

function issuesOf(detail: Detail | undefined): readonly ErrorIssue[] {
  if (!Array.isArray(detail)) return [];
  return detail.map(({ loc, msg }) => ({
    field: loc.filter((part: string) => part !== 'body').join('.'),
    message: msg,
  }));
}
