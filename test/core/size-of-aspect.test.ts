import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/image-request';
import { parseAspectRatio, renderSize, sizeOfAspect } from '../../src/core/size';

const anyRatio = fc.double({ min: 1 / 9, max: 9, noNaN: true });
const anyMegapixels = fc.double({ min: 0.01, max: 4, noNaN: true });

describe('parseAspectRatio', () => {
  it.each([
    ['1:1', 1],
    ['16:9', 16 / 9],
    [' 9:16 ', 9 / 16],
    ['1:9', 1 / 9],
    ['9:1', 9],
    ['1024:768', 4 / 3],
  ])('reads %s', (text, ratio) => {
    expect(parseAspectRatio(text)).toBe(ratio);
  });

  it.each([
    '',
    '1',
    '16/9',
    '16x9',
    '1.5:1',
    '-1:1',
    '0:1',
    '1:0',
    '0:0',
    '10:1',
    '1:10',
    '10000:9999',
    'a:b',
    '1:1:1',
  ])('refuses "%s" and names aspect_ratio', (text) => {
    expect(() => parseAspectRatio(text)).toThrow(/^aspect_ratio: expected two whole numbers/);
  });
});

describe('sizeOfAspect', () => {
  it.each([
    ['1:1', 1, 1024, 1024],
    ['1:1', 4, 2048, 2048],
    ['4:3', 1, 1184, 880],
    ['3:4', 1, 880, 1184],
    ['21:9', 1, 1568, 672],
    ['9:1', 1, 3072, 336],
    ['9:1', 4, 4096, 448],
    ['1:9', 4, 448, 4096],
    ['1:1', 0.25, 512, 512],
  ])('makes %s at %d megapixels %i×%i', (ratio, megapixels, width, height) => {
    expect(sizeOfAspect(parseAspectRatio(ratio), megapixels)).toEqual({ width, height });
  });

  it('is a multiple of 16 on each edge and within 4 megapixels, for any aspect ratio and area', () => {
    fc.assert(
      fc.property(anyRatio, anyMegapixels, (ratio, megapixels) => {
        const size = sizeOfAspect(ratio, megapixels);
        expect(renderSize(size)).toEqual(size);
        expect(size.width * size.height).toBeLessThanOrEqual(limits.areaPixels);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(limits.edgePixels.min);
        expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(limits.edgePixels.max);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the aspect ratio as well as multiples of 16 allow, also where an edge is as long as can be', () => {
    const megapixels = fc.double({ min: 0.25, max: 4, noNaN: true });
    fc.assert(
      fc.property(anyRatio, megapixels, (ratio, area) => {
        const size = sizeOfAspect(ratio, area);
        const most = (size.width + 24) / (size.height - 24);
        const least = (size.width - 24) / (size.height + 24);
        expect(ratio).toBeGreaterThan(least);
        expect(ratio).toBeLessThan(most);
      }),
      { numRuns: 1000 },
    );
  });
});
