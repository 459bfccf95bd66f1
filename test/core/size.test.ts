import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/core/fault';
import { limits, type Reference } from '../../src/core/image-request';
import { renderSize, resolveSize, type SizeBounds, type SizeChoice } from '../../src/core/size';

const referenceOf = (width: number, height: number): Reference => ({
  sha256: 'a'.repeat(64),
  contentType: 'image/png',
  width,
  height,
  sizeBytes: 1000,
});
const anyMegapixels = fc.double({ min: 0.01, max: 4, noNaN: true });
const matching = (megapixels: number | null) =>
  ({ kind: 'match-reference', megapixels, otherwise: { width: 1024, height: 768 } }) as const;
/** An API whose callers do not choose pixels. */
const narrow: SizeBounds = { largestEdge: 2048, leastMegapixels: 0.5 };
const like = (bounds: SizeBounds): SizeChoice => ({ ...matching(null), bounds });
const aspect =
  (aspectRatio: string) =>
  (megapixels: number | null, bounds?: SizeBounds): SizeChoice => ({
    kind: 'aspect',
    aspectRatio,
    megapixels,
    ...(bounds === undefined ? {} : { bounds }),
  });
const square = aspect('1:1');
const strip = aspect('9:1');

function expectRenderable(size: { readonly width: number; readonly height: number }): void {
  const rendered = renderSize(size);
  expect(rendered.width * rendered.height).toBeLessThanOrEqual(limits.areaPixels);
  for (const edge of [size.width, size.height]) {
    expect(Number.isInteger(edge)).toBe(true);
    expect(edge).toBeGreaterThanOrEqual(limits.edgePixels.min);
    expect(edge).toBeLessThanOrEqual(limits.edgePixels.max);
  }
}

function fieldOf(resolve: () => unknown): string | null {
  try {
    resolve();
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'invalid_request') return thrown.field;
    throw thrown;
  }
  return null;
}

describe('renderSize', () => {
  it.each([
    [1024, 1024, 1024, 1024],
    [1920, 1080, 1920, 1088],
    [64, 65, 64, 80],
    [1, 4095, 16, 4096],
  ])('renders %i×%i as %i×%i', (width, height, renderedWidth, renderedHeight) => {
    expect(renderSize({ width, height })).toEqual({ width: renderedWidth, height: renderedHeight });
  });

  it('is the least multiple of 16 on each edge that holds the size', () => {
    const edge = fc.integer({ min: 1, max: 4096 });
    fc.assert(
      fc.property(edge, edge, (width, height) => {
        const rendered = renderSize({ width, height });
        expect([rendered.width % 16, rendered.height % 16]).toEqual([0, 0]);
        expect(rendered.width - width).toBeGreaterThanOrEqual(0);
        expect(rendered.width - width).toBeLessThan(16);
        expect(rendered.height - height).toBeGreaterThanOrEqual(0);
        expect(rendered.height - height).toBeLessThan(16);
      }),
    );
  });
});

describe('resolveSize', () => {
  it.each([
    [64, 64],
    [1920, 1080],
    [2048, 2048],
    [4096, 1024],
    [1023, 777],
  ])('takes %i×%i pixels exactly', (width, height) => {
    expect(resolveSize({ kind: 'pixels', width, height }, [])).toEqual({ width, height });
  });

  it.each([
    [63, 1024, 'width'],
    [4097, 64, 'width'],
    [1024, 63, 'height'],
    [64, 4097, 'height'],
    [100.5, 100, 'width'],
    [100, Number.NaN, 'height'],
    [2049, 2048, 'width'],
    [4096, 1025, 'width'],
  ])('refuses %d×%d pixels and names %s', (width, height, field) => {
    expect(fieldOf(() => resolveSize({ kind: 'pixels', width, height }, []))).toBe(field);
  });

  it('says how many pixels a size needs that is too large only once it is rounded up', () => {
    expect(() => resolveSize({ kind: 'pixels', width: 2033, height: 2064 }, [])).toThrow(/needs 4227072/);
  });

  it('takes the aspect ratio and the area asked for, whatever the references', () => {
    const choice: SizeChoice = { kind: 'aspect', aspectRatio: '16:9', megapixels: 1 };
    expect(resolveSize(choice, [referenceOf(500, 900)])).toEqual({ width: 1360, height: 768 });
  });

  it.each<[string, number | null, readonly Reference[], { width: number; height: number }]>([
    ['without a reference it is what the dialect says', null, [], { width: 1024, height: 768 }],
    ['it is the reference’s own size', null, [referenceOf(1000, 700)], { width: 1000, height: 700 }],
    ['the first reference counts', null, [referenceOf(640, 480), referenceOf(480, 640)], { width: 640, height: 480 }],
    ['an area asked for is kept', 1, [referenceOf(4000, 4000)], { width: 1024, height: 1024 }],
    [
      'a reference that is too large gives 4 megapixels',
      null,
      [referenceOf(6000, 4000)],
      { width: 2496, height: 1680 },
    ],
    ['a reference that is too small gives a quarter', null, [referenceOf(20, 20)], { width: 512, height: 512 }],
    [
      'one that fits but for the rounding is made smaller',
      null,
      [referenceOf(2049, 2040)],
      { width: 2048, height: 2048 },
    ],
    ['a strip is no narrower than 9:1', 1, [referenceOf(9000, 10)], { width: 3072, height: 336 }],
  ])('matches the reference: %s', (_, megapixels, references, expected) => {
    const size = resolveSize(matching(megapixels), references);
    expect(renderSize(size)).toEqual(renderSize(expected));
  });

  it.each<[string, SizeChoice, readonly Reference[], { width: number; height: number }]>([
    ['one megapixel without a reference', square(null), [], { width: 1024, height: 1024 }],
    ['the reference’s area in another shape', square(null), [referenceOf(1000, 500)], { width: 704, height: 704 }],
    ['no edge longer than the API has them', strip(4, narrow), [], { width: 2048, height: 224 }],
    [
      'no less of a reference than the API takes',
      square(null, narrow),
      [referenceOf(99, 99)],
      { width: 720, height: 720 },
    ],
    [
      'a reference within the bounds at its own size',
      like(narrow),
      [referenceOf(2000, 999)],
      { width: 2000, height: 999 },
    ],
    [
      'a reference beyond them made smaller, in its shape',
      like(narrow),
      [referenceOf(3000, 1000)],
      { width: 2048, height: 688 },
    ],
    [
      'a reference below them made larger, in its shape',
      like(narrow),
      [referenceOf(512, 512)],
      { width: 720, height: 720 },
    ],
  ])('gives %s', (_, choice, references, expected) => {
    expect(resolveSize(choice, references)).toEqual(expected);
  });

  it('makes of any reference a size that can be rendered, within the bounds of the API', () => {
    const edge = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(edge, edge, fc.option(anyMegapixels), fc.boolean(), (width, height, megapixels, isNarrow) => {
        const choice: SizeChoice = isNarrow ? { ...matching(megapixels), bounds: narrow } : matching(megapixels);
        const size = resolveSize(choice, [referenceOf(width, height)]);
        expectRenderable(size);
        if (isNarrow) expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(narrow.largestEdge);
      }),
      { numRuns: 1000 },
    );
  });
});
