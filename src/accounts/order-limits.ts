import { Fault } from '../core/fault';
import type { ImageRequest } from '../core/image-request';
import { megapixelsOf } from '../core/price';
import type { ApiKey } from './api-key';

/** @throws Fault `forbidden` for a picture of more steps or rendered megapixels than the key may order. */
export function refuseBeyondKey({ limits }: Pick<ApiKey, 'limits'>, request: ImageRequest): void {
  const { maximumSteps, maximumMegapixels } = limits;
  if (maximumSteps !== null && request.steps > maximumSteps)
    throw beyond('steps', `this key may order at most ${maximumSteps}; ${request.steps} were asked for.`);
  const { output } = megapixelsOf(request);
  if (maximumMegapixels !== null && output > maximumMegapixels)
    throw beyond('size', `this key may order at most ${maximumMegapixels} megapixels; these are ${output}.`);
}

function beyond(field: string, message: string): Fault {
  return new Fault('forbidden', `${field}: ${message}`, { issues: [{ path: [field], message }] });
}
