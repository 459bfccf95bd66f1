import type { SimulatedReply, VendorWords } from './simulator.ts';

/**
 * What a simulated vendor can be told to do wrong. "before" and "after" are about the purchase: before it nothing is
 * bought, after it the bill has grown.
 */
export const failures = [
  'none',
  'refuse',
  'bad-key',
  'credit',
  'rate-limit',
  'rate-limit-retry-after',
  'error-before',
  'unavailable-before',
  'error-after',
  'hang-up-before',
  'hang-up-after',
  'time-out',
  'never-finish',
  'moderate-request',
  'moderate-output',
  'fail-after',
  'garbage',
  'html',
  'bad-gateway-after',
  'poll-error',
  'poll-html',
  'poll-hang-up',
  'truncated-picture',
  'corrupt-picture',
  'wrong-type',
  'expired-url',
  'redirect-private',
] as const;
export type Failure = (typeof failures)[number];

/** What a submit answers when nothing was sold. */
export function refusalOf(failure: Failure, words: VendorWords): SimulatedReply | null {
  switch (failure) {
    case 'refuse':
      return words.refuse;
    case 'bad-key':
      return words.badKey;
    case 'credit':
      return words.credit;
    case 'rate-limit':
      return words.rateLimit;
    case 'rate-limit-retry-after':
      return { ...words.rateLimit, headers: { ...words.rateLimit.headers, 'retry-after': '1' } };
    case 'error-before':
      return words.error;
    case 'unavailable-before':
      return words.unavailable;
    case 'moderate-request':
      return words.moderated;
    case 'hang-up-before':
      return { status: 0, isHangUp: true };
    default:
      return null;
  }
}

/** What a submit answers although the picture was sold. */
export function lostAnswerOf(failure: Failure): SimulatedReply | null {
  switch (failure) {
    case 'hang-up-after':
      return { status: 0, isHangUp: true };
    case 'time-out':
      return { status: 200, delayMs: 3_600_000 };
    case 'error-after':
    case 'html':
      return html(500);
    case 'bad-gateway-after':
      return html(502);
    case 'garbage':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"id": 17, "nonsense' };
    default:
      return null;
  }
}

export function html(status: number): SimulatedReply {
  const body = `<!DOCTYPE html><html><head><title>${status}</title></head><body>A proxy's page</body></html>`;
  return { status, headers: { 'content-type': 'text/html' }, body };
}
