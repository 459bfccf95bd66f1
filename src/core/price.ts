import { type ImageRequest, modelId } from './image-request';
import { renderSize, type Size } from './size';

/** Prices of one picture in micro-dollars, by megapixel of a million pixels, output and input. */
export interface MegapixelPrice {
  readonly kind: 'megapixel';
  readonly firstOutputMicros: number;
  readonly furtherOutputMicros: number;
  readonly inputMicros: number;
  /** Whether each picture, in and out, is billed by its started megapixels (of 1024×1024) rather than exactly. */
  readonly isRoundedUp: boolean;
}
export interface FlatPrice {
  readonly kind: 'flat';
  readonly pictureMicros: number;
}
export type Price = MegapixelPrice | FlatPrice;

export interface Megapixels {
  readonly input: number;
  readonly output: number;
}

/** Megapixels in and out as BFL reports them: millions of pixels, two decimals. */
export function megapixelsOf(request: ImageRequest): Megapixels {
  const size = renderSize(request);
  const inputPixels = request.references.reduce((sum, reference) => sum + reference.width * reference.height, 0);
  return { input: twoDecimals(inputPixels / 1e6), output: twoDecimals((size.width * size.height) / 1e6) };
}

/** What a picture costs at a price list, in whole micro-dollars. */
export function priceMicros(price: Price, request: ImageRequest): number {
  if (price.kind === 'flat') return price.pictureMicros;
  const { input, output } = price.isRoundedUp ? startedHundredths(request) : exactHundredths(request);
  const further = Math.max(0, output - 100) * price.furtherOutputMicros;
  return Math.ceil((price.firstOutputMicros * 100 + further + input * price.inputMicros) / 100);
}

/** Whole hundredths, since 1.1 − 1 is a little more than 0.1 and money is not to be rounded up for that. */
function exactHundredths(request: ImageRequest): Megapixels {
  const { input, output } = megapixelsOf(request);
  return { input: Math.round(input * 100), output: Math.round(output * 100) };
}

/** Each picture by its own started megapixels of 1024×1024, as fal and Replicate bill them: 1920×1080 is two. */
function startedHundredths(request: ImageRequest): Megapixels {
  const started = ({ width, height }: Size) => Math.max(1, Math.ceil((width * height) / (1024 * 1024))) * 100;
  const input = request.references.reduce((sum, reference) => sum + started(reference), 0);
  return { input, output: started(renderSize(request)) };
}

/** A vendor that counts in credits of a cent. */
export const microsPerCredit = 10_000;

const twoDecimals = (value: number) => Math.round(value * 100) / 100;

/** The picture whose price stands for all others where one figure is asked for: 1024×1024 without references. */
export const squareMegapixel: ImageRequest = {
  namespace: 'public',
  model: modelId,
  prompt: 'one megapixel',
  references: [],
  width: 1024,
  height: 1024,
  steps: 50,
  guidance: 5,
  seed: 0,
  promptUpsampling: false,
  safetyTolerance: 2,
};
