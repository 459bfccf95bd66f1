import { Fault } from '../core/fault';
import { isKnownModel, modelId } from '../core/image-request';

/** The model's name in answers. */
export const modelName = `black-forest-labs/${modelId}`;

/**
 * Lets every spelling of the model's name pass, and a request that names none.
 * @throws Fault `model_not_found` naming the field `model`.
 */
export function refuseUnknownModel(name: string | null): void {
  if (name === null || isKnownModel(name)) return;
  throw new Fault(
    'model_not_found',
    `The model '${name.slice(0, 100)}' does not exist here. This service has ${modelName}.`,
    { issues: [{ path: ['model'], message: `expected ${modelName}.` }] },
  );
}
