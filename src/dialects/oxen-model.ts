import * as z from 'zod';
import type { Catalogue, WireJson } from '../core/dialect';
import { limits, modelId } from '../core/image-request';
import { released } from './model-object';
import { editSchema } from './oxen-schema';

/** The model as oxen's models endpoint has it, its parameters made from the schema that checks them. */
export function oxenModel({ priceMicros, isSandbox, providers }: Catalogue): WireJson {
  const schema = z.json().parse(z.toJSONSchema(editSchema, { io: 'input' }));
  return {
    id: modelId,
    object: 'model',
    created: released,
    owned_by: 'black-forest-labs',
    name: modelId,
    display_name: 'FLUX.2 [flex]',
    description:
      'Makes and edits pictures with strong control over text, typography and layout, from a prompt and up to 10 references.',
    summary: 'Pictures and edits with precise text, from a prompt and up to 10 references',
    developer: { name: 'Black Forest Labs', logo: null },
    model_type: 'base',
    endpoint: '/images/edit',
    capabilities: { input: ['text', 'image'], output: ['image'] },
    pricing: { method: 'per_image', cost_per_image: priceMicros / 1e6, currency: 'usd' },
    limits: {
      prompt_characters: limits.promptCharacters,
      input_images: limits.references,
      input_image_bytes: limits.referenceBytes,
      max_megapixels: limits.areaPixels / 2 ** 20,
      num_generations: 4,
    },
    fine_tuning: null,
    deployments: [],
    source_model: null,
    image_url: null,
    released_at: new Date(released * 1000).toISOString(),
    json_request_schema: schema,
    request_schema: schema,
    sandbox: isSandbox,
    providers,
  };
}
