import { type ImageRequest, modelId } from './image-request';
import { renderSize } from './size';

/** Prices of one picture in micro-dollars, by megapixel of a million pixels, output and input. */
export interface MegapixelPrice {
  readonly kind: 'megapixel';
  readonly firstOutputMicros: number;
  readonly furtherOutputMicros: number;
  readonly inputMicros: number;
  /** Whether a started megapixel is billed whole. */
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
  const megapixels = megapixelsOf(request);
  const output = billedHundredths(megapixels.output, price);
  const input = billedHundredths(megapixels.input, price);
  const further = Math.max(0, output - 100) * price.furtherOutputMicros;
  return Math.ceil((price.firstOutputMicros * 100 + further + input * price.inputMicros) / 100);
}

/** Whole hundredths, since 1.1 − 1 is a little more than 0.1 and money is not to be rounded up for that. */
function billedHundredths(megapixels: number, { isRoundedUp }: MegapixelPrice): number {
  return isRoundedUp ? Math.ceil(megapixels) * 100 : Math.round(megapixels * 100);
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
