import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json';
import { dialects } from '../../src/dialects/registry';
import { requestRecipes } from '../../src/discovery/request-recipes';
import { composeRequest } from '../../src/web/samples/compose-request';
import type { PictureSettings } from '../../src/web/samples/picture-settings';
import { holds, run } from './holds';
import { makingDialects, requestTo } from './makers';
import { pngs } from './pictures';
import { prompts } from './schema-arbitrary';
import { understand } from './understand';
import { curlLine, send } from './wire-case';

const recipes = requestRecipes(dialects);
const sizes = recipes.flatMap(({ size }) => (size.kind === 'choices' ? size.choices : []));
const anySize = fc.oneof(
  fc.constantFrom(...sizes.map(({ width, height }) => ({ width, height })), { width: 1024, height: 1024 }),
  fc.record({ width: fc.integer({ min: 64, max: 2048 }), height: fc.integer({ min: 64, max: 2048 }) }),
);
const references = fc.array(
  fc.constantFrom(...pngs).map((bytes) => `data:image/png;base64,${bytes.toBase64()}`),
  { maxLength: 3 },
);

/** A picture that a page would ask for: every setting said. */
const pictures: fc.Arbitrary<PictureSettings> = fc
  .record({
    prompt: prompts.filter(isPrompt),
    references: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: references }),
    size: anySize,
    steps: fc.oneof(fc.constantFrom(25, 30, 40, 50), fc.integer({ min: 1, max: 50 })),
    guidance: fc.oneof(fc.constantFrom(2, 3.5, 5), fc.double({ min: 1.5, max: 10, noNaN: true })),
    seed: fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 32 - 1)),
    promptUpsampling: fc.boolean(),
    safetyTolerance: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ size, ...settings }) => ({ ...settings, ...size, format: 'png', quality: 80 }) as PictureSettings);

/** What every dialect takes: well-formed and not empty. */
function isPrompt(prompt: Json): boolean {
  const text = typeof prompt === 'string' ? prompt : JSON.stringify(prompt);
  return text.isWellFormed() && !/\\ud[89a-f]/i.test(text) && text.trim().length > 2;
}

/** A picture in the words of each dialect that has words for it. */
function wordings(picture: PictureSettings) {
  return makingDialects.flatMap(({ dialect, makers }) => {
    const composed = composeRequest(
      recipes.filter((recipe) => recipe.dialect === dialect.id),
      picture,
    );
    if (composed.kind === 'impossible') return [];
    const path = composed.recipe.path.replace('black-forest-labs/flux-2-flex/predictions', ':owner/:name/predictions');
    const maker = makers.find(({ operation }) => operation.path === path);
    return maker === undefined ? [] : [{ dialect, maker, body: JSON.stringify(composed.body) }];
  });
}
const shown = (picture: PictureSettings) =>
  wordings(picture)
    .map(({ maker, body }) => curlLine(requestTo(maker, body)))
    .join('\n');

describe('one picture', () => {
  it('has one fingerprint in the words of every dialect, and is what was asked for', async () => {
    const words = new Map<string, number>();
    await holds({
      share: 0.25,
      cases: pictures,
      shown,
      check: async (picture) => {
        const prints = new Set<string>();
        for (const { dialect, maker, body } of wordings(picture)) {
          const understood = await understand(maker.operation, requestTo(maker, body));
          if (understood.kind === 'fault') throw understood.fault;
          const { request, print } = understood;
          const { steps, guidance, seed, promptUpsampling, safetyTolerance, width, height } = request;
          const { prompt, references: _, format: __, quality: ___, ...asked } = picture;
          expect({ steps, guidance, seed, promptUpsampling, safetyTolerance, width, height }).toEqual(asked);
          if (dialect.id !== 'chat') expect(JSON.stringify(request.prompt)).toBe(JSON.stringify(prompt));
          prints.add(print);
          words.set(dialect.id, (words.get(dialect.id) ?? 0) + 1);
        }
        expect(prints.size).toBeLessThanOrEqual(1);
      },
    });
    // A dialect that has words for none of them would show nothing.
    if (run.cases >= 2_000) expect([...words.keys()].toSorted()).toEqual(makingDialects.map(({ id }) => id).toSorted());
  });

  it('is another one when any of its settings is another', async () => {
    const twins = fc
      .tuple(
        pictures,
        pictures,
        fc.constantFrom('prompt', 'width', 'steps', 'guidance', 'seed', 'promptUpsampling', 'references'),
      )
      .map(
        ([one, other, name]) =>
          [one, { ...one, [name]: Reflect.get(other, name) as unknown } as PictureSettings] as const,
      );
    await holds({
      share: 0.15,
      cases: twins,
      shown: ([one, other]) => `${shown(one)}\nand\n${shown(other)}`,
      check: async (both) => {
        const [first, second] = both.map(meaningOf);
        if (first === second) return;
        const [one, other] = await Promise.all(both.map(printsIn));
        for (const [id, print] of one ?? []) expect(other?.get(id)).not.toBe(print);
      },
    });
  });

  it('has one fingerprint by the front door too, with the bytes of its references', async () => {
    await holds({
      share: 0.01,
      cases: pictures,
      shown,
      check: async (picture) => {
        const prints = new Set<string>();
        for (const { dialect, maker, body } of wordings(picture)) {
          const path = `/v1/quote?${new URLSearchParams({ dialect: dialect.id, path: maker.operation.path })}`;
          const response = await send({ ...requestTo(maker, body), path });
          const text = await response.text();
          if (response.status !== 200) throw new Error(`${dialect.id} answered ${response.status}: ${text}`);
          const quote: { pictures: { fingerprint: string }[] } = JSON.parse(text);
          prints.add(quote.pictures[0]?.fingerprint ?? 'none');
        }
        expect(prints.size).toBeLessThanOrEqual(1);
      },
    });
  });
});

async function printsIn(picture: PictureSettings): Promise<Map<string, string>> {
  const prints = new Map<string, string>();
  for (const { dialect, maker, body } of wordings(picture)) {
    const understood = await understand(maker.operation, requestTo(maker, body));
    if (understood.kind === 'order') prints.set(dialect.id, understood.print);
  }
  return prints;
}

/** Sizes that are rendered alike are one picture, as is a text that is a JSON object and that object. */
function meaningOf({ prompt, width, height, ...rest }: PictureSettings): string {
  const up = (edge: number) => 16 * Math.ceil(edge / 16);
  return JSON.stringify({
    ...rest,
    prompt: typeof prompt === 'string' ? prompt.trim() : prompt,
    size: [up(width), up(height)],
  });
}
