import { FluxgateError } from './fluxgate-error';
import { sizeLadder, sourceSetWidths } from './ladders';
import type { Picture } from './picture';
import type { RenditionFields } from './picture-fields';
import { queryOf } from './transport';

export type PictureUrlOptions = RenditionFields;

/** The URL of a stored picture in a format and size. @throws FluxgateError for what is neither it nor its fingerprint */
export function pictureUrl(
  baseUrl: string,
  picture: string | Pick<Picture, 'fingerprint'>,
  options: PictureUrlOptions = {},
): string {
  const fingerprint: string = Object(picture).fingerprint ?? picture;
  if (!/^\w{64}$/.test(fingerprint))
    throw new FluxgateError({ code: 'invalid_request', message: 'Give a picture or its fingerprint.' });
  const { format = 'jpeg', width, height, fit, quality, download } = options;
  const query = queryOf({
    w: width ? stepUp(width) : null,
    h: height ? stepUp(height) : null,
    fit: width || height ? fit : null,
    q: quality && format !== 'png' ? qualityStep(quality) : null,
    download,
  });
  return `${baseUrl}/images/${fingerprint}.${format === 'jpeg' ? 'jpg' : format}${query}`;
}

/**
 * An `srcset` of a picture: all narrower widths, each a step of the ladder, and the picture as it is. The URLs are those
 * of the service's own `srcset`.
 */
export function pictureSrcset(
  { url, width: own }: Pick<Picture, 'url' | 'width'>,
  steps: readonly number[] = sourceSetWidths,
): string {
  const narrower = steps.filter((width) => width < own && !hasOneSize(url));
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
  return [...new Set(widths.map(stepUp))].sort((one, other) => one - other);
}

/** Qualities go by tens up to 70, and by fives above. */
function qualityStep(quality: number): number {
  const step = quality > 70 ? 5 : 10;
  return Math.min(100, Math.ceil(quality / step) * step);
}

/** The first step that is no smaller, or the last. */
function stepUp(value: number): number {
  return sizeLadder.find((step) => step >= value) ?? Math.max(...sizeLadder);
}
