import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentTypes,
  deliveredRendition,
  extensions,
  fits,
  fitsAvif,
  formatOfExtension,
  formats,
  isCropOf,
  isOnLadder,
  isWhole,
  offLadderFault,
  qualityLadder,
  type Rendition,
  renditionName,
  renditionQuery,
  sizeLadder,
} from '../../src/core/rendition';

const whole: Rendition = { format: 'png', quality: null, crop: null, width: null, height: null, fit: 'scale-down' };
const crop = { width: 1920, height: 1080 };
const edge = fc.integer({ min: 1, max: 4096 });
const anyRendition: fc.Arbitrary<Rendition> = fc.record({
  format: fc.constantFrom(...formats),
  quality: fc.option(fc.integer({ min: 1, max: 100 })),
  crop: fc.option(fc.record({ width: edge, height: edge })),
  width: fc.option(edge),
  height: fc.option(edge),
  fit: fc.constantFrom(...fits),
});

describe('deliveredRendition', () => {
  it.each<[string, Rendition, Rendition]>([
    ['a multiple of 16 is delivered whole', deliveredRendition({ width: 1024, height: 1024 }, 'png', null), whole],
    ['any other size is cut out of it', deliveredRendition(crop, 'png', null), { ...whole, crop }],
    [
      'one edge is enough',
      deliveredRendition({ width: 1024, height: 1000 }, 'webp', null),
      { ...whole, format: 'webp', crop: { width: 1024, height: 1000 } },
    ],
    [
      'JPEG has the quality asked for',
      deliveredRendition({ width: 64, height: 64 }, 'jpeg', 80),
      { ...whole, format: 'jpeg', quality: 80 },
    ],
    ['PNG has none', deliveredRendition({ width: 64, height: 64 }, 'png', 80), whole],
  ])('%s', (_, rendition, expected) => {
    expect(rendition).toEqual(expected);
  });
});

describe('fitsAvif', () => {
  const master = { width: 2048, height: 1024 };
  it.each<[Partial<Rendition>, boolean]>([
    [{}, false],
    [{ width: 1200 }, true],
    [{ width: 1280 }, false],
    [{ height: 512 }, true],
    [{ width: 1600, height: 320, fit: 'contain' }, true],
    [{ width: 1600, height: 320, fit: 'cover' }, false],
    [{ width: 1080, height: 320, fit: 'cover' }, true],
  ])('says of %j: %s', (changes, expected) => {
    expect(fitsAvif({ ...whole, format: 'avif', ...changes }, master)).toBe(expected);
  });
});

describe('isWhole', () => {
  it.each<[Partial<Rendition>, boolean]>([
    [{}, true],
    [{ format: 'avif', fit: 'cover' }, true],
    [{ quality: 80 }, false],
    [{ crop }, false],
    [{ width: 320 }, false],
    [{ height: 320 }, false],
  ])('says of %j: %s', (changes, expected) => {
    expect(isWhole({ ...whole, ...changes })).toBe(expected);
  });
});

describe('renditionName', () => {
  it.each<[Partial<Rendition>, string, string]>([
    [{}, 'whole', ''],
    [{ fit: 'cover', format: 'jpeg' }, 'whole', ''],
    [{ crop }, 'c1920x1080', 'crop=1920x1080'],
    [{ quality: 80 }, 'q80', 'q=80'],
    [{ width: 320 }, 'w320h-scale-down', 'w=320'],
    [{ height: 320, fit: 'contain' }, 'wh320-contain', 'h=320&fit=contain'],
    [
      { crop, width: 640, height: 480, fit: 'cover', quality: 75 },
      'c1920x1080_w640h480-cover_q75',
      'crop=1920x1080&w=640&h=480&fit=cover&q=75',
    ],
  ])('of %j is %s, and its query is "%s"', (changes, name, query) => {
    const rendition = { ...whole, ...changes };
    expect(renditionName(rendition)).toBe(name);
    expect(renditionQuery(rendition).toString()).toBe(query);
  });

  it('is equal exactly where the query is: one stored picture for each URL', () => {
    const nearlyEqual = fc.tuple(
      anyRendition,
      anyRendition,
      fc.array(fc.constantFrom('quality', 'crop', 'width', 'height', 'fit')),
    );
    fc.assert(
      fc.property(nearlyEqual, ([left, other, taken]) => {
        const right = {
          ...left,
          ...Object.fromEntries(Object.entries(other).filter(([key]) => taken.some((field) => field === key))),
        };
        const haveOneName = renditionName(left) === renditionName(right);
        expect(haveOneName).toBe(renditionQuery(left).toString() === renditionQuery(right).toString());
      }),
    );
  });

  it('is safe in a key of the store', () => {
    fc.assert(fc.property(anyRendition, (rendition) => /^[a-z0-9_-]+$/.test(renditionName(rendition))));
  });
});

describe('the ladder', () => {
  it.each<[Partial<Rendition>, string | null]>([
    [{}, null],
    [{ crop }, 'crop'],
    [{ width: 320, height: 4096, quality: 75 }, null],
    [{ width: 321 }, 'w'],
    [{ height: 0 }, 'h'],
    [{ width: 320, height: 321 }, 'h'],
    [{ quality: 74 }, 'q'],
    [{ width: 321, quality: 74 }, 'w'],
  ])('has %j but for the field %s', (changes, field) => {
    const rendition = { ...whole, ...changes };
    expect(isOnLadder(rendition)).toBe(field === null);
    if (field !== null) expect(offLadderFault(rendition).field).toBe(field);
  });

  it('is named in full when something is off it', () => {
    expect(offLadderFault({ ...whole, width: 5 }).message).toBe(`w: expected one of ${sizeLadder.join(', ')}.`);
    expect(offLadderFault({ ...whole, quality: 5 }).message).toBe(`q: expected one of ${qualityLadder.join(', ')}.`);
  });

  it.each([
    ['sizes', sizeLadder, 4096],
    ['qualities', qualityLadder, 100],
  ])('of %s rises without repeats up to its end', (_, ladder, last) => {
    expect(ladder).toEqual([...new Set(ladder)].toSorted((a, b) => a - b));
    expect(ladder.at(-1)).toBe(last);
  });
});

describe('isCropOf', () => {
  it.each([
    ['1920×1080 from 1920×1088', crop, { width: 1920, height: 1088 }, true],
    ['a master’s own size', { width: 1024, height: 1024 }, { width: 1024, height: 1024 }, true],
    ['the smallest that rounds up to it', { width: 1009, height: 1009 }, { width: 1024, height: 1024 }, true],
    ['one that rounds up to less', { width: 1008, height: 1024 }, { width: 1024, height: 1024 }, false],
    ['one that is larger', { width: 1025, height: 1024 }, { width: 1024, height: 1024 }, false],
  ])('%s: %j of %j is %s', (_, size, rendered, expected) => {
    expect(isCropOf(size, rendered)).toBe(expected);
  });
});

describe('formatOfExtension', () => {
  it.each(formats)('knows the extension and the type of %s', (format) => {
    expect(formatOfExtension(extensions[format])).toBe(format);
    expect(contentTypes[format]).toBe(`image/${format}`);
  });

  it.each([
    ['jpeg', 'jpeg'],
    ['jpg', 'jpeg'],
    ['gif', null],
    ['PNG', null],
    ['', null],
    ['toString', null],
  ])('reads "%s" as %s', (extension, format) => {
    expect(formatOfExtension(extension)).toBe(format);
  });
});
