import * as fc from 'fast-check';
import { anyJson } from './schema-arbitrary';
import type { WireCase } from './wire-case';

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

const bytesOf = (text: string) => Uint8Array.from(new TextEncoder().encode(text));
