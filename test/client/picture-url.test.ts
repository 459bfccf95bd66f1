import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client';
import { FluxgateError } from '../../src/client/fluxgate-error';
import { pictureSrcset, pictureUrl, stepsOf } from '../../src/client/picture-url';
import { qualityLadder } from '../../src/core/rendition';

const print = 'c'.repeat(64);
const base = 'https://pictures.test';
const client = createClient({ baseUrl: base });

describe("a stored picture's URL", () => {
  it('knows the ladder of the qualities', () => {
    const qualities = Array.from({ length: 100 }, (_, index) => pictureUrl(base, print, { quality: index + 1 }));
    const asked = new Set(qualities.map((url) => Number(new URL(url).searchParams.get('q'))));
    expect([...asked]).toEqual(qualityLadder);
  });

  it.each([
    [{}, '.jpg'],
    [{ format: 'png', quality: 80 }, '.png'],
    [{ format: 'avif', width: 500 }, '.avif?w=512'],
    [{ width: 1024, height: 700, fit: 'cover' }, '.jpg?w=1024&h=720&fit=cover'],
    [{ width: 99_999 }, '.jpg?w=4096'],
    [{ fit: 'cover' }, '.jpg'],
    [{ download: 'my fox.jpg' }, '.jpg?download=my+fox.jpg'],
  ] as const)('says %j as %s', (options, expected) => {
    expect(pictureUrl(base, print, options)).toBe(`${base}/images/${print}${expected}`);
  });

  it('is the same for a picture as for its fingerprint', () => {
    const picture = { fingerprint: print, url: `${base}/images/${print}.png`, width: 1024 };
    expect(client.url(picture, { format: 'avif', width: 640 })).toBe(`${base}/images/${print}.avif?w=640`);
    expect(client.url(picture)).toBe(client.url(print));
  });

  it.each([
    ['a URL', `${base}/images/${print}.png`],
    ['a part of a fingerprint', 'cccc'],
    ['nothing', undefined],
    ['no value', null],
    ['something else', { url: `${base}/images/${print}.png` }],
    ['a picture without a fingerprint', { fingerprint: '' }],
  ])('is none of %s', (_, given) => {
    const message = 'Give a picture or its fingerprint.';
    expect(() => client.url(given as never)).toThrow(new FluxgateError({ code: 'invalid_request', message }));
  });
});

describe('a srcset', () => {
  it('has the steps of the ladder that are narrower, and the picture as it is', () => {
    const picture = { url: `${base}/images/${print}.webp`, width: 1000 };
    const narrower = [320, 384, 640].map((width) => `${picture.url}?w=${width} ${width}w`);
    expect(pictureSrcset(picture, stepsOf([640, 320, 330, 2000]))).toBe(
      [...narrower, `${picture.url} 1000w`].join(', '),
    );
  });

  it('keeps a picture cut, and its quality', () => {
    const url = `${base}/images/${print}.jpg?crop=500x300&q=83&s=abc`;
    const narrow = `${base}/images/${print}.jpg?crop=500x300&w=320&q=83&s=abc`;
    expect(pictureSrcset({ url, width: 500 }, [320])).toBe(`${narrow} 320w, ${url} 500w`);
  });

  it('of a narrower picture has what is narrower still', () => {
    const url = `${base}/images/${print}.png?w=640`;
    expect(pictureSrcset({ url, width: 640 }, [320, 960])).toBe(`${base}/images/${print}.png?w=320 320w, ${url} 640w`);
  });

  it.each([
    [`${base}/temporary/${print}.png?expires=1&signature=abc`, 512],
    [`${base}/images/${print}.png?w=512&h=256&fit=cover`, 512],
  ])('leaves %s alone: it is good for one size', (url, width) => {
    expect(pictureSrcset({ url, width })).toBe(`${url} ${width}w`);
  });
});
