export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** How deep a caller's JSON may nest before we stop reading it. */
export const maximumJsonDepth = 64;

/**
 * JSON in the one form that RFC 8785 gives it: keys in order of their UTF-16 code units, no white space,
 * numbers and strings as ECMAScript writes them. Equal values have equal texts.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a parsed JSON value nests no deeper than `limit`. */
export function isWithinDepth(value: unknown, limit: number = maximumJsonDepth): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (limit === 0) return false;
  return Object.values(value).every((member) => isWithinDepth(member, limit - 1));
}

/**
 * Whether RFC 8785 has a form for a parsed JSON value: every string is well-formed Unicode, keys included, and no number
 * is too large for a double. (`JSON.parse` reads 1e999 as Infinity, and a lone surrogate as it is.)
 */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member));
}
