import { isJsonObject, type Json, maximumJsonDepth } from '../../core/json';

/** A string of a prompt, and the key that it stands under in a JSON prompt. */
export interface NamedString {
  readonly key: string;
  readonly text: string;
}

/** Every string of a prompt, in order, however deep it stands in a JSON prompt. */
export function stringsIn(value: Json, key = '', depth = 0): readonly NamedString[] {
  if (typeof value === 'string') return [{ key, text: value }];
  if (depth > maximumJsonDepth) return [];
  if (Array.isArray(value)) return value.flatMap((member: Json) => stringsIn(member, key, depth + 1));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => stringsIn(member, name, depth + 1));
}
