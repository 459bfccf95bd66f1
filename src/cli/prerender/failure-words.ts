import { explain } from '../exit-code';
import { dollars } from '../wording';
import { titleOf } from './picture-title';
import { placeText } from './place';
import type { Failure } from './plan';

/** Why a picture did not come, what it cost all the same, and where it is wanted. */
export function failureText({ picture, error, spentMicros, isUnknown }: Failure): string {
  const places = picture.places.map((place) => `\n  ${placeText(place)}`).join('');
  const refund = isUnknown ? ', unless it is refunded' : '';
  const cost = spentMicros === 0 ? '' : `\n  It cost ${dollars(spentMicros)} all the same${refund}.`;
  return `✗ ${titleOf(picture.parameters)}: ${explain(error)}${cost}${places}`;
}

/** The same for programs. */
export interface FailureJson {
  readonly prompt: string;
  readonly places: readonly string[];
  readonly message: string;
  readonly spentMicros: number;
}

export function failureJson({ picture, error, spentMicros }: Failure): FailureJson {
  const { places, parameters } = picture;
  return { prompt: parameters.prompt, places: places.map(placeText), message: explain(error), spentMicros };
}
