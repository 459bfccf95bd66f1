import { describe, expect, it } from 'vitest';
import { parse } from '../../src/core/parse';
import { pictureQuerySchema, renditionOfQuery } from '../../src/core/picture-query';
import { fitsAvif, isOnLadder, rungFor, sizeLadder, sourceSetOf, wholeRendition } from '../../src/core/rendition';

const renditionOf = (text: string) =>
  renditionOfQuery('webp', parse(pictureQuerySchema, Object.fromEntries(new URLSearchParams(text))));

describe('dpr', () => {
  it.each([
    ['w=320', 320, null],
    ['w=320&dpr=1', 320, null],
    ['w=320&dpr=2', 640, null],
    ['w=320&dpr=1.5', 480, null],
    ['w=400&dpr=2.5', 1024, null],
    ['w=333&dpr=1', 384, null],
    ['h=300&dpr=3', null, 900],
    ['w=4000&dpr=3', 4096, null],
    ['w=640&h=360&dpr=2', 1280, 720],
    ['dpr=3', null, null],
  ])('%s is %s by %s', (text, width, height) => {
    expect(renditionOf(text)).toMatchObject({ width, height });
  });

  it('of one edge is always on the ladder', () => {
    for (let pixels = 1; pixels <= 12_300; pixels += 7) {
      expect(sizeLadder).toContain(rungFor(pixels));
      expect(rungFor(pixels)).toBeGreaterThanOrEqual(Math.min(pixels, 4096));
    }
  });

  it('does not change the shape of a box: what is off the ladder then stays off', () => {
    expect(isOnLadder(renditionOf('w=320&h=320&dpr=2'))).toBe(true);
    expect(isOnLadder(renditionOf('w=320&h=100&dpr=2'))).toBe(false);
  });
});

describe('sourceSetOf', () => {
  it.each([
    [64, [64]],
    [320, [160, 320]],
    [1024, [160, 320, 480, 640, 960, 1024]],
    [4096, [160, 320, 480, 640, 960, 1280, 1600, 1920, 2560, 3072, 4096]],
  ])('of a width of %i has %j', (width, widths) => {
    const set = sourceSetOf(wholeRendition('webp'), width);
    expect(set.map((source) => source.width)).toEqual(widths);
    expect(set.at(-1)?.rendition).toEqual(wholeRendition('webp'));
    expect(set.every(({ rendition }) => isOnLadder(rendition))).toBe(true);
  });
});

describe('fitsAvif', () => {
  const whole = wholeRendition('avif');
  const crop = { width: 1000, height: 1000 };
  it.each([
    ['a small picture', whole, { width: 1200, height: 800 }, true],
    ['a wide one', whole, { width: 1216, height: 64 }, false],
    ['a high one', whole, { width: 64, height: 1216 }, false],
    ['a wide one made narrow', { ...whole, width: 640 }, { width: 2048, height: 1024 }, true],
    ['a high one made narrow, and still high', { ...whole, width: 960 }, { width: 1024, height: 2048 }, false],
    ['a high one made low', { ...whole, height: 1200 }, { width: 1024, height: 2048 }, true],
    ['a cut', { ...whole, crop }, { width: 1008, height: 1008 }, true],
  ])('of %s', (_, rendition, master, expected) => {
    expect(fitsAvif(rendition, master)).toBe(expected);
  });
});
