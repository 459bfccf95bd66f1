import * as fc from 'fast-check';
import { isJsonObject, type Json } from '../../src/core/json';
import { anyJson } from './schema-arbitrary';
import type { WireCase } from './wire-case';

const deep = (depth: number): Json => Array.from({ length: depth }).reduce<Json>((inner) => ({ a: inner }), 1);

/** What stands where something else should. */
const wrong: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    ...[null, true, false, 0, -0, -1, 0.5, 1e308, 2 ** 53, 2 ** 32, -(2 ** 31), 5e-324, 4.000_000_000_000_001],
    ...['', ' ', 'NaN', 'Infinity', '-0', '1e999', '0x10', '١٢', '1_000', ' 7 ', '+7', '7.', 'true', 'null', '\u0000'],
    ...[
      '\uD800',
      'a\uDC00b',
      '\u202Eabc',
      '__proto__',
      'constructor',
      '../../etc/passwd',
      "' OR 1=1 --",
      '<script>',
      '\r\nx-evil: 1',
    ],
    ...[[], {}, [[]], [null], [[[[]]]], { length: 3 }, { toString: 1 }, { constructor: { prototype: {} } }],
  ),
  fc.constantFrom(63, 64, 65, 200, 5_000).map(deep),
  fc.constantFrom(31_999, 32_000, 32_001, 100_000).map((length) => '😀a'.repeat(length / 2)),
  fc.constantFrom(11, 1_000, 50_000).map((length) => Array<Json>(length).fill('x')),
  anyJson,
);

/** A JSON text with something wrong inside: a value of another kind, a field more, a field less. */
export function brokenValue(body: Json): fc.Arbitrary<string> {
  const places = placesOf(body, []);
  const place = fc.constantFrom(...places);
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(place, wrong).map(([path, value]) => textWith(body, path, JSON.stringify(value))),
    },
    { weight: 1, arbitrary: place.map((path) => textWith(body, path, '1e999')) },
    { weight: 1, arbitrary: wrong.map((value) => JSON.stringify(value)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('__proto__', 'constructor', 'prompt', 'toString', '', '\uD800'), wrong, fc.boolean())
        .map(([key, value, isLast]) =>
          withMember(JSON.stringify(body), `${JSON.stringify(key)}:${JSON.stringify(value)}`, isLast),
        ),
    },
  );
}

type Path = readonly (string | number)[];

function placesOf(value: Json, path: Path): Path[] {
  const members = isJsonObject(value) || Array.isArray(value) ? Object.entries(value) : [];
  const inner = members.slice(0, 12).flatMap(([key, member]) => placesOf(member, [...path, key]));
  return path.length === 0 && inner.length > 0 ? inner : [path, ...inner];
}

const hole = '\uE000hole\uE000';

/** Put in as text, so that numbers and keys may be what no value of JavaScript is. */
function textWith(body: Json, path: Path, text: string): string {
  return JSON.stringify(put(body, path)).replace(JSON.stringify(hole), () => text);
}

function put(value: Json, [key, ...rest]: Path): Json {
  if (key === undefined) return hole;
  if (Array.isArray(value))
    return value.map((member, index) => (String(index) === String(key) ? put(member, rest) : member));
  if (!isJsonObject(value)) return hole;
  const members = Object.entries(value).map(
    ([name, member]) => [name, name === key ? put(member, rest) : member] as const,
  );
  return Object.fromEntries(members);
}

function withMember(text: string, member: string, isLast: boolean): string {
  if (!text.startsWith('{') || text === '{}') return `{${member}}`;
  return isLast ? `${text.slice(0, -1)},${member}}` : `{${member},${text.slice(1)}`;
}

const bytesOf = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

/** Bytes that are no JSON in UTF-8, made of a text that is. */
export function brokenBytes(text: string): fc.Arbitrary<string | Uint8Array<ArrayBuffer>> {
  return fc.oneof(
    fc.nat(Math.max(0, text.length - 1)).map((length) => text.slice(0, length)),
    fc.constantFrom(
      '',
      ' ',
      '\uFEFF',
      '{',
      '[',
      '"',
      'NaN',
      'undefined',
      '{"prompt":NaN}',
      "{'prompt':'x'}",
      '{"a":01}',
    ),
    fc.constantFrom(`${text}x`, `${text}${text}`, `\uFEFF\uFEFF${text}`, `/**/${text}`, text.replace(/}$/, ',}')),
    fc.constantFrom('['.repeat(90_000), '{"a":'.repeat(90_000), `[${'0,'.repeat(120_000)}0]`),
    fc
      .tuple(
        fc.nat(Math.max(0, text.length - 1)),
        fc.constantFrom([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5], [0]),
      )
      .map(([at, bytes]) => Uint8Array.from([...bytesOf(text.slice(0, at)), ...bytes, ...bytesOf(text.slice(at))])),
    fc.constant(
      Uint8Array.from([0xff, 0xfe, ...Array.from(text.slice(0, 200), (mark) => [mark.charCodeAt(0) & 255, 0]).flat()]),
    ),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
  );
}

const headerText = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const ours = [
  ...['x-fluxgate-provider', 'x-fluxgate-fit', 'x-provider-key', 'idempotency-key', 'prefer', 'cancel-after'],
  ...['x-stainless-retry-count', 'last-event-id', 'range', 'if-none-match', 'accept', 'origin', 'x-forwarded-host'],
  ...['content-encoding', 'cf-connecting-ip', 'x-forwarded-for', 'accept-language', 'if-modified-since', 'te'],
];

/** Headers that mean something to the service, with values that mean nothing, and many that it does not know. */
export const oddHeaders: fc.Arbitrary<[string, string][]> = fc.oneof(
  fc.constant<[string, string][]>([]),
  fc.array(
    fc.tuple(
      fc.constantFrom(...ours),
      fc.oneof(
        headerText,
        fc.constantFrom('wait=99999999999999999999', 'wait=0', '-1', 'NaN', 'bytes=9-1', 'bytes=-', '*'),
      ),
    ),
    { maxLength: 4 },
  ),
  fc
    .nat(60)
    .map((count) =>
      Array.from({ length: count }, (_, index): [string, string] => [`x-flood-${index}`, 'y'.repeat(100)]),
    ),
);

/** Content types that JSON does not have, or has with a twist. */
export const oddTypes = fc.constantFrom(
  ...[
    '',
    'text/plain',
    'application/json; charset=utf-16',
    'application/JSON',
    'application/json, text/html',
    ';',
    '/',
  ],
  ...['application/x-www-form-urlencoded', 'multipart/form-data', 'multipart/form-data; boundary=', 'image/png'],
  ...[
    'multipart/form-data; boundary="a"',
    'application/xml',
    'application/vnd.api+json',
    `application/${'j'.repeat(5_000)}`,
  ],
);

/** Multipart bodies whose boundaries, heads and ends are wrong. */
export const brokenForms: fc.Arbitrary<Pick<WireCase, 'headers' | 'body'>> = fc
  .tuple(
    fc.constantFrom('b', '', 'a b', '"', 'x'.repeat(300), '--'),
    fc.constantFrom('b', 'c', ''),
    fc.array(
      fc.tuple(
        fc.constantFrom(
          'prompt',
          'image',
          'image[]',
          'images[0]',
          '__proto__',
          'mask',
          'file',
          'content',
          'asset',
          '',
          'n"',
        ),
        fc.constantFrom('', '; filename="a.png"', "; filename*=UTF-8''%ff", '; filename="a\u0000.png"', ';;'),
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('A fox', '7', '\r\n--b--\r\n')),
      ),
      { maxLength: 5 },
    ),
    fc.boolean(),
  )
  .map(([boundary, used, parts, isEnded]) => ({
    headers: [['content-type', `multipart/form-data; boundary=${boundary}`]],
    body: parts
      .map(
        ([name, more, text]) => `--${used}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`,
      )
      .join('')
      .concat(isEnded ? `--${used}--\r\n` : ''),
  }));

/** Parts of a path, ids and cursors that nobody gave out. */
export const oddTexts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.base64String({ maxLength: 200 }).map((text) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')),
  anyJson.map((value) => bytesOf(JSON.stringify(value)).toBase64({ alphabet: 'base64url', omitPadding: true })),
  fc.constantFrom(
    ...[
      '',
      '.',
      '..',
      '../..',
      '%',
      '%00',
      '%2e%2e',
      '%252e',
      '__proto__',
      'constructor',
      '*',
      '?',
      '#',
      ' ',
      '\u0000',
    ],
    ...[
      '-1',
      '0',
      '1e9',
      'NaN',
      'null',
      'undefined',
      'a'.repeat(2_000),
      '😀'.repeat(300),
      'a/b',
      'a\\b',
      "'",
      '"',
      '{.+}',
    ],
    ...[
      'f'.repeat(64),
      `${'f'.repeat(64)}.png`,
      `${'f'.repeat(64)}.webp`,
      'x.png',
      'x.avif',
      '2024-01-01',
      '9999-99-99',
    ],
    ...['00000000-0000-0000-0000-000000000000', '\uD800', 'x\u202Ey', 'a'.repeat(128), '-'.repeat(64), '_'],
  ),
);
