import type { Catalogue, WireJson } from '../core/dialect';
import { modelId } from '../core/image-request';

/** When the model came out, in unix seconds: 2025-11-25. */
const released = 1_764_028_800;

/** The model as model lists show it. */
export function modelObject(catalogue: Catalogue): WireJson {
  const dollars = catalogue.priceMicros / 1e6;
  return {
    id: `black-forest-labs/${modelId}`,
    object: 'model',
    created: released,
    owned_by: 'black-forest-labs',
    name: 'FLUX.2 [flex]',
    category: ['text_to_image', 'image_to_image'],
    endpoint: '/v1/images/generations',
    cost: { type: 'per_image', total: dollars, input: 0, output: dollars },
    sandbox: catalogue.isSandbox,
    providers: catalogue.providers,
  };
}
