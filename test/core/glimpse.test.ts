import { describe, expect, it } from 'vitest';
import { determinismOf } from '../../src/core/determinism';
import { dominantColour } from '../../src/core/glimpse';
import { pngPixels } from '../../src/core/png-pixels';
import { withinTime } from '../../src/core/time-limit';
import { pngFile } from '../support/png-file';

const pixelsOf = (...colours: readonly number[][]) => ({
  width: colours.length,
  height: 1,
  rgba: Uint8Array.from(colours.flat()),
});

describe('dominantColour', () => {
  const [red, blue, nearlyBlue] = [
    [255, 0, 0, 255],
    [0, 0, 240, 255],
    [2, 0, 242, 255],
  ];
  it.each([
    ['one colour', pixelsOf([18, 52, 86, 255]), '#123456'],
    ['the one that most pixels have', pixelsOf(red, blue, blue), '#0000f0'],
    ['the mean of those that are alike', pixelsOf(red, blue, nearlyBlue), '#0100f1'],
    ['what is seen, and not what is transparent', pixelsOf([0, 255, 0, 1], [0, 255, 0, 1], red), '#ff0000'],
    ['black where nothing is seen', pixelsOf([9, 9, 9, 0]), '#000000'],
  ])('is %s', (_, pixels, colour) => {
    expect(dominantColour(pixels)).toBe(colour);
  });
});

describe('pngPixels', () => {
  // Two rows of two pixels, so that each filter has a neighbour to look at.
  const rgb = [
    [10, 20, 30, 40, 50, 60],
    [70, 80, 90, 100, 110, 120],
  ];
  const rgba = [10, 20, 30, 255, 40, 50, 60, 255, 70, 80, 90, 255, 100, 110, 120, 255];
  it.each([0, 1, 2, 3, 4])('undoes filter %i', async (filter) => {
    const file = await pngFile({ colourType: 2, width: 2, rows: rgb, filter });
    expect(await pngPixels(file)).toEqual({ width: 2, height: 2, rgba: Uint8Array.from(rgba) });
  });

  it.each([
    ['grey', 0, [7], {}, [7, 7, 7, 255]],
    ['grey with alpha', 4, [7, 9], {}, [7, 7, 7, 9]],
    ['RGBA', 6, [1, 2, 3, 4], {}, [1, 2, 3, 4]],
    ['a palette', 3, [1], { PLTE: [0, 0, 0, 5, 6, 7] }, [5, 6, 7, 255]],
    ['a palette with alpha', 3, [1], { PLTE: [0, 0, 0, 5, 6, 7], tRNS: [255, 8] }, [5, 6, 7, 8]],
  ] as const)('reads %s', async (_, colourType, row, chunks, expected) => {
    const file = await pngFile({ colourType, width: 1, rows: [[...row]], chunks });
    expect((await pngPixels(file))?.rgba).toEqual(Uint8Array.from(expected));
  });

  it('reads none of what it was not made for', async () => {
    const plain = { colourType: 2, width: 2, rows: rgb };
    expect(await pngPixels(await pngFile({ ...plain, depth: 16 }))).toBeNull();
    expect(await pngPixels(await pngFile({ ...plain, interlace: 1 }))).toBeNull();
    expect(await pngPixels(await pngFile({ ...plain, colourType: 5 }))).toBeNull();
    expect(await pngPixels(await pngFile({ ...plain, width: 3 }))).toBeNull();
    expect(await pngPixels(await pngFile({ ...plain, height: 30_000 }))).toBeNull();
    expect(
      await pngPixels(Uint8Array.from(new TextEncoder().encode('<html>not a picture, whatever it says</html>'))),
    ).toBeNull();
    expect(await pngPixels(new Uint8Array())).toBeNull();
  });
});

describe('determinismOf', () => {
  it.each([
    [null, 'pinned'],
    ['a', 'rerendered'],
    ['b', 'differs'],
    [undefined, 'unverified'],
  ] as const)('of a first digest %s is %s', (first, expected) => {
    expect(determinismOf(first, 'a')).toBe(expected);
  });
});

describe('withinTime', () => {
  it('gives what came in time, and null for what failed or was late', async () => {
    expect(await withinTime(Promise.resolve('here'), 1_000)).toBe('here');
    expect(await withinTime(Promise.reject(new Error('broken')), 1_000)).toBeNull();
    expect(await withinTime(new Promise(() => {}), 5)).toBeNull();
  });
});
