import { Fault } from './fault';
import { limits, type Reference } from './image-request';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a caller chose the size of the picture. */
export type SizeChoice =
  | { readonly kind: 'pixels'; readonly width: number; readonly height: number }
  | { readonly kind: 'aspect'; readonly aspectRatio: string; readonly megapixels: number }
  /** The first reference's aspect ratio; its own size where `megapixels` is null. */
  | { readonly kind: 'match-reference'; readonly megapixels: number | null; readonly otherwise: Size };

/** Vendors render multiples of this many pixels. */
export const renderMultiple = 16;
const megapixelPixels = 1024 * 1024;

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
      return sizeOfAspect(parseAspectRatio(choice.aspectRatio), choice.megapixels);
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
export function sizeOfAspect(ratio: number, megapixels: number): Size {
  const largestArea = limits.edgePixels.max ** 2 * Math.min(ratio, 1 / ratio);
  const area = Math.min(megapixels * megapixelPixels, largestArea);
  const ideal = { width: Math.sqrt(area * ratio), height: Math.sqrt(area / ratio) };
  const size = { width: clampEdge(roundNearest(ideal.width)), height: clampEdge(roundNearest(ideal.height)) };
  return shrinkToArea(size);
}

function matchReference(
  choice: Extract<SizeChoice, { kind: 'match-reference' }>,
  reference: Reference | undefined,
): Size {
  if (reference === undefined) return choice.otherwise;
  const ratio = Math.min(9, Math.max(1 / 9, reference.width / reference.height));
  if (choice.megapixels !== null) return sizeOfAspect(ratio, choice.megapixels);
  const pixels = reference.width * reference.height;
  const fits = pixels <= limits.areaPixels && Math.max(reference.width, reference.height) <= limits.edgePixels.max;
  const isLargeEnough = Math.min(reference.width, reference.height) >= limits.edgePixels.min;
  if (!fits || !isLargeEnough) return sizeOfAspect(ratio, Math.min(4, Math.max(0.25, pixels / megapixelPixels)));
  return isRenderable(reference) ? { width: reference.width, height: reference.height } : sizeOfAspect(ratio, 4);
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
