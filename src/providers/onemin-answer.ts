import * as z from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import type { Submission } from '../core/provider';
import { type AtOnceShape, atOnceReader } from './at-once-reader';
import { meaningOf } from './error-code';
import { type SubmitReader, unknownOutcome } from './purchase';
import type { VendorAnswer } from './vendor-call';

/**
 * `{"aiRecord":{"uuid","status","temporaryUrl"}}`, where a status other than SUCCESS is no picture. Errors are met as
 * `{"errorCode","message","details"}` and documented as `{"success":false,"error":{"code","message"}}`; `details` may be
 * the JSON, as a text, of what the API answered that it buys from itself.
 */
export const oneminShape: AtOnceShape = { title: '1min.ai', picture: pictureIn, codes: codesIn, message: messageIn };

const atOnce = atOnceReader(oneminShape);

/** Reads the answers to a purchase. */
export const recordReader: SubmitReader = { ...atOnce, accepted: acceptedRecord };

/** Under which a record that is still being worked on can be read. */
export const recordTicketSchema = z.object({ uuid: z.string() });

/** A record of the vendor's, as far as it can be read. */
export interface FeatureRecord {
  readonly uuid: string | null;
  /** In capitals. */
  readonly status: string;
  readonly url: string | null;
  /** All that may say in one word what went wrong. */
  readonly codes: readonly unknown[];
}

/**
 * Reads a 2xx. A record that is neither finished nor failed was accepted, and so was one that succeeded without a URL:
 * to take either for a failure would be to buy the picture a second time elsewhere.
 */
function acceptedRecord(answer: VendorAnswer): Submission | null {
  const record = recordIn(answer.json);
  if (record === null || record.status === failure || record.url !== null) return atOnce.accepted(answer);
  if (record.uuid === null) return unknownOutcome(oneminShape, 'its answer has neither a picture nor a record of it');
  return { kind: 'accepted', ticket: { uuid: record.uuid }, charge: null, pollAfterMs: null };
}

/** The record in an answer; null where there is none. */
export function recordIn(json: unknown): FeatureRecord | null {
  const found = recordObject(json);
  if (found === null) return null;
  const { uuid, status, temporaryUrl } = recordSchema.parse(found);
  const url = status === 'SUCCESS' ? temporaryUrl : null;
  return { uuid, status, url, codes: codesIn(json) };
}

/** The status of a record that will have no picture. */
export const failure = 'FAILURE';

const text = z
  .string()
  .min(1)
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);
const recordSchema = z.object({
  uuid: text,
  status: text.transform((status) => statusOf(status ?? '')),
  temporaryUrl: text,
});

/** FAILURE is documented; what its like is called elsewhere is not worth waiting for either. */
function statusOf(status: string): string {
  const name = status.toUpperCase();
  return /^(FAIL|ERROR|CANCEL|REJECT)/.test(name) ? failure : name;
}

function recordObject(json: unknown): JsonObject | null {
  return isJsonObject(json) && isJsonObject(json.aiRecord) ? json.aiRecord : null;
}

function pictureIn(json: unknown): string | null {
  return recordIn(json)?.url ?? null;
}

function codesIn(json: unknown): readonly unknown[] {
  if (!isJsonObject(json)) return [];
  const record = recordObject(json);
  const own = [json, json.error, record, record?.aiRecordDetail].flatMap((value) =>
    isJsonObject(value) ? [value.errorCode, value.code] : [],
  );
  return [...passedOnModeration(json.details), ...own];
}

function messageIn(json: unknown): string | null {
  if (!isJsonObject(json)) return null;
  const record = recordObject(json);
  if (record !== null) return recordIn(json)?.status === failure ? 'the record says that it failed' : null;
  const { errorCode, error, message, success, statusCode } = json;
  const isError = [errorCode, error, statusCode].some((value) => value !== undefined) || success === false;
  // A bare message is what any proxy answers.
  if (!isError) return null;
  // Where it passes an answer on, its own words are that it is busy, and do not tell what is wrong.
  const words = [passedOn(json.details)?.message, message, isJsonObject(error) ? error.message : error, errorCode];
  return words.find((word) => typeof word === 'string') ?? 'no reason given';
}

/** Of the codes that the API behind it answered only these are about the request; others are about its own dealings. */
function passedOnModeration(details: Json | undefined): readonly Json[] {
  const { code = null, status = null, type = null } = passedOn(details) ?? {};
  return [code, status, type].filter((name) => ['moderated', 'withheld'].includes(meaningOf([name]) ?? ''));
}

/** The body that the API behind it answered. */
function passedOn(details: Json | undefined): JsonObject | null {
  if (typeof details !== 'string') return null;
  try {
    const { data } = passedOnSchema.parse(JSON.parse(details)).response;
    return isJsonObject(data) ? data : null;
  } catch {
    return null;
  }
}

const jsonSchema: z.ZodType<Json> = z.json();
const passedOnSchema = z.object({ response: z.object({ data: jsonSchema }) });
