import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, fingerprintText, sha256Hex, toHex } from '../../src/core/fingerprint';
import { imageRequestSchema } from '../../src/core/image-request';
import type { Json, JsonObject } from '../../src/core/json';
import { squareMegapixel } from '../../src/core/price';
import { vectors } from './fingerprint.vectors.json';

/** Requests as another implementation would read them from the file: each must be a canonical request to us. */
const published = vectors.map((vector) => ({ ...vector, request: imageRequestSchema.parse(vector.request) }));

/** The same value with the keys of every object in another order. */
function reordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, reordered(member)] as const);
  return Object.fromEntries(members.reverse());
}

const jsonPrompts = fc
  .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }))
  .map((value): JsonObject => JSON.parse(JSON.stringify(value)));

describe('fingerprint', () => {
  it.each(published)('agrees with the published vector: $name', async ({ request, text, sha256 }) => {
    expect(fingerprintText(request)).toBe(text);
    expect(await fingerprint(request)).toBe(sha256);
  });

  it('is equal for vectors that are the same picture, and for no others', () => {
    const digests = new Map(published.map(({ name, sha256 }) => [name, sha256]));
    const same = published.filter((vector) => vector.sameAs !== undefined);
    for (const { sha256, sameAs } of same) expect(digests.get(sameAs ?? '')).toBe(sha256);
    expect(same).not.toHaveLength(0);
    expect(new Set(digests.values()).size).toBe(published.length - same.length);
  });

  it('does not depend on the order of the request’s own keys', async () => {
    const entries = Object.entries(squareMegapixel).reverse();
    const turned = imageRequestSchema.parse(Object.fromEntries(entries));
    expect(await fingerprint(turned)).toBe(await fingerprint(squareMegapixel));
  });

  it('does not depend on the order of keys at any depth of a JSON prompt', () => {
    fc.assert(
      fc.property(jsonPrompts, (prompt) => {
        const turned = reordered({ prompt });
        const request = { ...squareMegapixel, ...(turned as { prompt: JsonObject }) };
        expect(fingerprintText(request)).toBe(fingerprintText({ ...squareMegapixel, prompt }));
      }),
    );
  });

  it('is another one for a key that objects have of themselves', () => {
    const plain = '{"scene":"a harbour"';
    for (const key of ['__proto__', 'constructor', 'toString']) {
      const prompts = [`${plain}}`, `${plain},"${key}":{"mood":"calm"}}`, `${plain},"${key}":null}`];
      const texts = prompts.map((text) =>
        fingerprintText(imageRequestSchema.parse({ ...squareMegapixel, prompt: JSON.parse(text) })),
      );
      expect(new Set(texts).size).toBe(prompts.length);
    }
  });

  it('hashes a text that another implementation can read back', () => {
    fc.assert(
      fc.property(jsonPrompts, (prompt) => {
        expect(JSON.parse(fingerprintText({ ...squareMegapixel, prompt })).prompt).toEqual(prompt);
      }),
    );
  });

  it('is one for all sizes that are cropped from the same render', () => {
    const below = fc.integer({ min: 0, max: 15 });
    fc.assert(
      fc.property(below, below, (left, top) => {
        const cropped = { ...squareMegapixel, width: 1024 - left, height: 1024 - top };
        expect(fingerprintText(cropped)).toBe(fingerprintText(squareMegapixel));
      }),
    );
  });
});

describe('sha256Hex', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('digests "%s" as FIPS 180 does', async (text, digest) => {
    expect(await sha256Hex(Uint8Array.from(new TextEncoder().encode(text)))).toBe(digest);
  });
});

describe('toHex', () => {
  it('writes two lower-case digits for each byte', () => {
    expect(toHex(Uint8Array.of(0, 9, 10, 255))).toBe('00090aff');
  });
});
