import { z } from 'zod';
import { limits } from '../core/image-request';
import type { ReferenceSource } from '../core/order';

type Field = readonly (string | number)[];

/** A picture as callers send it in JSON: an http(s) URL, a data URL, or raw base64. */
export function referenceOf(value: string, field: Field): ReferenceSource {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /^file:/i.test(value)) return { kind: 'url', url: value, field };
  return { kind: 'base64', base64: value, field };
}

/** Numbers that some clients send as text. */
const numeral = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
function toNumber(value: unknown): unknown {
  return typeof value === 'string' && numeral.test(value.trim()) ? Number(value) : value;
}

/** A whole number within a range, or null; also as text. Its messages say what is accepted. */
export function wholeNumber({ min, max }: { min: number; max: number }) {
  const expected = `expected a whole number from ${min} to ${max}.`;
  return z.preprocess(toNumber, z.int(expected).min(min, expected).max(max, expected).nullish());
}

/** A number within a range, or null; also as text. */
export function decimalNumber({ min, max }: { min: number; max: number }) {
  const expected = `expected a number from ${min} to ${max}.`;
  return z.preprocess(toNumber, z.number(expected).min(min, expected).max(max, expected).nullish());
}

/** A truth value, or null; also as "true" or "false". */
export function truth() {
  const read = (value: unknown) => (value === 'true' ? true : value === 'false' ? false : value);
  return z.preprocess(read, z.boolean('expected true or false.').nullish());
}

/** A seed: −1, like none at all, means that one is drawn. */
export function seed() {
  const expected = `expected a whole number from 0 to ${limits.seed.max}, or -1 for a random one.`;
  return z.preprocess(toNumber, z.int(expected).min(-1, expected).max(limits.seed.max, expected).nullish());
}

/** One of some words, or null. Its message lists them. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, `expected one of ${words.join(', ')}.`).nullish();
}

/** The seed that a dialect's field means; null: draw one. */
export function seedOf(value: number | null | undefined): number | null {
  return value === undefined || value === null || value === -1 ? null : value;
}

/** A prompt of text or a JSON object; its length and depth are checked when it is read. */
export function prompt() {
  return z.union([z.string(), z.record(z.string(), z.unknown())], 'expected text or a JSON object.');
}

/** An https URL to tell when a task has ended. Whether it is public is checked by the same guard as everywhere. */
export function webhookUrl() {
  const expected = 'expected an https URL of at most 2,083 characters.';
  return z
    .url({ protocol: /^https?$/, error: expected })
    .max(2083, expected)
    .nullish();
}
