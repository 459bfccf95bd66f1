/**
 * Every way a request can end badly. `status` is what a dialect answers unless its own API says otherwise;
 * `isRetryable` tells whether the same request may succeed later without being changed.
 */
export const faultTable = {
  invalid_request: { status: 400, isRetryable: false },
  no_provider: { status: 400, isRetryable: false },
  moderated_request: { status: 400, isRetryable: false },
  moderated_output: { status: 400, isRetryable: false },
  unauthenticated: { status: 401, isRetryable: false },
  insufficient_credit: { status: 402, isRetryable: false },
  forbidden: { status: 403, isRetryable: false },
  not_found: { status: 404, isRetryable: false },
  model_not_found: { status: 404, isRetryable: false },
  task_not_found: { status: 404, isRetryable: false },
  method_not_allowed: { status: 405, isRetryable: false },
  conflict: { status: 409, isRetryable: false },
  payload_too_large: { status: 413, isRetryable: false },
  unsupported_media_type: { status: 415, isRetryable: false },
  range_not_satisfiable: { status: 416, isRetryable: false },
  cancelled: { status: 409, isRetryable: false },
  rate_limited: { status: 429, isRetryable: true },
  internal: { status: 500, isRetryable: true },
  provider_failed: { status: 502, isRetryable: true },
  outcome_unknown: { status: 502, isRetryable: true },
  unavailable: { status: 503, isRetryable: true },
  wait_exceeded: { status: 504, isRetryable: true },
} as const;

export type FaultCode = keyof typeof faultTable;

/** One thing that is wrong with a request: the path of the field, and a sentence that says what is accepted. */
export interface FaultIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** `limit` requests in `windowSeconds`; `remaining` of them are left, and all are back after `resetSeconds`. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

export interface FaultDetails {
  readonly issues?: readonly FaultIssue[];
  /** Whole seconds after which the same request may succeed. */
  readonly retryAfterSeconds?: number;
  /** When the budget begins anew that is used up (milliseconds since 1970), for `insufficient_credit`. */
  readonly renewsAt?: number;
  /** The task that goes on although this request ended. */
  readonly taskId?: string;
  /** The methods that a path takes, for `method_not_allowed`. */
  readonly allow?: readonly string[];
  /** The whole size of what a range was asked of, for `range_not_satisfiable`. */
  readonly sizeBytes?: number;
  /** How much was allowed in what time, for `rate_limited`: told in the `RateLimit` headers. */
  readonly rateLimit?: RateLimit;
  /** What was thrown underneath: logged, never shown. */
  readonly cause?: unknown;
}

/** A {@link Fault} as plain data, for storage and for RPC. */
export interface FaultRecord {
  readonly code: FaultCode;
  readonly message: string;
  readonly issues?: readonly FaultIssue[];
  readonly retryAfterSeconds?: number;
  readonly renewsAt?: number;
  readonly rateLimit?: RateLimit;
}

/** The one error type. Its message is a sentence for the caller: what was wrong, what is accepted, which field. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly details: FaultDetails;

  constructor(code: FaultCode, message: string, details: FaultDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return faultTable[this.code].status;
  }

  get isRetryable(): boolean {
    return faultTable[this.code].isRetryable;
  }

  /** The dotted name of the first field at fault, or null. */
  get field(): string | null {
    const first = this.details.issues?.[0];
    return first === undefined || first.path.length === 0 ? null : first.path.join('.');
  }

  toRecord(): FaultRecord {
    const { issues, retryAfterSeconds, renewsAt, rateLimit } = this.details;
    return {
      code: this.code,
      message: this.message,
      ...(issues === undefined ? {} : { issues }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(renewsAt === undefined ? {} : { renewsAt }),
      ...(rateLimit === undefined ? {} : { rateLimit }),
    };
  }

  static fromRecord(record: FaultRecord): Fault {
    const { code, message, ...details } = record;
    return new Fault(code, message, details);
  }

  /** A fault about one field of the request. */
  static ofField(path: string | readonly (string | number)[], message: string): Fault {
    const fieldPath = typeof path === 'string' ? [path] : path;
    return new Fault('invalid_request', `${fieldPath.join('.')}: ${message}`, {
      issues: [{ path: fieldPath, message }],
    });
  }
}

/** Whatever was thrown, as a Fault. What is not one is `internal`: its cause is for the log alone. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  return new Fault('internal', 'Something went wrong on our side. Nothing in the request caused it.', {
    cause: thrown,
  });
}
