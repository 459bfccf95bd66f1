import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect, Operation } from '../../src/core/dialect';
import { fluxgate } from '../../src/dialects/fluxgate';
import { dialectOfPath } from '../../src/dialects/registry';
import { origin } from '../support/front-door';
import { expectAnswered } from './answers';
import { brokenBytes, brokenValue } from './breakers';
import { holds, run } from './holds';
import { anyBody, askedDialects, makersOf, makingDialects, requestTo } from './makers';
import { brokenForms, oddHeaders, oddTexts, oddTypes } from './odd-envelopes';
import { pngs } from './pictures';
import { spelled, spellings } from './spelling';
import { understand } from './understand';
import { curlLine, filled, keyHeader, send, type WireCase } from './wire-case';

/** No such provider: what is in order after all is refused there, and nothing is bought. */
const fromNobody = ['x-fluxgate-provider', 'nobody'] as const;

interface QuoteAnswer {
  readonly pictures: readonly { readonly fingerprint: string }[];
}

describe.each(makingDialects)('the routes of $id that make pictures', ({ dialect, makers }) => {
  const promise = it.skipIf(!run.isAsked(dialect.id));

  promise('are quoted for the fingerprint that they would have', async () => {
    const quoteOf = (path: string) => `/v1/quote?${new URLSearchParams({ dialect: dialect.id, path })}`;
    await holds({
      dialect: dialect.id,
      share: 0.04,
      cases: fc.tuple(anyBody(makers), spellings),
      shown: ([{ maker, body }, spelling]) =>
        curlLine({ ...requestTo(maker, spelled(body, spelling)), path: quoteOf(maker.operation.path) }),
      check: async ([{ maker, body }, spelling]) => {
        const one = requestTo(maker, spelled(body, spelling));
        const response = await send({ ...one, path: quoteOf(maker.operation.path) });
        await expectAnswered(response.clone(), fluxgate, 'POST');
        const understood = await understand(maker.operation, one);
        // A reference that only looks like one is refused later than here.
        const isPlain = understood.kind === 'order' && understood.order.picture.references.length === 0;
        if (!isPlain) return;
        const quote: QuoteAnswer = await response.json();
        expect(quote.pictures).toHaveLength(understood.order.count);
        if (understood.order.picture.seed !== null) expect(quote.pictures[0]?.fingerprint).toBe(understood.print);
      },
    });
  });

  promise('refuse what is broken in their own shape', async () => {
    const cases: fc.Arbitrary<WireCase> = anyBody(makers).chain(({ maker, body }) => {
      const right = requestTo(maker, JSON.stringify(body));
      return fc.oneof(
        { weight: 3, arbitrary: brokenValue(body).map((changed) => ({ ...right, body: changed })) },
        { weight: 2, arbitrary: brokenBytes(JSON.stringify(body)).map((bytes) => ({ ...right, body: bytes })) },
        {
          weight: 1,
          arbitrary: oddTypes.map((type) => ({
            ...right,
            headers: [['content-type', type], keyHeader(dialect)] as const,
          })),
        },
        {
          weight: 2,
          arbitrary: brokenForms.map((form) => ({ ...right, ...form, headers: [...form.headers, keyHeader(dialect)] })),
        },
        { weight: 2, arbitrary: oddHeaders.map((more) => ({ ...right, headers: [...right.headers, ...more] })) },
        { weight: 1, arbitrary: oddQueries.map((query) => ({ ...right, path: right.path + query })) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE').map((method) => ({ ...right, method })),
        },
        { weight: 1, arbitrary: fc.constant({ ...right, body: null }) },
      );
    });
    await holds({
      dialect: dialect.id,
      share: 0.04,
      cases: cases.map((one) => ({ ...one, headers: [...withoutProvider(one.headers), fromNobody] })),
      shown: curlLine,
      check: async (one) => await expectAnswered(await send(one), dialect, one.method),
    });
  });
});

describe.each(askedDialects.map((dialect) => ({ id: dialect.id, dialect })))(
  'all other routes of $id',
  ({ dialect }) => {
    const others = dialect.operations.filter(({ kind }) => kind !== 'create');

    it.skipIf(others.length === 0)('answer whatever they are asked, in their own shape', async () => {
      await holds({
        dialect: dialect.id,
        // Where nothing is made, there are these routes alone.
        share: (makersOf.get(dialect)?.length ?? 0) > 0 ? 0.05 : 1,
        cases: fc.constantFrom(...others).chain((operation) => requestsTo(dialect, operation)),
        shown: curlLine,
        check: async (one) => await expectAnswered(await send(one), dialectAt(one.path, dialect), one.method),
      });
    });
  },
);

/** Dots in a path lead elsewhere, perhaps to where another dialect answers. */
function dialectAt(path: string, dialect: Dialect): Dialect {
  const { pathname } = new URL(path, origin);
  return path.split('?')[0] === pathname ? dialect : dialectOfPath(pathname);
}

const queryNames = ['id', 'cursor', 'status', 'limit', 'fal_webhook', 'feature', 'page', '__proto__', 'prompt', 'sig'];
const oddQueries: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', '?', '?&&', '?=', '?%', '?a=%ff', '?cursor', '?id=&id=', `?${'a=1&'.repeat(500)}`),
  fc
    .array(fc.tuple(fc.constantFrom(...queryNames), oddTexts), { minLength: 1, maxLength: 3 })
    .map(
      (pairs) => `?${new URLSearchParams(pairs.map(([name, value]) => [name, value.slice(0, 300).toWellFormed()]))}`,
    ),
);

/** What is written in a path as it is. */
const rawParts = fc.constantFrom(
  '%',
  '%ff',
  '%00',
  '%2f',
  '..%2f..',
  '%2e%2e',
  '%C0%80',
  'a%',
  '%u0041',
  ';',
  '@',
  '~',
  '&',
);

function requestsTo(dialect: Dialect, operation: Operation): fc.Arbitrary<WireCase> {
  const paths = fc.oneof(
    { weight: 4, arbitrary: oddTexts.map((part) => filled(operation.path, part)) },
    { weight: 1, arbitrary: rawParts.map((part) => operation.path.replaceAll(/:\w+(\{[^}]*\})?/g, () => part)) },
  );
  const keys = fc.oneof(
    { weight: 4, arbitrary: fc.constant([keyHeader(dialect)]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom([], [keyHeader(dialect, 'fg_live_wrong')], [['authorization', 'Bearer'] as const]),
    },
  );
  return fc
    .tuple(paths, oddQueries, keys, oddHeaders, bodiesFor(operation))
    .map(([path, query, key, more, content]) => ({
      method: operation.method,
      path: (path === '' || path.startsWith('//') ? '/' : path) + query,
      headers: [...content.headers, ...more, ...key],
      body: content.body,
    }));
}

type Content = Pick<WireCase, 'headers' | 'body'>;

/** Files, forms and texts for a route that takes any. */
function bodiesFor(operation: Operation): fc.Arbitrary<Content> {
  const none: Content = { headers: [], body: null };
  if (!('accepts' in operation)) return fc.constant(none);
  const json = [['content-type', 'application/json']] as const;
  const types = fc.constantFrom('image/png', 'IMAGE/GIF ;x', 'text/html', 'constructor', '__proto__', 'toString', '');
  const promised = fc
    .tuple(types, oddTexts)
    .chain(([content_type, file_name]) => {
      const right = JSON.stringify({ content_type, file_name });
      return fc.oneof(fc.constant(right), brokenValue({ content_type, file_name }));
    })
    .map((body) => ({ headers: json, body }));
  if (operation.kind === 'upload-promise') return fc.oneof(fc.constant(none), promised);
  const files = fc.oneof(
    fc.constantFrom(...pngs),
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Uint8Array.from(bytes)),
    fc.constantFrom(...pngs).chain((bytes) => fc.nat(bytes.length).map((length) => bytes.slice(0, length))),
  );
  return fc.oneof(
    fc.constant(none),
    brokenForms,
    files.map((body) => ({ headers: [['content-type', 'image/png'] as const], body })),
    fc
      .tuple(files, fc.string({ unit: 'binary', maxLength: 250 }))
      .map(([file, name]) => formOf(file, name.toWellFormed())),
    promised,
    brokenBytes('{"content_type":"image/png"}').map((body) => ({ headers: json, body })),
  );
}

function formOf(file: Uint8Array<ArrayBuffer>, name: string): Content {
  const encoder = new TextEncoder();
  const escaped = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const part = (field: string) =>
    encoder.encode(
      `--b\r\ncontent-disposition: form-data; name="${field}"; filename="${escaped}"\r\ncontent-type: image/png\r\n\r\n`,
    );
  const [start, break_, end] = [part('content'), encoder.encode('\r\n'), encoder.encode('\r\n--b--\r\n')];
  const body = Uint8Array.from([...start, ...file, ...break_, ...part('asset'), ...file, ...end]);
  return { headers: [['content-type', 'multipart/form-data; boundary=b']], body };
}

const withoutProvider = (headers: WireCase['headers']) => headers.filter(([name]) => name !== fromNobody[0]);
