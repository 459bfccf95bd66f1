import * as z from 'zod';
import { limits } from '../core/image-request';
import { isJsonObject } from '../core/json';
import type { ReferenceSource } from '../core/order';

/**
 * The fields of the dialects' schemas. Each carries what the documentation says of it (`meta`), so that the tables in
 * docs/, the OpenAPI document and the model objects are made from what is really checked. `canonical` names the field
 * of the canonical request that it becomes; `null` says that the vendor takes it and it changes nothing.
 */
export interface Documented {
  readonly canonical: string | null;
  readonly description: string;
}
interface WithDefault<Value> extends Documented {
  readonly default: Value;
}
interface Ranged extends WithDefault<number> {
  readonly min: number;
  readonly max: number;
}

const metaOf = ({ canonical, description }: Documented) => ({ description, 'x-canonical': canonical });

/** Numbers that some clients send as text. */
const numeral = /^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/;
function readNumber(value: unknown): unknown {
  return typeof value === 'string' && numeral.test(value) ? Number(value) : value;
}
/** Forms have texts alone, and Python writes `True`. */
function readTruth(value: unknown): unknown {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : value;
}

/** A whole number within a range, also as text. Absent or null: the default. */
export function wholeNumber(field: Ranged) {
  const { min, max } = field;
  const expected = `expected a whole number from ${min} to ${max}.`;
  return z
    .preprocess((value) => readNumber(value ?? field.default), z.int(expected).min(min, expected).max(max, expected))
    .meta({ ...metaOf(field), type: 'integer', minimum: min, maximum: max })
    .prefault(field.default);
}

/** A number within a range, also as text. Absent or null: the default. */
export function decimalNumber(field: Ranged) {
  const { min, max } = field;
  const expected = `expected a number from ${min} to ${max}.`;
  return z
    .preprocess((value) => readNumber(value ?? field.default), z.number(expected).min(min, expected).max(max, expected))
    .meta({ ...metaOf(field), type: 'number', minimum: min, maximum: max })
    .prefault(field.default);
}

/** One of a few numbers, also as text. Absent or null: the default. */
export function numberOf(choices: readonly number[], field: WithDefault<number>) {
  const expected = `expected one of ${choices.join(', ')}.`;
  return z
    .preprocess(
      (value) => readNumber(value ?? field.default),
      z.number(expected).refine((value) => choices.includes(value), expected),
    )
    .meta({ ...metaOf(field), type: ['number', 'string'], enum: [...choices, ...choices.map(String)] })
    .prefault(field.default);
}

/** Whole pixels, also as text; absent or null: null, and the dialect decides. */
export function pixels(field: Documented & { readonly min?: number; readonly max?: number }) {
  const { min, max } = { ...limits.edgePixels, ...field };
  const expected = `expected a whole number from ${min} to ${max} pixels.`;
  return z
    .preprocess((value) => readNumber(value ?? null), z.int(expected).min(min, expected).max(max, expected).nullable())
    .meta({ ...metaOf(field), type: ['integer', 'null'], minimum: min, maximum: max })
    .prefault(null);
}

/** True or false, also as text. Absent or null: the default. */
export function truth(field: WithDefault<boolean>) {
  return z
    .preprocess((value) => readTruth(value ?? field.default), z.boolean('expected true or false.'))
    .meta({ ...metaOf(field), type: 'boolean' })
    .prefault(field.default);
}

/** One of some words. Absent or null: the default. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  field: WithDefault<Words[number]>,
) {
  const expected = `expected one of ${words.join(', ')}.`;
  return z
    .preprocess((value) => value ?? field.default, z.enum(words, expected))
    .meta({ ...metaOf(field), type: 'string', enum: [...words] })
    .prefault(field.default);
}

/** One of some words, or null where it is absent. */
export function maybeOneOf<const Words extends readonly [string, ...string[]]>(words: Words, field: Documented) {
  const expected = `expected one of ${words.join(', ')}.`;
  return z
    .enum(words, expected)
    .nullish()
    .transform((word) => word ?? null)
    .meta(metaOf(field));
}

/** Text, or null where it is absent. */
export function text(field: Documented & { readonly maxLength?: number }) {
  const most = field.maxLength ?? 2_048;
  const expected = `expected text of at most ${most} characters.`;
  return z
    .string(expected)
    .max(most, expected)
    .nullish()
    .transform((value) => value ?? null)
    .meta(metaOf(field));
}

/** A seed, also as text; absent, null or −1: null, and one is drawn. */
export function seed() {
  const expected = `expected a whole number from 0 to ${limits.seed.max}, or -1 for a random one.`;
  const read = (value: unknown) => (value === '' ? null : readNumber(value ?? null));
  return z
    .preprocess(read, z.int(expected).min(-1, expected).max(limits.seed.max, expected).nullable())
    .transform((value) => (value === -1 ? null : value))
    .meta({
      type: ['integer', 'null'],
      minimum: -1,
      maximum: limits.seed.max,
      description: 'The same seed and parameters are the same picture. Absent, null or -1: one is drawn and told.',
      'x-canonical': 'seed',
    })
    .prefault(null);
}

/**
 * As it is: `z.record` would leave a key `__proto__` out, and make one picture of two prompts. Aborting, it leaves the words
 * of a refusal to the union that it is in.
 */
const jsonObject = z.unknown().refine(isJsonObject, { abort: true }).meta({ type: 'object', additionalProperties: {} });

/** A prompt of text or a JSON object; its length and depth are checked when it is read by `readPrompt`. */
export function prompt() {
  return z.union([z.string(), jsonObject], 'expected text or a JSON object.').meta({
    description: `What to show: 1 to ${limits.promptCharacters} characters, or FLUX.2's structured prompt as a JSON object.`,
    'x-canonical': 'prompt',
  });
}

const pictureExpected = 'expected an https URL, a data URL or base64; null for none.';

/** One reference, or null where it is absent. */
export function picture(description = 'A reference: an https URL, a data URL or base64 of a PNG, JPEG, WebP or GIF.') {
  return z
    .string(pictureExpected)
    .min(1, pictureExpected)
    .nullish()
    .transform((value) => value ?? null)
    .meta({ description, 'x-canonical': 'references' });
}

/** Any number of references up to `most`, one alone being as good as a list of it. Absent: none. */
export function pictures(
  most: number,
  description = `Up to ${most} references, each an https URL, a data URL or base64.`,
) {
  const expected = `expected at most ${most} pictures, each an https URL, a data URL or base64.`;
  return z
    .union([z.array(z.string(expected)).max(most, expected), z.string()], expected)
    .nullish()
    .transform((value) => (typeof value === 'string' ? [value] : (value ?? [])))
    .meta({ description, 'x-canonical': 'references' });
}

/** A field that the vendor takes and that changes nothing here, with the reason. */
export function ignored(description: string) {
  return z.unknown().optional().meta({ description, 'x-canonical': null });
}

/** An https URL to be told when a task has ended, or null. Whether it is public is checked before anything is bought. */
export function webhookUrl() {
  const expected = 'expected an https URL of at most 2,083 characters.';
  return z
    .string(expected)
    .max(2083, expected)
    .nullish()
    .transform((value) => value ?? null)
    .meta({ description: 'Told by POST when the task has ended; signed.', 'x-canonical': 'webhook' });
}

/** A picture as callers send it in JSON: an http(s) URL, a data URL, or raw base64. */
export function referenceOf(value: string, field: readonly (string | number)[]): ReferenceSource {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /^file:/i.test(value)) return { kind: 'url', url: value, field };
  return { kind: 'base64', base64: value, field };
}

/** A list of them, each with its place in `field`; one alone is the field itself. */
export function referencesOf(values: readonly string[], field: string): ReferenceSource[] {
  const [first, ...others] = values;
  if (first !== undefined && others.length === 0) return [referenceOf(first, [field])];
  return values.map((value, index) => referenceOf(value, [field, index]));
}
