import { isJsonObject, type JsonObject } from '../core/json';
import type { RefusalReason, Submission } from '../core/provider';
import { refused, unknownOutcome } from './purchase';
import { soldPicture, withheldPicture } from './sold-picture';

/**
 * Reads what a run came to: `{state, result: {image}}`, bare as the binding gives it or in the envelope
 * `{success, errors, result}` of the REST API; null when it is neither.
 */
export function acceptedRun(json: unknown, title: string): Submission | null {
  const body = runIn(json);
  const image = isJsonObject(body?.result) ? body.result.image : body?.image;
  const state = stateOf(body);
  if (typeof image === 'string' && image !== '' && !failedStates.has(state)) return soldPicture(image);
  if (outputStates.has(state)) return withheldPicture;
  if (failedStates.has(state)) {
    return refused({ title }, requestStates.has(state) ? 'moderated' : 'unavailable', errorMessage(json));
  }
  const message = errorMessage(json);
  if (message === null) return null;
  return otherwiseEnded(json, title) ?? refused({ title }, refusalOf(json) ?? 'unavailable', message);
}

/** The vendor's words in an error: those of the envelope's first one. */
export function errorMessage(json: unknown): string | null {
  if (!isJsonObject(json)) return null;
  const first = Array.isArray(json.errors) ? json.errors[0] : undefined;
  return isJsonObject(first) && typeof first.message === 'string' ? first.message : null;
}

/** Why the platform refused, by the codes in its answer. */
export function refusalOf(json: unknown): RefusalReason | null {
  return (
    codesIn(json)
      .map(refusalOfCode)
      .find((reason) => reason !== null) ?? null
  );
}

/** Whether one of the platform's codes says that nothing was run, and why. */
export function refusalOfCode(code: number): RefusalReason | null {
  return reasonsByCode.get(code) ?? null;
}

/** Errors that are no refusals: what was run and kept back, or perhaps run. */
export function otherwiseEnded(json: unknown, title: string): Submission | null {
  return (
    codesIn(json)
      .map((code) => otherwiseOfCode(code, title))
      .find((submission) => submission !== null) ?? null
  );
}

/** As {@link otherwiseEnded}, of one code. */
export function otherwiseOfCode(code: number, title: string): Submission | null {
  if (code === responseBlocked) return withheldPicture;
  return givenUp.has(code) ? unknownOutcome({ title }, 'it gave up before the picture was finished') : null;
}

/**
 * Codes with which nothing is run. https://developers.cloudflare.com/workers-ai/platform/errors/, the API's own
 * (https://developers.cloudflare.com/fundamentals/api/troubleshooting/) and AI Gateway's guardrails.
 */
const reasonsByCode: ReadonlyMap<number, RefusalReason> = new Map([
  // No such account, token or permission.
  ...codes('credentials', 1000, 1001, 6003, 6111, 7000, 7003, 9103, 9106, 9109, 10000, 10001),
  // The account may not use the model.
  ...codes('credentials', 3023, 3041, 5016, 5018),
  ...codes('credit', 3036),
  ...codes('busy', 971, 3040),
  ...codes('unavailable', 3039, 3042, 5005, 5007, 5019),
  ...codes('invalid', 3003, 3006, 5004, 5006),
  // AI Gateway's guardrails, of the prompt.
  ...codes('moderated', 2016),
]);
/** AI Gateway's guardrails, of the picture. */
const responseBlocked = 2017;
/** Timed out, and aborted. */
const givenUp: ReadonlySet<number> = new Set([3007, 3008]);

const requestStates: ReadonlySet<string> = new Set(['request moderated']);
const outputStates: ReadonlySet<string> = new Set(['content moderated']);
const failedStates: ReadonlySet<string> = new Set(['failed', 'error', 'request moderated', 'content moderated']);

function codes(reason: RefusalReason, ...numbers: readonly number[]): (readonly [number, RefusalReason])[] {
  return numbers.map((code) => [code, reason] as const);
}

function runIn(json: unknown): JsonObject | null {
  if (!isJsonObject(json)) return null;
  return typeof json.state !== 'string' && isJsonObject(json.result) ? json.result : json;
}

/** "RequestModerated", "request_moderated" and "Request Moderated" are one state. */
function stateOf(body: JsonObject | null): string {
  const state = typeof body?.state === 'string' ? body.state : '';
  return state
    .replaceAll(/([a-z])([A-Z])|[_-]/g, '$1 $2')
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, ' ');
}

function codesIn(json: unknown): number[] {
  if (!isJsonObject(json) || !Array.isArray(json.errors)) return [];
  return json.errors.map((error) => (isJsonObject(error) ? Number(error.code) : Number.NaN));
}
