import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageRequest, Reference } from '../../src/core/image-request';
import { type MegapixelPrice, megapixelsOf, type Price, priceMicros, squareMegapixel } from '../../src/core/price';

const referenceOf = (width: number, height: number): Reference => ({
  sha256: 'a'.repeat(64),
  contentType: 'image/png',
  width,
  height,
  sizeBytes: 1000,
});
const requestOf = (width: number, height: number, references: readonly Reference[] = []): ImageRequest => ({
  ...squareMegapixel,
  width,
  height,
  references,
});
const exact: MegapixelPrice = {
  kind: 'megapixel',
  firstOutputMicros: 60_000,
  furtherOutputMicros: 30_000,
  inputMicros: 50_000,
  isRoundedUp: false,
};
const whole: MegapixelPrice = { ...exact, isRoundedUp: true };
const flat: Price = { kind: 'flat', pictureMicros: 40_000 };

describe('megapixelsOf', () => {
  it.each([
    ['one megapixel is 1024×1024 and a little more than a million', requestOf(1024, 1024), { input: 0, output: 1.05 }],
    ['what is rendered counts, not what is cropped from it', requestOf(1920, 1080), { input: 0, output: 2.09 }],
    ['the smallest picture is nothing in two decimals', requestOf(64, 64), { input: 0, output: 0 }],
    [
      'references are summed before they are rounded',
      requestOf(1024, 1024, [referenceOf(64, 64), referenceOf(64, 64), referenceOf(1000, 1000)]),
      { input: 1.01, output: 1.05 },
    ],
  ])('%s', (_, request, expected) => {
    expect(megapixelsOf(request)).toEqual(expected);
  });
});

describe('priceMicros', () => {
  it.each<[string, Price, ImageRequest, number]>([
    ['a flat price is the same for the smallest', flat, requestOf(64, 64), 40_000],
    ['and for the largest picture', flat, requestOf(2048, 2048, [referenceOf(2000, 2000)]), 40_000],
    ['the first megapixel is paid even if it is not used', exact, requestOf(512, 512), 60_000],
    ['a fraction of a further one is paid by the fraction', exact, requestOf(1024, 1024), 61_500],
    ['or whole, where started ones are', whole, requestOf(1024, 1024), 60_000],
    ['four megapixels', exact, requestOf(2048, 2048), 155_700],
    ['four megapixels of 1024×1024', whole, requestOf(2048, 2048), 150_000],
    ['1920×1080 is two started megapixels', whole, requestOf(1920, 1080), 90_000],
    [
      'each small reference is a megapixel of its own',
      whole,
      requestOf(512, 512, [referenceOf(64, 64), referenceOf(64, 64)]),
      160_000,
    ],
    ['a reference of half a megapixel', exact, requestOf(512, 512, [referenceOf(1000, 500)]), 85_000],
    ['the same rounded up', whole, requestOf(512, 512, [referenceOf(1000, 500)]), 110_000],
    ['no references cost nothing, rounded up or not', whole, requestOf(512, 512), 60_000],
    ['not a micro-dollar more for the error of 1.1 − 1', exact, requestOf(272, 4032), 63_000],
  ])('%s', (_, price, request, micros) => {
    expect(priceMicros(price, request)).toBe(micros);
  });

  it('rounds a part of a micro-dollar up, and only that', () => {
    expect(priceMicros({ ...exact, furtherOutputMicros: 33_333 }, requestOf(1024, 1024))).toBe(61_667);
  });

  const edges = fc.integer({ min: 4, max: 128 }).map((sixteenths) => sixteenths * 16);
  const micros = fc.integer({ min: 0, max: 1_000_000 });
  const prices: fc.Arbitrary<MegapixelPrice> = fc.record({
    kind: fc.constant('megapixel' as const),
    firstOutputMicros: micros,
    furtherOutputMicros: micros,
    inputMicros: micros,
    isRoundedUp: fc.boolean(),
  });

  it('agrees with integer arithmetic to the micro-dollar', () => {
    fc.assert(
      fc.property(prices, edges, edges, edges, (price, width, height, edge) => {
        const request = requestOf(width, height, [referenceOf(edge, edge)]);
        const exactly = (pixels: number) => BigInt(Math.round(pixels / 10_000));
        const started = (pixels: number) => ((BigInt(pixels) + 1_048_575n) / 1_048_576n) * 100n;
        const billed = price.isRoundedUp ? started : exactly;
        const output = billed(width * height);
        const further = output > 100n ? output - 100n : 0n;
        const input = billed(edge * edge);
        const total =
          BigInt(price.firstOutputMicros) * 100n +
          further * BigInt(price.furtherOutputMicros) +
          input * BigInt(price.inputMicros);
        expect(priceMicros(price, request)).toBe(Number((total + 99n) / 100n));
      }),
      { numRuns: 2000 },
    );
  });

  it('never falls when the picture grows', () => {
    fc.assert(
      fc.property(prices, edges, edges, (price, width, height) => {
        const larger = priceMicros(price, requestOf(width + 16, height));
        expect(larger).toBeGreaterThanOrEqual(priceMicros(price, requestOf(width, height)));
      }),
    );
  });
});
