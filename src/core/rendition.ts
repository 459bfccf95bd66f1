import { Fault } from './fault';
import { renderSize, type Size } from './size';

export const formats = ['png', 'jpeg', 'webp', 'avif'] as const;
export type Format = (typeof formats)[number];
export const fits = ['cover', 'contain', 'scale-down'] as const;
export type Fit = (typeof fits)[number];

/**
 * A picture derived from a master. Without sizes it is the whole master in another format.
 * `crop` is the exact size that was asked for where it is no multiple of 16: cut from the centre, never scaled.
 */
export interface Rendition {
  readonly format: Format;
  /** 1 to 100; null leaves it to the encoder (and is all that PNG takes). */
  readonly quality: number | null;
  readonly crop: Size | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly fit: Fit;
}

/** Widths and heights that anybody may ask for, so that nobody can mint renditions without end. */
export const sizeLadder: readonly number[] = [
  16, 32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 400, 480, 512, 600, 640, 720, 750, 768, 800, 828, 900, 960, 1024,
  1080, 1200, 1280, 1440, 1536, 1600, 1792, 1920, 2048, 2560, 3072, 3840, 4096,
];
/** The rung of the ladder that has at least so many pixels, or the last. */
export function rungFor(pixels: number): number {
  return sizeLadder.find((rung) => rung >= pixels) ?? lastRung;
}
const lastRung = 4096;

/** Widths for a `srcset`: few, as each that a page shows is one more rendition, and far enough apart to matter. */
export const sourceSetWidths: readonly number[] = [160, 320, 480, 640, 960, 1280, 1600, 1920, 2560, 3072];

/** A picture's renditions for a `srcset`: all narrower ones, and the picture as it is, by their widths. */
export function sourceSetOf(rendition: Rendition, width: number): { width: number; rendition: Rendition }[] {
  const narrower = sourceSetWidths.filter((rung) => rung < width);
  return [...narrower.map((rung) => ({ width: rung, rendition: { ...rendition, width: rung } })), { width, rendition }];
}

/** Longer edges cannot be had in AVIF from Cloudflare Images. */
const longestAvifEdge = 1200;

/** Whether a rendition of a master of that size can be had in AVIF. */
export function fitsAvif({ crop, width, height, fit }: Rendition, master: Size): boolean {
  const whole = crop ?? master;
  if (fit === 'cover' && width !== null && height !== null)
    return Math.max(Math.min(width, whole.width), Math.min(height, whole.height)) <= longestAvifEdge;
  const scales = [1, (width ?? whole.width) / whole.width, (height ?? whole.height) / whole.height];
  return Math.max(whole.width, whole.height) * Math.min(...scales) <= longestAvifEdge;
}

/** Qualities that anybody may ask for. */
export const qualityLadder: readonly number[] = [10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 100];

export const contentTypes: Readonly<Record<Format, `image/${Format}`>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
};
export const extensions: Readonly<Record<Format, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp', avif: 'avif' };

/** The format of a file extension, or null. */
export function formatOfExtension(extension: string): Format | null {
  if (extension === 'jpg') return 'jpeg';
  return formats.find((format) => format === extension) ?? null;
}

/** The whole master in a format, as its encoder makes it. */
export function wholeRendition(format: Format): Rendition {
  return { format, quality: null, crop: null, width: null, height: null, fit: 'scale-down' };
}

/** The rendition that an order's picture is delivered as: its exact size in the format asked for. */
export function deliveredRendition(size: Size, format: Format, quality: number | null): Rendition {
  const rendered = renderSize(size);
  const isExact = rendered.width === size.width && rendered.height === size.height;
  const crop = isExact ? null : { width: size.width, height: size.height };
  return { format, quality: format === 'png' ? null : quality, crop, width: null, height: null, fit: 'scale-down' };
}

/** Whether a rendition is the master itself, if the master has that format. */
export function isWhole(rendition: Rendition): boolean {
  return rendition.crop === null && rendition.width === null && rendition.height === null && rendition.quality === null;
}

/** The name of a rendition beside its master, without the extension: equal renditions have equal names. */
export function renditionName(rendition: Rendition): string {
  const { crop, width, height, fit, quality } = rendition;
  const parts = [
    crop === null ? '' : `c${crop.width}x${crop.height}`,
    width === null && height === null ? '' : `w${width ?? ''}h${height ?? ''}-${fit}`,
    quality === null ? '' : `q${quality}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'whole' : parts.join('_');
}

/** The query that asks for a rendition at `/images/{fingerprint}.{extension}`; empty for the whole picture. */
export function renditionQuery(rendition: Rendition): URLSearchParams {
  const query = new URLSearchParams();
  const isScaled = rendition.width !== null || rendition.height !== null;
  if (rendition.crop !== null) query.set('crop', `${rendition.crop.width}x${rendition.crop.height}`);
  if (rendition.width !== null) query.set('w', String(rendition.width));
  if (rendition.height !== null) query.set('h', String(rendition.height));
  if (isScaled && rendition.fit !== 'scale-down') query.set('fit', rendition.fit);
  if (rendition.quality !== null) query.set('q', String(rendition.quality));
  return query;
}

/**
 * What our signature of a picture's URL is over: the picture as it is delivered. It is good for each width of the ladder
 * too, so that whoever has the one URL has a `srcset`.
 */
export function signedText(fingerprint: string, rendition: Rendition): string {
  const { format, width, height, fit } = rendition;
  const isNarrower = width !== null && sizeLadder.includes(width) && height === null && fit === 'scale-down';
  const query = renditionQuery(isNarrower ? { ...rendition, width: null } : rendition);
  return `/images/${fingerprint}.${extensions[format]}?${query}`;
}

/** Whether anybody may ask for it; others need a URL that we signed. */
export function isOnLadder({ crop, width, height, quality }: Rendition): boolean {
  return (
    crop === null &&
    (width === null || sizeLadder.includes(width)) &&
    (height === null || sizeLadder.includes(height)) &&
    (quality === null || qualityLadder.includes(quality))
  );
}

/** Says which part is off the ladder, and what is accepted. */
export function offLadderFault({ crop, width, height, quality }: Rendition): Fault {
  if (crop !== null) return Fault.ofField('crop', 'only as in the URL that the order answered, with its signature.');
  if (width !== null && !sizeLadder.includes(width)) return offLadder('w', sizeLadder);
  if (height !== null && !sizeLadder.includes(height)) return offLadder('h', sizeLadder);
  return offLadder('q', quality === null ? [] : qualityLadder);
}

/** Whether `crop` is a size that a master of `rendered` size could have been asked for. */
export function isCropOf(crop: Size, rendered: Size): boolean {
  const next = renderSize(crop);
  return next.width === rendered.width && next.height === rendered.height;
}

/** Says what a field accepts that has a ladder. */
export function offLadder(field: string, accepted: readonly number[]): Fault {
  return Fault.ofField(field, `expected one of ${accepted.join(', ')}.`);
}
