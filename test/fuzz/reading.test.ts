import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../src/core/json';
import { leavesOf } from '../../src/discovery/schema-leaves';
import { jsonSchemaOf } from '../../src/discovery/wire-schema';
import { brokenBytes, brokenValue } from './breakers';
import { holds, run } from './holds';
import { anyBody, type Maker, makingDialects, requestTo } from './makers';
import { brokenForms, oddHeaders, oddTypes } from './odd-envelopes';
import { inPairs, outcomeOf, pixelsOf, sentPrompt } from './same-picture';
import { spelled, spellings } from './spelling';
import { type Understood, understand } from './understand';
import { curlLine, type WireCase } from './wire-case';

/** Every fault has a sentence and a shape that JSON can carry. */
function expectWorded(understood: Understood, encode: (typeof makingDialects)[number]['dialect']['encodeFault']) {
  if (understood.kind !== 'fault') return;
  const { status, body } = encode(understood.fault, 'request');
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(understood.fault.message.length).toBeLessThan(2_000);
  expect(JSON.parse(JSON.stringify(body))).toEqual(body);
}

describe.each(makingDialects)('reading requests of $id', ({ dialect, makers }) => {
  const promise = it.skipIf(!run.isAsked(dialect.id));

  promise('understands what its schema describes, or says what is wrong with it', async () => {
    let taken = 0;
    let all = 0;
    await holds({
      dialect: dialect.id,
      share: 0.2,
      cases: anyBody(makers),
      shown: ({ maker, body }) => curlLine(requestTo(maker, JSON.stringify(body))),
      check: async ({ maker, body }) => {
        const understood = await understand(maker.operation, requestTo(maker, JSON.stringify(body)));
        expectWorded(understood, dialect.encodeFault);
        const sent = sentPrompt(body);
        if (understood.kind === 'order' && sent !== undefined)
          expect(inPairs(understood.request.prompt)).toEqual(inPairs(sent));
        all += 1;
        taken += understood.kind === 'order' ? 1 : 0;
      },
    });
    // Or the other properties would be about refusals alone.
    if (all >= 100) expect(taken / all).toBeGreaterThan(0.2);
  });

  promise('refuses what is broken as the caller’s fault, and never breaks on it', async () => {
    const broken: fc.Arbitrary<{ maker: Maker; one: WireCase }> = anyBody(makers).chain(({ maker, body }) => {
      const text = JSON.stringify(body);
      const right = requestTo(maker, text);
      return fc
        .oneof(
          { weight: 5, arbitrary: brokenValue(body).map((changed) => ({ ...right, body: changed })) },
          { weight: 2, arbitrary: brokenBytes(text).map((bytes) => ({ ...right, body: bytes })) },
          { weight: 1, arbitrary: oddTypes.map((type) => ({ ...right, headers: [['content-type', type] as const] })) },
          { weight: 1, arbitrary: brokenForms.map((form) => ({ ...right, ...form })) },
          {
            weight: 1,
            arbitrary: oddHeaders.map((more) => ({ ...right, headers: [...right.headers, ...more] })),
          },
        )
        .map((one) => ({ maker, one }));
    });
    await holds({
      dialect: dialect.id,
      share: 0.25,
      cases: broken,
      shown: ({ one }) => curlLine(one),
      check: async ({ maker, one }) => expectWorded(await understand(maker.operation, one), dialect.encodeFault),
    });
  });

  promise('is asked for the same picture however a request is spelled', async () => {
    await holds({
      dialect: dialect.id,
      share: 0.15,
      cases: fc.tuple(anyBody(makers), spellings),
      shown: ([{ maker, body }, spelling]) => curlLine(requestTo(maker, spelled(body, spelling))),
      check: async ([{ maker, body }, spelling]) => {
        const plain = await understand(maker.operation, requestTo(maker, JSON.stringify(body)));
        const other = await understand(maker.operation, requestTo(maker, spelled(body, spelling)));
        expect(outcomeOf(other)).toBe(outcomeOf(plain));
      },
    });
  });

  promise('takes null for absent and numerals for numbers, or refuses them', async () => {
    const asOther = anyBody(makers).chain(({ maker, body }) =>
      otherSpelling(maker, body).map((other) => ({ maker, body, other })),
    );
    await holds({
      dialect: dialect.id,
      share: 0.1,
      cases: asOther,
      shown: ({ maker, other }) => curlLine(requestTo(maker, JSON.stringify(other))),
      check: async ({ maker, body, other }) => {
        const plain = await understand(maker.operation, requestTo(maker, JSON.stringify(body)));
        const changed = await understand(maker.operation, requestTo(maker, JSON.stringify(other)));
        if (changed.kind === 'order' && plain.kind === 'order') expect(outcomeOf(changed)).toBe(outcomeOf(plain));
      },
    });
  });

  promise('has one fingerprint for two requests exactly where nothing that decides the pixels differs', async () => {
    const twins = anyBody(makers).chain(({ maker, body }) =>
      fc
        .oneof(
          maker.bodies.map((other) => JSON.stringify(mixed(body, other))),
          brokenValue(body),
        )
        .map((other) => ({ maker, body: JSON.stringify(body), other })),
    );
    await holds({
      dialect: dialect.id,
      share: 0.15,
      cases: twins,
      shown: ({ maker, body, other }) => [body, other].map((text) => curlLine(requestTo(maker, text))).join('\nand\n'),
      check: async ({ maker, body, other }) => {
        const [one, two] = await Promise.all(
          [body, other].map(async (text) => await understand(maker.operation, requestTo(maker, text))),
        );
        if (one?.kind !== 'order' || two?.kind !== 'order') return;
        expect(one.print === two.print).toBe(pixelsOf(one.request) === pixelsOf(two.request));
      },
    });
  });
});

/** A body where something that is absent is null, or a number is a text. */
function otherSpelling({ operation }: Maker, body: Json): fc.Arbitrary<Json> {
  const schema = jsonSchemaOf(operation.schema);
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [schema];
  const paths = choices.filter(isJsonObject).flatMap((choice) => leavesOf(choice, []).map(({ path }) => path));
  return fc.constantFrom(...paths).map((path) => respelled(body, path));
}

function respelled(value: Json, [name = '', ...rest]: readonly string[]): Json {
  if (!isJsonObject(value)) return value;
  const inner = value[name];
  if (rest.length > 0) return inner === undefined ? value : { ...value, [name]: respelled(inner, rest) };
  if (inner === undefined) return { ...value, [name]: null };
  return typeof inner === 'number' ? { ...value, [name]: String(inner) } : value;
}

/** One body with some members of another: what differs between the two is little. */
function mixed(body: Json, other: Json): Json {
  if (!isJsonObject(body) || !isJsonObject(other)) return other;
  const [name] = Object.keys(other).filter((key) => JSON.stringify(other[key]) !== JSON.stringify(body[key]));
  return name === undefined ? body : Object.fromEntries([...Object.entries(body), [name, other[name] ?? null]]);
}
