import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalLink, type LinkSigner } from '../../src/client/signed-link';
import { fluxgate } from '../../src/dialects/fluxgate';
import { dialectOfPath } from '../../src/dialects/registry';
import { origin } from '../support/front-door';
import { addLinkKey } from '../support/link';
import { expectAnswered } from './answers';
import { brokenBytes, brokenValue } from './breakers';
import { holds, run } from './holds';
import { oddHeaders, oddTexts } from './odd-envelopes';
import { bodiesTold, goodBodies, namesTold, type OwnRoute, ownNames, ownRoutes } from './own-routes';
import { anyJson } from './schema-arbitrary';
import { curlLine, send, type WireCase } from './wire-case';

const numerals = [
  '1',
  '0',
  '-1',
  '1.5',
  '64',
  '1e3',
  '99999999999999999999',
  'NaN',
  '100x100',
  '4096',
  'auto',
  'cover',
];
const words = ['day', 'day,provider', 'csv', '2024-02-30', '2024-01-01', 'ready', 'bfl', 'a"b\r\nc', 'ü.png', '../x'];
const values = fc.oneof(oddTexts, fc.constantFrom(...numerals, ...words), fc.integer().map(String));
const parts = fc.oneof(
  oddTexts,
  fc.constantFrom('development', 'a', 'fuzz', '0'.repeat(64), `${'0'.repeat(64)}.png`, '%', '%ff', '%2f'),
);

function requestsTo({ method, path, query, body }: OwnRoute): fc.Arbitrary<WireCase> {
  const written = (text: string) => (/^%(?:ff|2f|)$/.test(text) ? text : encodeURIComponent(text.toWellFormed()));
  const paths = parts.map((part) => path.replaceAll(/:\w+(?:\{[^}]*\})?/g, () => written(part)));
  const queries = fc.array(fc.tuple(fc.constantFrom(...query, 'unknown', '__proto__'), values), { maxLength: 3 });
  const keys = fc.constantFrom(env.ADMIN_TOKEN, env.DEV_API_KEY, 'fg_live_wrong', '');
  const bodies: fc.Arbitrary<WireCase['body']> =
    body === null
      ? fc.constant(null)
      : fc.oneof(
          fc.constant(JSON.stringify(body)),
          brokenValue(body),
          brokenBytes(JSON.stringify(body)),
          anyJson.map((json) => JSON.stringify(json)),
        );
  return fc.tuple(paths, queries, keys, oddHeaders, bodies).map(([where, pairs, key, more, content]) => ({
    method,
    path: `${where}?${new URLSearchParams(pairs.map(([name, value]) => [name, value.slice(0, 400).toWellFormed()]))}`,
    headers: [
      ...(content === null ? [] : [['content-type', 'application/json'] as const]),
      ...more,
      ['authorization', `Bearer ${key}`],
    ],
    body: content,
  }));
}

describe.skipIf(!run.isAsked('fluxgate'))('our own routes', () => {
  // A link is mounted under one name for all formats.
  it('are all here, as the documentation has them', () => {
    expect(ownNames).toEqual(expect.arrayContaining(namesTold.filter((name) => !name.includes('/i/'))));
    const [own, ready] = [['GET /v1/key', 'GET /v1/keys', 'DELETE /v1/pictures/:fingerprint'], 'GET /ready'];
    expect(ownNames).toEqual(expect.arrayContaining([...own, ready, 'GET /images/:file', 'GET /']));
    expect(ownNames.some((name) => name.startsWith('GET /i/'))).toBe(true);
  });

  it('have a good body each, where they take one', () => {
    expect(bodiesTold.map(({ name }) => name).toSorted()).toEqual(Object.keys(goodBodies).toSorted());
    const refused = bodiesTold.filter(({ name, body }) => body?.safeParse(goodBodies[name]).success !== true);
    expect(refused.map(({ name }) => name)).toEqual([]);
  });

  it('answer whatever they are asked, in our own shape', async () => {
    await holds({
      dialect: fluxgate.id,
      share: 0.5,
      cases: fc.constantFrom(...ownRoutes).chain(requestsTo),
      shown: curlLine,
      check: async (one) => {
        const { pathname } = new URL(one.path, origin);
        await expectAnswered(await send(one), dialectOfPath(pathname), one.method);
      },
    });
  });
});

describe.skipIf(!run.isAsked('fluxgate'))('signed links', () => {
  let signer: LinkSigner;
  beforeAll(async () => {
    signer = await addLinkKey('fuzz-links');
  });

  const names = [
    'seed',
    'width',
    'height',
    'steps',
    'guidance',
    'aspect_ratio',
    'w',
    'h',
    'fit',
    'dpr',
    'q',
    'exp',
    'onmiss',
    'onfail',
    'input_image',
    'x',
  ];
  const pairs = fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom(...names),
        fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...numerals) }, { weight: 1, arbitrary: values }),
      ),
      {
        selector: ([name]) => name,
        maxLength: 4,
      },
    )
    // A micro-dollar buys nothing.
    .map((some): (readonly [string, string])[] => [['prompt', 'A fox in a link'], ['max', '1'], ...some]);
  const links = fc.record({ pairs, file: fc.constantFrom('a.png', 'a.webp', 'a.avif', 'b.jpg') });
  type Linked = typeof links extends fc.Arbitrary<infer One> ? One : never;
  const urlOf = async ({ pairs, file }: Linked) => {
    const said = pairs.map(([name, value]) => [name, value.slice(0, 300).toWellFormed()] as const);
    const parameters = [...said, ['key', signer.keyId] as const];
    const query = new URLSearchParams(parameters.map(([name, value]) => [name, value]));
    return `${origin}/i/${file}?${query}&sig=${await hmacOf(canonicalLink(file, parameters), signer.secret)}`;
  };
  const follow = async (url: string) =>
    await send({ method: 'GET', path: url.slice(origin.length), headers: [], body: null });

  it('answer whatever was signed, and buy nothing beyond their limit', async () => {
    await holds({
      dialect: fluxgate.id,
      share: 0.05,
      cases: links,
      shown: (one) => JSON.stringify(one),
      check: async (one) => await expectAnswered(await follow(await urlOf(one)), fluxgate, 'GET'),
    });
  });

  it('are refused once anything in them is another', async () => {
    await holds({
      dialect: fluxgate.id,
      share: 0.05,
      cases: fc.tuple(links, fc.nat(), fc.constantFrom('0', 'a', 'Z', '%20', '&', '=', '%00')),
      shown: ([one, place, mark]) => JSON.stringify({ ...one, place, mark }),
      check: async ([one, place, mark]) => {
        const url = await urlOf(one);
        const start = url.indexOf('?') + 1;
        const at = start + (place % (url.length - start));
        const changed = url.slice(0, at) + mark + url.slice(at + 1);
        if (sorted(changed) === sorted(url)) return;
        const response = await follow(changed);
        await expectAnswered(response.clone(), fluxgate, 'GET');
        expect(response.status).toBeGreaterThanOrEqual(400);
      },
    });
  });
});

async function hmacOf(text: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), usage, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
  return signature.toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** What a link says, however it is spelled. */
function sorted(url: string): string {
  const { pathname, searchParams } = new URL(url);
  return JSON.stringify([pathname, [...searchParams].toSorted(([one], [other]) => (one < other ? -1 : 1))]);
}
