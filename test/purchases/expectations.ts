import type { ProviderEntry } from '../../src/core/provider';
import type { Outcome } from '../../src/renders/render-record';
import type { Failure } from '../vendors/failures';

/** How an order ends that meets a failure once: for its caller, at the till, and in the ledger. */
export interface Expectation {
  readonly status: number;
  /** `ready`, or the code of OpenAI's error. */
  readonly code: string;
  readonly sales: 0 | 1;
  /** The outcome of its row: one of these; null where there is none. */
  readonly rows: readonly (Outcome | null)[];
}

const ready: Expectation = { status: 200, code: 'ready', sales: 1, rows: ['ready'] };
const unavailable: Expectation = { status: 503, code: 'service_unavailable', sales: 0, rows: [null] };
/** Sold, and nobody on our side can know. */
const unknown: Expectation = { status: 500, code: 'outcome_unknown', sales: 1, rows: ['unknown'] };
const moderated: Expectation = { status: 400, code: 'content_policy_violation', sales: 1, rows: ['moderated'] };
const failed: Expectation = { status: 500, code: 'provider_failed', sales: 1, rows: ['failed'] };

const expectations: Readonly<Record<Failure, Expectation>> = {
  none: ready,
  refuse: { status: 400, code: 'no_provider', sales: 0, rows: [null] },
  'bad-key': unavailable,
  credit: unavailable,
  // A busy vendor is asked again within the same render.
  'rate-limit': ready,
  'rate-limit-retry-after': ready,
  'error-before': unavailable,
  'unavailable-before': unavailable,
  'error-after': unknown,
  'hang-up-before': { ...unknown, sales: 0 },
  'hang-up-after': unknown,
  'time-out': unknown,
  'never-finish': { ...failed, rows: ['unfinished'] },
  // Vendors that say so only of an accepted task have a row, and nothing spent.
  'moderate-request': { ...moderated, sales: 0, rows: ['moderated', null] },
  'moderate-output': moderated,
  'fail-after': failed,
  garbage: unknown,
  html: unknown,
  'bad-gateway-after': unknown,
  'poll-error': ready,
  'poll-html': ready,
  'poll-hang-up': ready,
  'truncated-picture': ready,
  'corrupt-picture': ready,
  'wrong-type': ready,
  'expired-url': ready,
  'redirect-private': ready,
};

/** Where the answer to the purchase is the picture, or the news that there is none. */
const atOnce: Partial<Record<Failure, Expectation>> = {
  'never-finish': unknown,
  'fail-after': { ...unavailable, sales: 1 },
};

export function expectationOf({ capability }: ProviderEntry, failure: Failure): Expectation {
  return (capability.delivers === 'at once' ? atOnce[failure] : null) ?? expectations[failure];
}
