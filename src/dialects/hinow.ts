import { type Balance, leftMicros, wireBalance } from '../core/balance';
import { schemeCredential } from '../core/credential';
import type { CreateAnswer, Dialect, WireRequest, WireResponse } from '../core/dialect';
import { Fault, type FaultCode } from '../core/fault';
import { decodeImages } from './hinow-decode';
import { imagesSchema } from './hinow-schema';
import { modelName } from './known-model';

/** What an account without a limit shows as its balance in dollars: the field must be a number. */
const balanceWithoutLimit = 10_000_000;

/**
 * hinow.ai's own image API. Its model list is that of the OpenAI dialect, its chat that of the chat dialect.
 * Sources: https://hinow.ai/models/black-forest-labs/flux-2-flex and https://github.com/hinow-ai/sdk-kotlin
 */
export const hinow: Dialect = {
  id: 'hinow',
  title: 'hinow.ai',
  documentation: 'https://hinow.ai/models/black-forest-labs/flux-2-flex',
  prefixes: ['/v1/balance'],
  operations: [
    {
      kind: 'create',
      method: 'POST',
      path: '/v1/images',
      summary: 'Make or edit pictures, and wait for their URLs',
      accepts: ['json'],
      schema: imagesSchema,
      decode: decodeImages,
      encode,
    },
    {
      kind: 'balance',
      method: 'GET',
      path: '/v1/balance',
      summary: 'What is left, in dollars',
      check: refuseParameters,
      // The path is our own too: what our own clients read stands beside what hinow's do.
      encode: (balance) => ({
        status: 200,
        body: { ...wireBalance(balance), data: { balance: dollarsOf(balance) }, success: true },
      }),
    },
  ],
  credential: (headers) => schemeCredential(headers, ['Bearer']),
  encodeFault,
};

function dollarsOf(balance: Balance): number {
  const left = leftMicros(balance);
  return left === null ? balanceWithoutLimit : left / 1e6;
}

/** The path is our own too, and answers of one account: who asks for another is not to take its balance for that. */
function refuseParameters({ query }: WireRequest): void {
  for (const name of query.keys())
    throw Fault.ofField(name.slice(0, 64), 'is no parameter of this path, which takes none.');
}

function encode({ tasks }: CreateAnswer): WireResponse {
  const urls = tasks.map(({ picture }) => {
    if (picture === null) throw new Error('A finished task has no picture.');
    return picture.url;
  });
  return {
    status: 200,
    body: { data: { urls, model: modelName, provider: tasks[0]?.provider ?? null }, success: true },
  };
}

/**
 * Types and codes of `error`, by what went wrong. The vendor's SDK repeats every 5xx by itself, whatever the headers
 * say: what may have been bought, or is still being made, is therefore a conflict.
 */
const wording: Partial<Record<FaultCode, { type: string; code: string; status?: number }>> = {
  unauthenticated: { type: 'authentication_error', code: 'invalid_api_key' },
  forbidden: { type: 'permission_error', code: 'permission_denied' },
  insufficient_credit: { type: 'insufficient_balance', code: 'insufficient_balance' },
  rate_limited: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  moderated_request: { type: 'invalid_request_error', code: 'content_policy_violation' },
  moderated_output: { type: 'invalid_request_error', code: 'content_policy_violation' },
  internal: { type: 'server_error', code: 'internal_error' },
  provider_failed: { type: 'server_error', code: 'provider_failed' },
  outcome_unknown: { type: 'server_error', code: 'outcome_unknown', status: 409 },
  unavailable: { type: 'server_error', code: 'service_unavailable' },
  wait_exceeded: { type: 'server_error', code: 'wait_exceeded', status: 409 },
};

function encodeFault(fault: Fault): WireResponse {
  const { type, code, status } = wording[fault.code] ?? { type: 'invalid_request_error', code: fault.code };
  return { status: status ?? fault.status, body: { error: { message: fault.message, type, code } } };
}
