import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../core/json';
import type { AtOnceShape } from './at-once-reader';

/**
 * Its SDK reads `{"data":{"urls":[…]},"success":true}`, or the same without the envelope; and errors as
 * `{"error":{"message","type","code"}}`, or as `{"message"|"detail","type","code"}`. A 429 may mean a lack of credit,
 * which only its code tells.
 */
export const hinowShape: AtOnceShape = { title: 'hinow.ai', picture: pictureIn, codes: codesIn, message: messageIn };

const text = z.string().min(1).nullish().catch(null);
const picturesSchema = z.object({ urls: z.array(text).catch([]), url: text, b64_json: text });

function pictureIn(json: unknown): string | null {
  if (!isJsonObject(json)) return null;
  // The shape of OpenAI is not its own, but it says that it is compatible.
  const data = Array.isArray(json.data) ? json.data[0] : (json.data ?? json);
  const pictures = picturesSchema.safeParse(data);
  if (!pictures.success) return null;
  const { urls, url, b64_json } = pictures.data;
  return urls[0] ?? url ?? b64_json ?? null;
}

function codesIn(json: unknown): readonly unknown[] {
  const error = errorIn(json);
  return error === null ? [] : [error.code, error.type];
}

function messageIn(json: unknown): string | null {
  const error = errorIn(json);
  const words = [error?.message, error?.detail, isJsonObject(json) ? json.error : null];
  return words.find((word) => typeof word === 'string') ?? (error === null ? null : 'no reason given');
}

/** The error's own object; a bare `message` is what any proxy answers. */
function errorIn(json: unknown): JsonObject | null {
  if (!isJsonObject(json)) return null;
  if (isJsonObject(json.error)) return json.error;
  const { success, code, type, detail } = json;
  const isError = success === false || [code, type, detail, json.error].some((value) => typeof value === 'string');
  return isError ? json : null;
}
