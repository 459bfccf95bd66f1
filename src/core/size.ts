import { Fault } from './fault';
import { limits, type Reference } from './image-request';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a caller chose the size of the picture. */
export type SizeChoice =
  | { readonly kind: 'pixels'; readonly width: number; readonly height: number }
  /** An aspect ratio; of the first reference's area where `megapixels` is null, or of one megapixel without references. */
  | {
      readonly kind: 'aspect';
      readonly aspectRatio: string;
      readonly megapixels: number | null;
      readonly bounds?: SizeBounds;
    }
  /** The first reference's aspect ratio; its own size where `megapixels` is null. */
  | {
      readonly kind: 'match-reference';
      readonly megapixels: number | null;
      readonly otherwise: Size;
      readonly bounds?: SizeBounds;
    };

/** What an API keeps sizes within that its callers do not choose in pixels, where it is narrower than the model. */
export interface SizeBounds {
  readonly largestEdge: number;
  /** Of a size that is taken from a reference. */
  readonly leastMegapixels: number;
}

/** Vendors render multiples of this many pixels. */
export const renderMultiple = 16;
const megapixelPixels = 1024 * 1024;
const modelBounds: SizeBounds = { largestEdge: limits.edgePixels.max, leastMegapixels: 0 };
const largestMegapixels = limits.areaPixels / megapixelPixels;

/** The size that is rendered for an exact size asked for: the next multiple of 16, cropped afterwards. */
export function renderSize(size: Size): Size {
  return { width: roundUp(size.width), height: roundUp(size.height) };
}

/**
 * Turns a choice into pixels.
 * @throws Fault `invalid_request` naming `width` or `height` when the size is out of the model's limits.
 */
export function resolveSize(choice: SizeChoice, references: readonly Reference[]): Size {
  switch (choice.kind) {
    case 'pixels':
      return checkSize(choice);
    case 'aspect':
      return aspectSize(choice, references[0]);
    case 'match-reference':
      return matchReference(choice, references[0]);
  }
}

/** Reads "16:9". @throws Fault naming `aspect_ratio` when it is not two positive whole numbers up to 9:1 or 1:9. */
export function parseAspectRatio(text: string): number {
  const match = /^(\d{1,4}):(\d{1,4})$/.exec(text.trim());
  const ratio = match === null ? Number.NaN : Number(match[1]) / Number(match[2]);
  if (ratio >= 1 / 9 && ratio <= 9) return ratio;
  throw Fault.ofField('aspect_ratio', `expected two whole numbers such as "16:9", between 1:9 and 9:1.`);
}

/**
 * The multiple-of-16 size nearest to an aspect ratio and an area. 1:1 at 1 megapixel is 1024×1024. Where the longer edge
 * would pass the limit, the area gives way and the ratio stays.
 */
export function sizeOfAspect(ratio: number, megapixels: number, largestEdge: number = limits.edgePixels.max): Size {
  const largestArea = largestEdge ** 2 * Math.min(ratio, 1 / ratio);
  const area = Math.min(megapixels * megapixelPixels, largestArea);
  const ideal = { width: Math.sqrt(area * ratio), height: Math.sqrt(area / ratio) };
  const size = { width: clampEdge(roundNearest(ideal.width)), height: clampEdge(roundNearest(ideal.height)) };
  return shrinkToArea(size);
}

function aspectSize(choice: Extract<SizeChoice, { kind: 'aspect' }>, reference: Reference | undefined): Size {
  const { aspectRatio, megapixels, bounds = modelBounds } = choice;
  const matched = reference === undefined ? 1 : megapixelsLike(reference, bounds);
  return sizeOfAspect(parseAspectRatio(aspectRatio), megapixels ?? matched, bounds.largestEdge);
}

function matchReference(
  choice: Extract<SizeChoice, { kind: 'match-reference' }>,
  reference: Reference | undefined,
): Size {
  if (reference === undefined) return choice.otherwise;
  const { megapixels, bounds = modelBounds } = choice;
  const ratio = Math.min(9, Math.max(1 / 9, reference.width / reference.height));
  if (megapixels !== null) return sizeOfAspect(ratio, megapixels, bounds.largestEdge);
  if (!isWithin(reference, bounds)) return sizeOfAspect(ratio, megapixelsLike(reference, bounds), bounds.largestEdge);
  return isRenderable(reference)
    ? { width: reference.width, height: reference.height }
    : sizeOfAspect(ratio, largestMegapixels, bounds.largestEdge);
}

function isWithin({ width, height }: Size, { largestEdge, leastMegapixels }: SizeBounds): boolean {
  const pixels = width * height;
  const isSmallEnough = pixels <= limits.areaPixels && Math.max(width, height) <= largestEdge;
  return (
    isSmallEnough && Math.min(width, height) >= limits.edgePixels.min && pixels >= leastMegapixels * megapixelPixels
  );
}

/** A reference's area as near as it can be made. */
function megapixelsLike({ width, height }: Size, { leastMegapixels }: SizeBounds): number {
  const least = Math.max(0.25, leastMegapixels);
  return Math.min(largestMegapixels, Math.max(least, (width * height) / megapixelPixels));
}

function checkSize(size: Size): Size {
  for (const edge of ['width', 'height'] as const) {
    const { min, max } = limits.edgePixels;
    if (!Number.isInteger(size[edge]) || size[edge] < min || size[edge] > max) {
      throw Fault.ofField(edge, `expected a whole number from ${min} to ${max} pixels.`);
    }
  }
  if (isRenderable(size)) return { width: size.width, height: size.height };
  const rendered = renderSize(size);
  throw Fault.ofField(
    'width',
    `width × height may be at most 4 megapixels (${limits.areaPixels} pixels, such as 2048×2048) after rounding each up to a multiple of ${renderMultiple}; ${size.width}×${size.height} needs ${rendered.width * rendered.height}.`,
  );
}

function isRenderable(size: Size): boolean {
  const rendered = renderSize(size);
  return rendered.width * rendered.height <= limits.areaPixels;
}

/** Rounding to the nearest multiple may pass the largest area by a row; take it off the longer edge. */
function shrinkToArea(size: Size): Size {
  if (size.width * size.height <= limits.areaPixels) return size;
  return size.width >= size.height
    ? shrinkToArea({ width: size.width - renderMultiple, height: size.height })
    : shrinkToArea({ width: size.width, height: size.height - renderMultiple });
}

const roundUp = (pixels: number) => Math.ceil(pixels / renderMultiple) * renderMultiple;
const roundNearest = (pixels: number) => Math.round(pixels / renderMultiple) * renderMultiple;
const clampEdge = (pixels: number) => Math.min(limits.edgePixels.max, Math.max(limits.edgePixels.min, pixels));
