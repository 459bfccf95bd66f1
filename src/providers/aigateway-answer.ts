import * as z from 'zod';
import { isJsonObject } from '../core/json';
import type { RefusalReason, Submission } from '../core/provider';
import { refused } from './purchase';
import { soldPicture, withheldPicture } from './sold-picture';
import type { VendorAnswer } from './vendor-call';

/** Reads the answer to a purchase, which may be an error even in a 200; null when it is in no shape of theirs. */
export function acceptedPicture(answer: VendorAnswer, title: string): Submission | null {
  const picture = pictureSchema.safeParse(answer.json);
  const [first] = picture.success ? picture.data.data : [];
  const found = first?.url ?? first?.b64_json ?? null;
  if (found !== null) return soldPicture(found);
  const message = errorMessage(answer.json);
  if (message === null) return null;
  return withheldIn(answer) ?? refused({ title }, refusalOf(answer) ?? 'unavailable', message);
}

/** The vendor's words in an error: `{"error":{"message","type","code","param"}}`. */
export function errorMessage(json: unknown): string | null {
  const error = errorIn(json);
  return error !== null && typeof error.message === 'string' ? error.message : null;
}

/** Why the vendor refused, by the types that its page lists. */
export function refusalOf({ json }: VendorAnswer): RefusalReason | null {
  const names = namesIn(json);
  return names.map((name) => reasonsByType.get(name)).find((reason) => reason !== undefined) ?? null;
}

/** Moderation of the finished picture: it was made, so it is presumed to be charged. */
export function withheldIn({ json }: VendorAnswer): Submission | null {
  const details = errorIn(json)?.moderation_details;
  const isOfOutput = isJsonObject(details) && details.moderation_stage === 'output';
  return isOfOutput || namesIn(json).some((name) => outputTypes.has(name)) ? withheldPicture : null;
}

/** Its page's own types; those of moderation are what APIs of this shape send, as its page names none. */
const reasonsByType: ReadonlyMap<string, RefusalReason> = new Map([
  ['authentication_error', 'credentials'],
  ['insufficient_credits', 'credit'],
  ['rate_limit_error', 'busy'],
  // "Unknown model or endpoint": nothing that the caller could change.
  ['not_found', 'unavailable'],
  ['content_policy_violation', 'moderated'],
  ['content_filter', 'moderated'],
  ['moderation_blocked', 'moderated'],
  ['request_moderated', 'moderated'],
]);
const outputTypes: ReadonlySet<string> = new Set(['content_moderated', 'output_moderated']);

const text = z.string().min(1).nullish().catch(null);
const pictureSchema = z.object({ data: z.array(z.object({ url: text, b64_json: text })) });

function errorIn(json: unknown) {
  return isJsonObject(json) && isJsonObject(json.error) ? json.error : null;
}

/** `type` says what it is; `code` repeats the HTTP status, but says it where an API of OpenAI's shape is passed on. */
function namesIn(json: unknown): string[] {
  const error = errorIn(json);
  return [error?.code, error?.type].filter((name) => typeof name === 'string').map((name) => name.toLowerCase());
}
