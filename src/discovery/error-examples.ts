import type { Dialect } from '../core/dialect';
import { Fault, type FaultCode, faultTable } from '../core/fault';
import type { Json, JsonObject } from '../core/json';

const shown: readonly FaultCode[] = [
  'invalid_request',
  'unauthenticated',
  'insufficient_credit',
  'not_found',
  'rate_limited',
  'provider_failed',
  'unavailable',
];

/** A dialect's own words for what can go wrong, by status: made by the code that answers them. */
export function errorExamples(dialect: Dialect, codes: readonly FaultCode[] = shown): JsonObject {
  const byStatus: Record<string, Json> = {};
  for (const code of codes) {
    const { status, body } = dialect.encodeFault(
      new Fault(code, sentenceOf(code)),
      '00000000-0000-0000-0000-000000000000',
    );
    const example: unknown = JSON.parse(JSON.stringify(body));
    byStatus[String(status)] ??= {
      description: code.replaceAll('_', ' '),
      content: { 'application/json': { schema: { type: 'object' }, example: example as Json } },
    };
  }
  return byStatus;
}

function sentenceOf(code: FaultCode): string {
  return faultTable[code].isRetryable
    ? 'The same request may succeed later.'
    : 'What was wrong, what is accepted, which field.';
}
