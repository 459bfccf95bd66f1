import { leftMicros } from '../core/balance';
import { headerCredential } from '../core/credential';
import type { Dialect } from '../core/dialect';
import { microsPerCredit } from '../core/price';
import { bflOperations, encodeBflFault, wireResult } from './bfl-wire';

/** What an account without a limit shows as its credits: the field must be a number. */
const creditsWithoutLimit = 1_000_000_000;

/** Black Forest Labs' own API: submit, then poll. Source: https://docs.bfl.ai and https://api.bfl.ai/openapi.json */
export const bfl: Dialect = {
  id: 'bfl',
  title: 'Black Forest Labs',
  documentation: 'https://docs.bfl.ai/flux_2/flux2_text_to_image',
  prefixes: ['/v1/flux-2-flex', '/v1/get_result', '/v1/credits', '/v1/flux'],
  operations: [
    ...bflOperations({ prefix: '/v1', formats: ['jpeg', 'png', 'webp'] }),
    {
      kind: 'balance',
      method: 'GET',
      path: '/v1/credits',
      summary: 'What is left, in credits of a cent',
      encode: (balance) => {
        const left = leftMicros(balance);
        return { status: 200, body: { credits: left === null ? creditsWithoutLimit : left / microsPerCredit } };
      },
    },
  ],
  credential: (headers) => headerCredential(headers, 'x-key'),
  encodeFault: encodeBflFault,
  webhook: (task) => ({ signature: 'standard', body: wireResult(task) }),
};
