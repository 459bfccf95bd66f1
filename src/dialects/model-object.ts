import * as z from 'zod';
import type { Catalogue, WireJson } from '../core/dialect';
import { limits } from '../core/image-request';
import { parametersSchema } from './hinow-schema';
import { modelName } from './known-model';

/** When the model came out, in unix seconds: 2025-11-25. */
export const released = 1_764_028_800;

/**
 * The model as model lists show it: OpenAI's four fields; hinow's name, category, endpoint, cost and the parameters of
 * that endpoint; OpenRouter's description, architecture and pricing.
 */
export function modelObject(catalogue: Catalogue): WireJson {
  const dollars = catalogue.priceMicros / 1e6;
  return {
    id: modelName,
    object: 'model',
    created: released,
    owned_by: 'black-forest-labs',
    name: 'FLUX.2 [flex]',
    description:
      'Makes and edits pictures with strong control over text, typography and layout, from a prompt and references.',
    category: ['text_to_image', 'image_to_image'],
    endpoint: '/v1/images',
    cost: { type: 'image', total: dollars, input: 0, output: dollars },
    parameters: z.json().parse(z.toJSONSchema(parametersSchema, { io: 'input' })),
    context_length: limits.promptCharacters,
    architecture: {
      modality: 'text+image->image',
      input_modalities: ['text', 'image'],
      output_modalities: ['image'],
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing: { prompt: '0', completion: '0', request: '0', image: '0', image_output: String(dollars) },
    supported_parameters: ['seed'],
    sandbox: catalogue.isSandbox,
    providers: catalogue.providers,
  };
}
