import { describe, expect, it } from 'vitest';
import { canonicalise, readPrompt, seedsOf } from '../../src/core/canonicalise';
import { Fault } from '../../src/core/fault';
import { limits, type Reference } from '../../src/core/image-request';
import type { PictureOrder } from '../../src/core/order';

const order: PictureOrder = {
  prompt: 'A lighthouse at dusk',
  references: [],
  size: { kind: 'pixels', width: 1920, height: 1080 },
  steps: 50,
  guidance: 4.5,
  seed: null,
  promptUpsampling: true,
  safetyTolerance: 2,
};
const reference: Reference = {
  sha256: 'b'.repeat(64),
  contentType: 'image/webp',
  width: 600,
  height: 400,
  sizeBytes: 1000,
};
const resolution = { namespace: 'public', references: [reference], seed: 7 };

function faultOf(make: () => unknown): Fault {
  try {
    make();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown.');
}

function nestedPrompt(depth: number): Record<string, unknown> {
  return depth === 1 ? { leaf: 'x' } : { inner: nestedPrompt(depth - 1) };
}

describe('canonicalise', () => {
  it('fills in everything that decides the picture, and nothing else', () => {
    expect(canonicalise(order, resolution)).toEqual({
      namespace: 'public',
      model: 'flux-2-flex',
      prompt: 'A lighthouse at dusk',
      references: [reference],
      width: 1920,
      height: 1080,
      steps: 50,
      guidance: 4.5,
      seed: 7,
      promptUpsampling: true,
      safetyTolerance: 2,
    });
  });

  it('takes the size from the reference where the order says so', () => {
    const size = { kind: 'match-reference', megapixels: null, otherwise: { width: 64, height: 64 } } as const;
    expect(canonicalise({ ...order, size }, resolution)).toMatchObject({ width: 600, height: 400 });
  });

  it('takes the seed that was drawn, not that of the order', () => {
    expect(canonicalise({ ...order, seed: 99 }, resolution).seed).toBe(7);
  });

  it.each<[string, Partial<PictureOrder>, Partial<typeof resolution>, string]>([
    ['no step', { steps: 0 }, {}, 'steps'],
    ['half a step', { steps: 1.5 }, {}, 'steps'],
    ['too many steps', { steps: 51 }, {}, 'steps'],
    ['too little guidance', { guidance: 1.49 }, {}, 'guidance'],
    ['too much guidance', { guidance: 10.01 }, {}, 'guidance'],
    ['guidance that is no number', { guidance: Number.NaN }, {}, 'guidance'],
    ['a negative tolerance', { safetyTolerance: -1 }, {}, 'safetyTolerance'],
    ['a tolerance beyond the scale', { safetyTolerance: 6 }, {}, 'safetyTolerance'],
    ['a negative seed', {}, { seed: -1 }, 'seed'],
    ['a seed of 33 bits', {}, { seed: 2 ** 32 }, 'seed'],
    ['a size below the least', { size: { kind: 'pixels', width: 63, height: 64 } }, {}, 'width'],
    ['an infinite number in a JSON prompt', { prompt: { weight: Number.POSITIVE_INFINITY } }, {}, 'prompt'],
    ['too many references', {}, { references: Array.from({ length: 11 }, () => reference) }, 'references'],
  ])('refuses %s and names the field', (_, changes, resolved, field) => {
    const fault = faultOf(() => canonicalise({ ...order, ...changes }, { ...resolution, ...resolved }));
    expect(fault.code).toBe('invalid_request');
    expect(fault.field?.split('.')[0]).toBe(field);
  });

  it('takes the first and the last of each range', () => {
    const least = { ...order, steps: 1, guidance: 1.5, safetyTolerance: 0 };
    const most = { ...order, steps: 50, guidance: 10, safetyTolerance: 5 };
    expect(canonicalise(least, { ...resolution, seed: 0 })).toMatchObject({ steps: 1, guidance: 1.5, seed: 0 });
    expect(canonicalise(most, { ...resolution, seed: limits.seed.max })).toMatchObject({ steps: 50, guidance: 10 });
  });
});

describe('seedsOf', () => {
  it.each([
    [5, 1, [5]],
    [5, 3, [5, 6, 7]],
    [2 ** 32 - 2, 4, [2 ** 32 - 2, 2 ** 32 - 1, 0, 1]],
    [0, 0, []],
  ])('starts at %i and counts %i', (first, count, seeds) => {
    expect(seedsOf(first, count)).toEqual(seeds);
  });
});

describe('readPrompt', () => {
  it.each<[string, unknown, unknown]>([
    ['text as it is, white space included', ' a  boat\n', ' a  boat\n'],
    ['a JSON object as it is', { scene: 'a boat' }, { scene: 'a boat' }],
    ['text that spells a JSON object as text', ' {"scene": "a boat"} ', ' {"scene": "a boat"} '],
    ['text that spells an empty object as text', '{}', '{}'],
    ['JSON of 64 levels', nestedPrompt(64), nestedPrompt(64)],
    ['text of 32,000 characters', 'x'.repeat(32_000), 'x'.repeat(32_000)],
    ['emoji', '🗼', '🗼'],
  ])('reads %s', (_, value, prompt) => {
    expect(readPrompt(value)).toEqual(prompt);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /text or a JSON object/],
    ['null', null, /text or a JSON object/],
    ['a number', 5, /text or a JSON object/],
    ['a list', ['a boat'], /text or a JSON object/],
    ['empty text', '', /1 to 32000 characters/],
    ['white space alone', ' \n\t', /1 to 32000 characters/],
    ['an empty object', {}, /1 to 32000 characters/],
    ['text of 32,001 characters', 'x'.repeat(32_001), /1 to 32000 characters/],
    ['JSON of more than 32,000 characters', { text: 'x'.repeat(32_000) }, /1 to 32000 characters/],
    ['JSON of 65 levels', nestedPrompt(65), /at most 64 levels/],
    ['a lone surrogate', 'a \ud83d boat', /lone surrogates/],
    ['a lone surrogate in a member', { scene: ['\ud83d'] }, /lone surrogates/],
    ['a number that no double holds', JSON.parse('{"weight":-1e999}'), /numbers of at most/],
    ['a lone surrogate in a key', { '\ud83d': 'a boat' }, /lone surrogates/],
  ])('refuses %s', (_, value, message) => {
    const fault = faultOf(() => readPrompt(value, ['input', 'prompt']));
    expect(fault.message).toMatch(message);
    expect(fault.field).toBe('input.prompt');
  });
});
