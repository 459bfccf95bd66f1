import { describe, expect, it } from 'vitest';
import { pictureSrcset, pictureUrl, sizeLadder } from '../../src/client/picture-url';
import * as rendition from '../../src/core/rendition';

const print = 'c'.repeat(64);
const base = 'https://pictures.test';

describe("a stored picture's URL", () => {
  it('knows the ladder of the service', () => {
    expect(sizeLadder).toEqual(rendition.sizeLadder);
    const qualities = Array.from({ length: 100 }, (_, index) => pictureUrl(base, print, { quality: index + 1 }));
    const asked = new Set(qualities.map((url) => Number(new URL(url).searchParams.get('q'))));
    expect([...asked]).toEqual(rendition.qualityLadder);
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
});

describe('a srcset', () => {
  it('has common widths up to its own', () => {
    const picture = { url: `${base}/images/${print}.webp`, width: 1000 };
    expect(pictureSrcset(picture, [320, 330, 640, 2000])).toBe(
      [320, 384, 640].map((width) => `${picture.url}?w=${width} ${width}w`).join(', ') +
        `, ${picture.url}?w=1024 1000w`,
    );
  });

  it('shows a picture that was cut uncut, as its signature is for one size', () => {
    const picture = { url: `${base}/images/${print}.png?crop=500x300&s=abc`, width: 500 };
    expect(pictureSrcset(picture, [320])).toBe(
      `${base}/images/${print}.png?w=320 320w, ${base}/images/${print}.png?w=512 500w`,
    );
  });

  it('leaves a signed URL alone', () => {
    const picture = { url: `${base}/images/${print}.png?s=abc&e=1`, width: 512 };
    expect(pictureSrcset(picture)).toBe(`${picture.url} 512w`);
  });

  it('takes a URL of unknown width', () => {
    expect(pictureSrcset(`${base}/images/${print}.png`, [4096, 64])).toContain('?w=64 64w');
  });
});
