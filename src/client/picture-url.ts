import { sizeLadder, sourceSetWidths } from './ladders';
import type { Picture } from './picture';
import type { RenditionFields } from './picture-fields';

export type PictureUrlOptions = RenditionFields;

/** The URL of a stored picture in a format and size. */
export function pictureUrl(baseUrl: string, fingerprint: string, options: PictureUrlOptions = {}): string {
  const { format = 'jpeg', width, height, fit, quality, download } = options;
  const query = new URLSearchParams();
  if (width) query.set('w', String(stepUp(sizeLadder, width)));
  if (height) query.set('h', String(stepUp(sizeLadder, height)));
  if (fit && (width || height)) query.set('fit', fit);
  if (quality && format !== 'png') query.set('q', String(qualityStep(quality)));
  if (download !== undefined) query.set('download', download);
  const extension = format === 'jpeg' ? 'jpg' : format;
  return `${baseUrl}/images/${fingerprint}.${extension}${query.size > 0 ? `?${query}` : ''}`;
}

/**
 * An `srcset` of a picture: all narrower widths, each a step of the ladder, and the picture as it is. The URLs are those
 * of the service's own `srcset`.
 */
export function pictureSrcset(
  { url, width: own }: Pick<Picture, 'url' | 'width'>,
  steps: readonly number[] = sourceSetWidths,
): string {
  const narrower = hasOneSize(url) ? [] : steps.filter((width) => width < own);
  return [...narrower.map((width) => `${narrowerUrl(url, width)} ${width}w`), `${url} ${own}w`].join(', ');
}

/** The URL of a private account's picture is signed as it is; a box of width and height would change its shape. */
export function hasOneSize(url: string): boolean {
  return /[?&](signature|h)=/.test(url);
}

/** The URL of the same picture in a step of the ladder: a cut stays one, as its signature is good for all of them. */
export function narrowerUrl(url: string, width: number): string {
  const [path, query = ''] = url.split('?');
  const [, crop = '', others] = /^(crop=\w+&)?(?:w=\d+&?)?(.*)/.exec(query) ?? [];
  return `${path}?${crop}w=${width}${others && `&${others}`}`;
}

/** The steps of the ladder that widths come to. */
export function stepsOf(widths: readonly number[]): readonly number[] {
  return [...new Set(widths.map((width) => stepUp(sizeLadder, width)))].sort((one, other) => one - other);
}

/** Qualities go by tens up to 70, and by fives above. */
function qualityStep(quality: number): number {
  const step = quality > 70 ? 5 : 10;
  return Math.min(100, Math.ceil(quality / step) * step);
}

/** The first step that is no smaller, or the last. */
function stepUp(ladder: readonly number[], value: number): number {
  return ladder.find((step) => step >= value) ?? ladder.at(-1) ?? value;
}
