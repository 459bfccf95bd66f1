import type { Picture } from './picture';

export interface PictureUrlOptions {
  /** `jpeg` where absent. */
  readonly format?: 'png' | 'jpeg' | 'webp' | 'avif';
  /** Pixels; taken as the next step of the ladder up. */
  readonly width?: number;
  readonly height?: number;
  readonly fit?: 'cover' | 'contain' | 'scale-down';
  /** 1 to 100; taken as the next step of its ladder up. Not for PNG. */
  readonly quality?: number;
  /** Save as a file of this name. */
  readonly download?: string;
}

/** Widths and heights in which the service makes pictures for anybody. */
export const sizeLadder: readonly number[] = [
  16, 32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 400, 480, 512, 600, 640, 720, 750, 768, 800, 828, 900, 960, 1024,
  1080, 1200, 1280, 1440, 1536, 1600, 1792, 1920, 2048, 2560, 3072, 3840, 4096,
];
/** What browsers commonly ask for. */
const commonWidths = [320, 480, 640, 960, 1280, 1600, 1920, 2560, 3840];

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
 * An `srcset` of a picture in widths of the ladder, none above its own. One that was cut to a size off the grid of 16 is
 * shown uncut, at most 15 pixels larger. The URL of a private account's picture is signed for one width, and stands alone.
 */
export function pictureSrcset(
  picture: Pick<Picture, 'url' | 'width'> | string,
  widths: readonly number[] = commonWidths,
): string {
  const url = new URL(typeof picture === 'string' ? picture : picture.url);
  const own = typeof picture === 'string' ? (sizeLadder.at(-1) ?? 0) : picture.width;
  if (url.searchParams.has('s') && !url.searchParams.has('crop')) return `${url} ${own}w`;
  for (const name of ['crop', 's', 'h', 'fit']) url.searchParams.delete(name);
  const steps = new Set(widths.map((width) => stepUp(sizeLadder, width)).filter((width) => width < own));
  if (typeof picture !== 'string' || steps.size === 0) steps.add(stepUp(sizeLadder, own));
  return [...steps]
    .sort((one, other) => one - other)
    .map((width) => {
      url.searchParams.set('w', String(width));
      return `${url} ${Math.min(width, own)}w`;
    })
    .join(', ');
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
