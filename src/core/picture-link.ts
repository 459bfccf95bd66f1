import * as z from 'zod';
import { Fault } from './fault';
import type { JsonObject } from './json';
import { parse } from './parse';
import { type PictureQuery, pictureOperations, repeatedName } from './picture-query';
import { type Format, formatOfExtension } from './rendition';

/** What a link does while its picture is in the making: wait, show a stand-in, or say so. */
export const onMiss = ['wait', 'placeholder', '202'] as const;
/** What a link does when the picture cannot be had: say so with a true status, or show a stand-in. */
export const onFail = ['status', 'placeholder'] as const;

/** A signed link as it was sent: nothing in it is to be believed before its signature is checked. */
export interface PictureLink {
  /** The last part of its path, such as `red-fox.webp`. */
  readonly file: string;
  readonly format: Format;
  /** Everything in its query but the signature. */
  readonly parameters: readonly (readonly [string, string])[];
  readonly signature: string;
  readonly keyId: string;
}

/** What a link asks for, once it is known to be genuine. */
export interface LinkedPicture {
  /** The picture in the words of BFL's API, as every one of its parameters is named there. */
  readonly body: JsonObject;
  /** The rendition of it: `w`, `h`, `fit`, `dpr`, `q`. */
  readonly query: PictureQuery;
  /** Seconds since 1970 after which the link buys nothing, and shows no private picture; null: never. */
  readonly expiresAt: number | null;
  /** The most that the link may ever spend; null: what its key may. */
  readonly maximumMicros: number | null;
  readonly onMiss: (typeof onMiss)[number];
  readonly onFail: (typeof onFail)[number];
}

const fileName = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,120}\.([a-z]{3,4})$/;
const references = Array.from({ length: 8 }, (_, index) => (index === 0 ? 'input_image' : `input_image_${index + 1}`));
const numbers = ['seed', 'width', 'height', 'steps', 'guidance', 'safety_tolerance'] as const;
const texts = ['prompt', 'aspect_ratio', ...references] as const;

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'expected a whole number.')
  .transform(Number);
const { w, h, fit, dpr, q } = pictureOperations;
/** What a link can say about anything but the picture itself. */
const settingsSchema = z
  .object({
    ...{ w, h, fit, dpr, q },
    exp: wholeNumber.describe('Seconds since 1970 after which the link buys nothing, and shows no private picture.'),
    max: wholeNumber.describe('The most micro-dollars that the link may ever spend.'),
    onmiss: z.enum(onMiss).describe('While the picture is made: wait for it, a stand-in, or a 202 with its task.'),
    onfail: z.enum(onFail).describe('Where it cannot be had: a true status, or a stand-in.'),
  })
  .partial();
export const linkSettings = settingsSchema.shape;
const known: ReadonlySet<string> = new Set([
  ...numbers,
  ...texts,
  ...['prompt_upsampling', 'key'],
  ...Object.keys(settingsSchema.shape),
]);

/**
 * Reads a link's URL. Each parameter may stand there once, and only those that there are: so no two readings of a URL
 * differ in what was signed.
 * @throws Fault `not_found` for a path that is no picture's, `invalid_request` for a query that is not to be read.
 */
export function readLink(file: string, query: string): PictureLink {
  const format = formatOfExtension(fileName.exec(file)?.[1] ?? '');
  if (format === null) {
    throw new Fault(
      'not_found',
      'A link names its picture as /i/{name}.{png,jpg,webp,avif}, in letters, digits and hyphens.',
    );
  }
  const sent = new URLSearchParams(query);
  const twice = repeatedName(sent);
  if (twice !== null) throw Fault.ofField(twice.slice(0, 40), 'expected once in a link.');
  const all = Array.from(sent);
  const signature = all.find(([name]) => name === 'sig')?.[1] ?? '';
  const parameters = all.filter(([name]) => name !== 'sig');
  return { file, format, parameters, signature, keyId: parameters.find(([name]) => name === 'key')?.[1] ?? '' };
}

/**
 * The text that is signed: a version, the file's name, and the parameters sorted by name and then value by code unit,
 * percent-encoded as RFC 3986 has it. How the URL spelled them is nothing to it.
 */
export function linkText({ file, parameters }: Pick<PictureLink, 'file' | 'parameters'>): string {
  const isBefore = (one: string, other: string) => (one < other ? -1 : Number(one > other));
  const sorted = parameters.toSorted((one, other) => isBefore(one[0], other[0]) || isBefore(one[1], other[1]));
  return `v1\n${file}\n${sorted.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).join('&')}`;
}

/** @throws Fault `invalid_request` that names the parameter and says what is accepted. */
export function linkedPicture({ parameters }: PictureLink): LinkedPicture {
  const unknown = parameters.find(([name]) => !known.has(name));
  if (unknown !== undefined) throw Fault.ofField(unknown[0].slice(0, 40), `expected one of ${[...known].join(', ')}.`);
  const given = Object.fromEntries(parameters);
  const { exp, max, onmiss = 'wait', onfail = 'status', ...query } = parse(settingsSchema, given);
  return {
    body: bodyOf(given),
    query,
    expiresAt: exp ?? null,
    maximumMicros: max ?? null,
    onMiss: onmiss,
    onFail: onfail,
  };
}

function bodyOf(given: Readonly<Record<string, string>>): JsonObject {
  const read = (names: readonly string[], value: (text: string) => string | number | boolean) =>
    names.flatMap((name) => (given[name] === undefined ? [] : [[name, value(given[name])] as const]));
  return Object.fromEntries([
    ...read(texts, (text) => text),
    ...read(numbers, (text) => (/^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text)),
    ...read(['prompt_upsampling'], (text) => (text === 'true' || text === 'false' ? text === 'true' : text)),
  ]);
}

/** Lone surrogates have no UTF-8: they are what the decoding of the URL made of them. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
