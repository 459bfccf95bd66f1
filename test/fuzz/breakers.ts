import * as fc from 'fast-check';
import { isJsonObject, type Json } from '../../src/core/json';
import { anyJson } from './schema-arbitrary';

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
