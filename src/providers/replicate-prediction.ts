import * as z from 'zod';
import type { FaultRecord } from '../core/fault';
import { isJsonObject } from '../core/json';
import type { Charge, Progress } from '../core/provider';
import { lenientText } from './bfl-answer';
import { pollFault } from './purchase';
import { retryAfterSeconds, type VendorAnswer } from './vendor-call';

/** Which prediction was asked about, and when. */
export interface PredictionPoll {
  readonly ticket: { readonly id: string; readonly acceptedAt: number };
  readonly title: string;
  readonly now: number;
}

/**
 * What a poll says of a prediction: https://replicate.com/docs/topics/predictions/lifecycle
 * @throws Fault when the answer says nothing of it; it may be asked again.
 */
export function predictionProgress(answer: VendorAnswer, { ticket, title, now }: PredictionPoll): Progress {
  const prediction = readPrediction(answer.json);
  const state = stateOf(answer, prediction, ticket.id);
  if (state === 'no-answer') throw pollFault(title, answer, now);
  if (state === 'succeeded' && prediction.output !== null) {
    return { kind: 'ready', output: { url: prediction.output }, charge: null };
  }
  if (state === 'pending' || now - ticket.acceptedAt < (patienceMs[state] ?? 0)) return pendingOf(answer, now);
  return endOf(state, title, prediction.error ?? '');
}

/** Whether a prediction was stopped before it made anything. Its price is by the picture: without one there is none. */
export function isStopped({ status, json }: VendorAnswer, id: string): boolean {
  const prediction = readPrediction(json);
  const state = states.get(prediction.status ?? '');
  const isOurs = prediction.id === id && status >= 200 && status < 300;
  return isOurs && (state === 'canceled' || state === 'aborted') && prediction.output === null;
}

/** What an answer to a purchase names; null when it names no prediction. */
export function acceptedPrediction({ json }: VendorAnswer): { id: string; pollUrl: string | null } | null {
  const { id, urls } = acceptedSchema.catch({ id: null, urls: { get: null } }).parse(json);
  return id === null || id === '' ? null : { id, pollUrl: urls.get };
}

type State = 'pending' | 'succeeded' | 'failed' | 'canceled' | 'aborted' | 'missing' | 'unknown';

const states: ReadonlyMap<string, State> = new Map([
  ['starting', 'pending'],
  ['queued', 'pending'],
  ['processing', 'pending'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['aborted', 'aborted'],
]);

/** How old a prediction may grow while its state makes no sense. */
const patienceMs: Partial<Record<State, number>> = {
  /** Another server may not know yet what one accepted. */
  missing: 120_000,
  /** A status that nobody has documented may be one of work, but not for ever; and nor is a picture without a URL. */
  unknown: 600_000,
  succeeded: 600_000,
};

const acceptedSchema = z.object({
  id: lenientText,
  urls: z.object({ get: lenientText }).catch({ get: null }),
});

const predictionSchema = z.object({
  id: lenientText,
  status: lenientText,
  error: lenientText,
  output: z.unknown().optional().transform(urlIn),
});

function readPrediction(json: unknown) {
  return predictionSchema.parse(isJsonObject(json) ? json : {});
}

/** One URL for this model; a list, or an object, for others. */
function urlIn(output: unknown): string | null {
  if (typeof output === 'string') return output === '' ? null : output;
  if (Array.isArray(output)) return urlIn(output[0]);
  return isJsonObject(output) ? urlIn(output.url) : null;
}

/** Problem details have a `status` too, of another kind: outside a 2xx one counts only with our prediction's id. */
function stateOf(
  answer: VendorAnswer,
  { id, status }: { id: string | null; status: string | null },
  ticketId: string,
): State | 'no-answer' {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const isOurs = id === ticketId || (id === null && isSuccess);
  if (isOurs && status !== null) return states.get(status) ?? (isSuccess ? 'unknown' : 'no-answer');
  return answer.status === 404 && isJsonObject(answer.json) ? 'missing' : 'no-answer';
}

function pendingOf({ headers }: VendorAnswer, now: number): Progress {
  const seconds = retryAfterSeconds(headers, now);
  return { kind: 'pending', progress: null, pollAfterMs: seconds === undefined ? null : seconds * 1000 };
}

/** Replicate reports no charge; free for certain is what never started. */
function endOf(state: State, title: string, error: string): Progress {
  const failed = (code: FaultRecord['code'], message: string, charge: Charge = null): Progress => ({
    kind: 'failed',
    fault: { code, message: `${title} ${message}` },
    charge,
  });
  if (state === 'failed' && requestModeration.test(error)) {
    return failed('moderated_request', 'refused the request as against its content policy.');
  }
  if (state === 'failed' && outputModeration.test(error)) {
    return failed('moderated_output', 'withheld the picture as against its content policy.');
  }
  if (state === 'failed') return failed('provider_failed', 'accepted the request and failed to make the picture.');
  if (state === 'canceled') return failed('provider_failed', 'cancelled the request before the picture was made.');
  if (state === 'aborted') return failed('provider_failed', 'gave the request up before it was started.', 0);
  if (state === 'missing') return failed('provider_failed', 'accepted the request and does not know of it any more.');
  return failed('provider_failed', 'accepted the request and did not say where the picture is.');
}

/**
 * A failed prediction has a text and no code besides the one in it: E005 is the models' own for what was flagged, be it
 * the input or the output; the others are the words of the API that the model stands for.
 */
const requestModeration = /\brequest moderated\b/i;
const outputModeration = /\bE005\b|\bcontent moderated\b|\bflagged as sensitive\b|\bNSFW\b/i;
