import type { JsonObject } from '../site-facts';

/** What turns the direction of the text after it, unseen. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** JSON to be read by people: what would show it in another order than it is in is spelt out. */
export function jsonText(body: JsonObject): string {
  return JSON.stringify(body, null, 2).replace(
    turning,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
