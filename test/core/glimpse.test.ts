import { describe, expect, it } from 'vitest';
import { determinismOf } from '../../src/core/determinism';
import { dominantColour } from '../../src/core/glimpse';
import { pngThumbnail } from '../../src/core/png-thumbnail';
import { withinTime } from '../../src/core/time-limit';
import { pngFile } from '../support/png-file';
import { pngOf } from '../vendors/pictures';

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

describe('pngThumbnail', () => {
  // Two rows of two pixels, so that each filter has a neighbour to look at.
  const rgb = [
    [10, 20, 30, 40, 50, 60],
    [70, 80, 90, 100, 110, 120],
  ];
  const rgba = [10, 20, 30, 255, 40, 50, 60, 255, 70, 80, 90, 255, 100, 110, 120, 255];
  it.each([0, 1, 2, 3, 4])('undoes filter %i', async (filter) => {
    const file = await pngFile({ colourType: 2, width: 2, rows: rgb, filter });
    expect(await pngThumbnail(file, 64)).toEqual({ width: 2, height: 2, rgba: Uint8Array.from(rgba) });
  });

  it.each([
    ['grey', 0, 8, [7], {}, [7, 7, 7, 255]],
    ['grey of two bits', 0, 2, [0b10_000000], {}, [170, 170, 170, 255]],
    ['grey with alpha', 4, 8, [7, 9], {}, [7, 7, 7, 9]],
    ['RGB of sixteen bits', 2, 16, [1, 99, 2, 99, 3, 99], {}, [1, 2, 3, 255]],
    ['RGBA', 6, 8, [1, 2, 3, 4], {}, [1, 2, 3, 4]],
    ['a palette', 3, 8, [1], { PLTE: [0, 0, 0, 5, 6, 7] }, [5, 6, 7, 255]],
    ['a palette with alpha', 3, 8, [1], { PLTE: [0, 0, 0, 5, 6, 7], tRNS: [255, 8] }, [5, 6, 7, 8]],
    ['a palette of one bit', 3, 1, [0b1000_0000], { PLTE: [0, 0, 0, 5, 6, 7] }, [5, 6, 7, 255]],
    ['nothing where all is transparent', 6, 8, [1, 2, 3, 0], {}, [0, 0, 0, 0]],
  ] as const)('reads %s', async (_, colourType, depth, row, chunks, expected) => {
    const file = await pngFile({ colourType, depth, width: 1, rows: [[...row]], chunks });
    expect((await pngThumbnail(file, 64))?.rgba).toEqual(Uint8Array.from(expected));
  });

  it.each([1, 3, 16, 100, 130])(
    'keeps what is left and right, above and below, of %i times as large a picture',
    async (scale) => {
      const row = (left: number, right: number) => [...Array(scale).fill(left), ...Array(scale).fill(right)];
      const rows = [...Array(scale).fill(row(10, 20)), ...Array(scale).fill(row(30, 40))];
      const seen = await pngThumbnail(await pngFile({ colourType: 0, width: 2 * scale, rows }), 2);
      const grey = (value: number) => [value, value, value, 255];
      expect(seen).toEqual({ width: 2, height: 2, rgba: Uint8Array.from([10, 20, 30, 40].flatMap(grey)) });
    },
  );

  it.each([
    [300, 100, 64, 21],
    [100, 300, 21, 64],
    [500, 2, 64, 1],
    [2, 500, 1, 64],
    [63, 5, 63, 5],
  ])('of %i by %i pixels is %i by %i', async (width, height, thumbWidth, thumbHeight) => {
    const rows = Array(height).fill(Array(width).fill(77));
    const seen = await pngThumbnail(await pngFile({ colourType: 0, width, rows }), 64);
    expect([seen?.width, seen?.height]).toEqual([thumbWidth, thumbHeight]);
    expect(new Set(seen?.rgba)).toEqual(new Set([77, 255]));
  });

  it('weighs colours by what is seen of them', async () => {
    const rows = [[255, 0, 0, 255, 0, 255, 0, 0]];
    const seen = await pngThumbnail(await pngFile({ colourType: 6, width: 2, rows }), 1);
    expect(seen?.rgba).toEqual(Uint8Array.from([255, 0, 0, 128]));
  });

  it('reads none of what it was not made for', async () => {
    const plain = { colourType: 2, width: 2, rows: rgb };
    const read = async (recipe: Parameters<typeof pngFile>[0]) => await pngThumbnail(await pngFile(recipe), 64);
    expect(await read({ ...plain, depth: 7 })).toBeNull();
    expect(await read({ ...plain, interlace: 1 })).toBeNull();
    expect(await read({ ...plain, colourType: 5 })).toBeNull();
    expect(await read({ ...plain, width: 3 })).toBeNull();
    expect(await read({ ...plain, width: 0 })).toBeNull();
    expect(await read({ ...plain, height: 0 })).toBeNull();
    expect(await read({ ...plain, height: 30_000 })).toBeNull();
    expect(await read({ ...plain, height: 2 ** 31 })).toBeNull();
    const file = await pngFile(plain);
    expect(await pngThumbnail(file.slice(0, -30), 64)).toBeNull();
    const text = Uint8Array.from(new TextEncoder().encode('<html>not a picture, whatever it says</html>'));
    expect(await pngThumbnail(text, 64)).toBeNull();
    expect(await pngThumbnail(new Uint8Array(), 64)).toBeNull();
  });

  it('reads no further than the header promises, but for a little, and is none of what goes on after it', async () => {
    const readWith = async (more: number) =>
      await pngThumbnail(
        await pngFile({ colourType: 0, width: 1, height: 1, rows: [[5], ...Array(more).fill([9])] }),
        64,
      );
    expect((await readWith(1_000))?.rgba).toEqual(Uint8Array.from([5, 5, 5, 255]));
    expect(await readWith(100_000)).toBeNull();
  });

  it('is none of pixels that are not those that were written', async () => {
    const file = pngOf({ width: 512, height: 512, seed: 1 });
    expect(await pngThumbnail(file, 64)).not.toBeNull();
    const middle = file.length >> 1;
    expect(await pngThumbnail(file.with(middle, (file[middle] ?? 0) ^ 1), 64)).toBeNull();
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
