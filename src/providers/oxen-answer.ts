import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../core/json';
import type { AtOnceShape } from './at-once-reader';

/**
 * `{"images":[{"url"}]}` or `{"images":[{"b64_json"}]}`. Its errors are not documented; met were
 * `{"error":{"type","title"}}`, `{"error":{"message"}}`, `{"error":{"type","detail"}}` and
 * `{"status":"error","status_message":"unauthenticated"}`.
 */
export const oxenShape: AtOnceShape = { title: 'Oxen.ai', picture: pictureIn, codes: codesIn, message: messageIn };

const text = z.string().min(1).nullish().catch(null);
const imageSchema = z.object({ url: text, image_url: text, b64_json: text });

function pictureIn(json: unknown): string | null {
  const images = isJsonObject(json) && Array.isArray(json.images) ? json.images : [];
  const image = imageSchema.safeParse(images[0]);
  return image.success ? (image.data.url ?? image.data.image_url ?? image.data.b64_json ?? null) : null;
}

function codesIn(json: unknown): readonly unknown[] {
  const error = errorIn(json);
  return [error?.code, error?.type, isJsonObject(json) ? json.status_message : null];
}

function messageIn(json: unknown): string | null {
  if (!isJsonObject(json)) return null;
  const error = errorIn(json);
  const isStatus = json.status === 'error' || typeof json.status_message === 'string';
  const words = [error?.detail, error?.message, error?.title, json.error, json.status_message, json.status_description];
  return words.find((word) => typeof word === 'string') ?? (isStatus || error !== null ? 'no reason given' : null);
}

function errorIn(json: unknown): JsonObject | null {
  return isJsonObject(json) && isJsonObject(json.error) ? json.error : null;
}
