import { Fault, type FaultRecord } from '../core/fault';
import type { ProviderContext, ProviderSettings, RefusalReason, Submission } from '../core/provider';
import { callVendor, isReachable, retryAfterSeconds, type VendorAnswer, type VendorCall } from './vendor-call';

/** What an adapter knows of its vendor's answers. */
export interface SubmitReader {
  /** The vendor's name, for messages. */
  readonly title: string;
  /** A 2xx in the vendor's shape; null when it is not the vendor's answer at all. */
  accepted(answer: VendorAnswer): Submission | null;
  /** Why the vendor refused, by status and body, where it is not what the status says (quirks of that vendor). */
  refusal?(answer: VendorAnswer): RefusalReason | null;
  /** An answer outside of a 2xx that is no refusal: sold and withheld, or given up half way. Null for all others. */
  otherwise?(answer: VendorAnswer): Submission | null;
  /** The vendor's own words, where its error shape has any; null when the body is not in that shape. */
  message(json: unknown): string | null;
}

/**
 * Buys, and sorts what came back into accepted, refused or unknown. Refused is only what proves that nothing was
 * bought: the vendor's own error shape, 401, 402, 403 or 429, or a vendor that could not be reached before anything
 * was sent. All else (a lost connection, a time-out, html, a proxy's 502 or 504) is unknown.
 */
export async function buy(
  context: ProviderContext,
  settings: ProviderSettings,
  { call, reader }: { call: VendorCall; reader: SubmitReader },
): Promise<Submission> {
  if (!canBeSent(call)) return refused(reader, 'credentials', null);
  if (!(await isReachable(context, settings))) return refused(reader, 'unavailable', 'could not be reached');
  const timeoutMs = timeToBuyMs(context, call.timeoutMs);
  if (timeoutMs <= 0) return refused(reader, 'unavailable', 'there is no time left for it');
  let answer: VendorAnswer;
  try {
    answer = await callVendor(context, settings, { ...call, timeoutMs });
  } catch {
    return unknownOutcome(reader, 'the connection broke or timed out after the request was sent');
  }
  if (answer.status >= 200 && answer.status < 300) {
    return reader.accepted(answer) ?? unknownOutcome(reader, 'its answer was not in its own shape');
  }
  const careful = { ...reader, message: (json: unknown) => withoutKey(reader.message(json), settings) };
  return reader.otherwise?.(answer) ?? sortRefusal(answer, careful, context.now());
}

/** How long a purchase may take: its own limit, or what its render has left. */
export function timeToBuyMs({ endsBy = Number.POSITIVE_INFINITY, now }: ProviderContext, limitMs: number): number {
  return Math.min(limitMs, endsBy - now());
}

/** Cloudflare's own statuses for an origin that it never reached. */
const neverReached: ReadonlySet<number> = new Set([521, 523, 525, 526, 530]);
const reasonsByStatus: Readonly<Record<number, RefusalReason>> = {
  401: 'credentials',
  402: 'credit',
  403: 'credentials',
  429: 'busy',
};

function sortRefusal(answer: VendorAnswer, reader: SubmitReader, now: number): Submission {
  const { status, headers } = answer;
  const message = reader.message(answer.json);
  const retryAfter = retryAfterSeconds(headers, now);
  const quirk = message === null ? null : (reader.refusal?.(answer) ?? null);
  if (quirk !== null) return refused(reader, quirk, message, retryAfter);
  const reason = reasonsByStatus[status];
  if (reason !== undefined) return refused(reader, reason, message, retryAfter);
  if (neverReached.has(status)) return refused(reader, 'unavailable', 'could not be reached');
  if (status === 503 && !isHtml(answer)) return refused(reader, 'unavailable', message, retryAfter);
  if (message === null || status === 502 || status === 504) {
    return unknownOutcome(reader, `it answered ${status} in a shape that is not its own`);
  }
  return refused(reader, status >= 500 ? 'unavailable' : 'invalid', message, retryAfter);
}

/** A vendor's words may repeat the key that they are about, and some of them are told to the caller. */
function withoutKey(message: string | null, { apiKey }: ProviderSettings): string | null {
  return message === null || apiKey === '' ? message : message.replaceAll(apiKey, '***');
}

/** A key with a character that no header takes would throw half way, and leave open what was sent. */
function canBeSent({ headers }: VendorCall): boolean {
  try {
    new Headers(headers);
    return true;
  } catch {
    return false;
  }
}

/** A submission that bought nothing. */
export type Refused = Extract<Submission, { readonly kind: 'refused' }>;

const isHtml = ({ text }: VendorAnswer) => /^\s*<(!doctype|html)/i.test(text);

/** A refusal as a submission: nothing was bought. Only moderation ends the render; others leave room for a fallback. */
export function refused(
  { title }: Pick<SubmitReader, 'title'>,
  reason: RefusalReason,
  message: string | null,
  retryAfter?: number,
): Refused {
  const words = message === null ? '' : `: ${message.slice(0, 300)}`;
  const fault = {
    ...faultOfRefusal(reason, title, words),
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  };
  return { kind: 'refused', reason, fault, isFinal: reason === 'moderated' };
}

/** A submission of which nobody knows what became. */
export function unknownOutcome({ title }: Pick<SubmitReader, 'title'>, why: string): Submission {
  const message = `Nobody can tell whether ${title} accepted the request: ${why}. It was not bought again by itself; a new order of it, not a retry, buys anew.`;
  return { kind: 'unknown', fault: { code: 'outcome_unknown', message } };
}

/** What is the operator's business (a key, a balance) is not told in the vendor's words. */
function faultOfRefusal(reason: RefusalReason, title: string, words: string): FaultRecord {
  switch (reason) {
    case 'moderated':
      return {
        code: 'moderated_request',
        message: `${title} refused the request as against its content policy${words}`,
      };
    case 'invalid':
      return { code: 'no_provider', message: `${title} refused the request${words}` };
    case 'busy':
      return { code: 'unavailable', message: `${title} takes no more requests just now.` };
    case 'credentials':
    case 'credit':
      return {
        code: 'unavailable',
        message: `${title} does not serve this deployment just now; its operator has been told why.`,
      };
    case 'unavailable':
      return { code: 'unavailable', message: `${title} is not available just now.` };
  }
}

/** A poll's answer that cannot be understood is an error of the poll, not the end of the task. */
export function pollFault(title: string, answer: VendorAnswer, now: number): Fault {
  const seconds = retryAfterSeconds(answer.headers, now);
  return new Fault('provider_failed', `${title} answered a poll with ${answer.status}.`, {
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
}
