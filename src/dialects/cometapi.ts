import { headerCredential, schemeCredential } from '../core/credential';
import type { Dialect, WireResponse } from '../core/dialect';
import type { Fault } from '../core/fault';
import { bflOperations, wireResult } from './bfl-wire';

/** CometAPI: BFL's API under a path of its own. Source: https://apidoc.cometapi.com/api/image/flux/flux-generate-image */
export const cometapi: Dialect = {
  id: 'cometapi',
  title: 'CometAPI',
  documentation: 'https://apidoc.cometapi.com/api/image/flux/flux-generate-image',
  prefixes: ['/flux'],
  operations: bflOperations({ prefix: '/flux/v1', formats: ['jpeg', 'png'] }),
  credential: (headers) =>
    schemeCredential(headers, ['Bearer']) ?? rawCredential(headers) ?? headerCredential(headers, 'x-key'),
  encodeFault,
  webhook: (task) => ({ signature: 'standard', body: wireResult(task) }),
};

/** CometAPI's own sample sends the key as the whole of Authorization. */
function rawCredential(headers: Headers): string | null {
  const value = headerCredential(headers, 'authorization');
  return value === null || /\s/.test(value) || value.toLowerCase() === 'bearer' ? null : value;
}

/** Its clients read `error.message`. */
function encodeFault(fault: Fault, requestId: string): WireResponse {
  const { field } = fault;
  const error = { message: fault.message, type: fault.code, code: fault.code, param: field, request_id: requestId };
  return { status: fault.status, body: { error } };
}
