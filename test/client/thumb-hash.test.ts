import { rgbaToThumbHash, thumbHashToRGBA } from 'thumbhash';
import { expect, it } from 'vitest';
import { thumbEdge, thumbPixels } from '../../src/client/thumb-hash';

/** A picture with a slope in each channel, and a corner that differs. */
function picture(width: number, height: number, alpha = 255): Uint8Array {
  const pixels = Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [(at % width) / width, Math.floor(at / width) / height];
    return [x * 255, y * 200, x > 0.7 && y > 0.7 ? 255 : 40, alpha - (x > 0.5 ? (255 - alpha) / 2 : 0)];
  });
  return Uint8Array.from(pixels.flat());
}
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

it('paints what the reference paints', () => {
  const hash = rgbaToThumbHash(32, 32, picture(32, 32));
  const { w, h, rgba } = thumbHashToRGBA(hash);
  expect([w, h]).toEqual([thumbEdge, thumbEdge]);
  const painted = [...(thumbPixels(base64(hash)) ?? [])];
  expect(painted).toHaveLength(rgba.length);
  const furthest = Math.max(...painted.map((value, at) => Math.abs(value - (rgba[at] ?? 0))));
  expect(furthest).toBeLessThanOrEqual(1);
});

it.each([
  ['wide', 96, 24, 255],
  ['high', 24, 96, 255],
  ['seen through', 40, 30, 128],
])('has the mean colours of one that is %s', (_, width, height, alpha) => {
  const hash = rgbaToThumbHash(width, height, picture(width, height, alpha));
  const { rgba } = thumbHashToRGBA(hash);
  const mean = (pixels: ArrayLike<number>, channel: number) => {
    const values = Array.from(pixels).filter((__, at) => at % 4 === channel);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const painted = thumbPixels(base64(hash)) ?? [];
  for (const channel of [0, 1, 2]) expect(Math.abs(mean(painted, channel) - mean(rgba, channel))).toBeLessThan(3);
});

it('reads base64 as URLs spell it, and refuses what is no hash', () => {
  const hash = rgbaToThumbHash(40, 30, picture(40, 30));
  const spelled = base64(hash).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  expect(thumbPixels(spelled)).toEqual(thumbPixels(base64(hash)));
  for (const text of ['', 'AA', '!!', 'no#hash']) expect(thumbPixels(text)).toBeNull();
});
