import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json';
import { objectIn } from '../../src/discovery/schema-leaves';
import { type BuyingRoute, bodyOf, buyingRoutes, keyHeader } from '../support/buying-routes';
import { call } from '../support/front-door';

/** The library's own words, that tell a caller about its types and not about what this service takes. */
const libraryWords = /Invalid (input|option|string|element|key)|Too (small|big)|Unrecognized|, received|nullable/;
const example = { prompt: 'refusals' };
const json = buyingRoutes.filter(({ isForm }) => !isForm).map((route) => [route.name, route] as const);

type Path = readonly string[];
/** A refusal of our own API. */
interface Refusal {
  readonly error: { readonly message: string; readonly issues: readonly JsonObject[] };
}

/** A body with something else at a place; undefined: with nothing there. */
function withAt(body: Json, [name, ...rest]: Path, value: Json | undefined): Json {
  if (name === undefined) return value ?? null;
  const object = isJsonObject(body) ? body : {};
  if (rest.length > 0) return { ...object, [name]: withAt(object[name] ?? {}, rest, value) };
  const { [name]: _, ...others } = object;
  return value === undefined ? others : { ...others, [name]: value };
}

/** Every place of a body that the schema knows. */
function placesIn(schema: JsonObject, prefix: Path = []): Path[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    const inner = isJsonObject(property) ? objectIn(property) : null;
    return [[...prefix, name], ...(inner === null ? [] : placesIn(inner, [...prefix, name]))];
  });
}

function placesOf({ operation }: BuyingRoute): Path[] {
  const schema: Json = JSON.parse(
    JSON.stringify(z.toJSONSchema(operation.schema, { io: 'input', unrepresentable: 'any' })),
  );
  if (!isJsonObject(schema)) return [];
  const choices = [schema.oneOf, schema.anyOf].find(Array.isArray) ?? [schema];
  return choices.filter(isJsonObject).flatMap((choice) => placesIn(choice));
}

/** The sentences of a refusal, in whatever shape. */
async function wordsOf(response: Response): Promise<string> {
  const text = await response.text();
  return response.ok ? '' : text;
}

describe.each(json)('%s', (_name, route) => {
  const prompts = [undefined, null, 5, true, ['x']];
  const places = placesOf(route);
  const body = bodyOf(route, example);
  const query = new URLSearchParams({ dialect: route.dialect.id, path: route.operation.path });
  const place = places.find((path) => path.at(-1) === 'prompt') ?? ['messages'];

  it.each(prompts)('says what a prompt is where it gets %j', async (value) => {
    const json = withAt(body, place, value);
    const answers = [
      await call(route.path, { key: null, headers: keyHeader(route.dialect, env.DEV_API_KEY), json }),
      await call(`/v1/quote?${query}`, { json }),
    ];
    for (const response of answers) {
      expect(response.status).toBeGreaterThanOrEqual(400);
      const words = await wordsOf(response);
      expect(words).not.toMatch(libraryWords);
      expect(words).toContain(place[0] === 'messages' ? 'expected ' : 'expected text or a JSON object.');
    }
  });

  it('has words of its own for whatever is wrong in any field', async () => {
    const odd = [
      null,
      5,
      true,
      'x',
      '',
      'x'.repeat(3_000),
      ['x'],
      [[]],
      Array(40).fill('x'),
      {},
      { x: 1 },
      1e300,
      -1.5,
    ];
    for (const path of places) {
      for (const value of odd) {
        const response = await call(`/v1/quote?${query}`, { json: withAt(body, path, value) });
        expect([path.join('.'), value, await wordsOf(response)]).toEqual([
          path.join('.'),
          value,
          expect.not.stringMatching(libraryWords),
        ]);
      }
    }
  });

  it('says each thing once', async () => {
    for (const path of places) {
      const response = await call(`/v1/quote?${query}`, { json: withAt(body, path, 1e300) });
      const { error } = await response.json<Partial<Refusal>>();
      if (error === undefined) continue;
      const told = error.issues.map((issue) => JSON.stringify(issue));
      expect(new Set(told).size).toBe(told.length);
      const sentences = error.message.split('; ');
      expect([error.message, new Set(sentences).size]).toEqual([error.message, sentences.length]);
    }
  });
});

describe('the query of a picture and the headers of an order', () => {
  const image = `/images/${'0'.repeat(64)}.png`;
  const refused = [
    { name: 'a width twice', at: `${image}?w=320&w=640`, field: 'w', message: 'expected one value, not a list.' },
    {
      name: 'a long name',
      at: `${image}?download=${'x'.repeat(201)}`,
      field: 'download',
      message: 'expected at most 200 characters.',
    },
    { name: 'an unknown parameter', at: `${image}?foo=1`, field: 'foo', message: expect.stringContaining('"foo"') },
  ];
  it.each(refused)('are refused by name and in words of ours: $name', async ({ at, field, message }) => {
    const response = await call(at);
    expect(response.status).toBe(400);
    const { error } = await response.json<Refusal>();
    expect(error.issues).toEqual([{ field, message }]);
    expect(error.message.startsWith(`${field}: `)).toBe(true);
  });

  it('say how long an Idempotency-Key may be', async () => {
    const headers = { 'idempotency-key': '' };
    const response = await call('/v1/quote?dialect=bfl', { json: { prompt: 'x' }, headers });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('idempotency-key: expected 1 to 255 characters.');
  });
});
