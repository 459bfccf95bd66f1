import * as z from 'zod';
import { limits } from '../core/image-request';
import { decimalNumber, oneOf, picture, pixels, prompt, seed, text, truth, webhookUrl, wholeNumber } from './fields';

/** References of BFL's own schema: `input_image`, `input_image_2` … `input_image_8`. */
export const referenceFields = Array.from({ length: 8 }, (_, index) =>
  index === 0 ? 'input_image' : `input_image_${index + 1}`,
);

const tooMany = 'this API takes at most 8 references: input_image to input_image_8.';
/** References that callers may send and that this model does not take: the vendor would drop them in silence. */
export const refusedReferences: Readonly<Record<string, string>> = {
  input_image_9: tooMany,
  input_image_10: tooMany,
  image_prompt: 'this model takes its references as input_image to input_image_8.',
  input_image_blob_path: "a path in the vendor's own store cannot be read here: send the picture as input_image.",
};
export const defaultEdge = 1024;
const edge = (name: string) =>
  z
    .preprocess(
      (value) => (value === 0 ? null : value),
      pixels({
        canonical: name,
        description: `The ${name} of the picture in pixels. 0 or absent: as the first reference, or ${defaultEdge}.`,
      }),
    )
    .prefault(null);

/** Flux2FlexInputs of BFL's OpenAPI document. Unknown fields are ignored, as BFL ignores them. */
export function inputSchema(formats: readonly ['jpeg', 'png', ...'webp'[]]) {
  return z.object({
    prompt: prompt(),
    prompt_upsampling: truth({
      canonical: 'prompt_upsampling',
      default: true,
      description: 'Enrich the prompt before rendering.',
    }),
    ...Object.fromEntries(referenceFields.map((field) => [field, picture()])),
    seed: seed(),
    width: edge('width'),
    height: edge('height'),
    aspect_ratio: text({
      canonical: 'width, height',
      description: 'At one megapixel, such as "16:9"; a width or height wins.',
      maxLength: 16,
    }),
    guidance: decimalNumber({
      ...limits.guidance,
      canonical: 'guidance',
      default: 5,
      description: 'How closely to follow the prompt.',
    }),
    steps: wholeNumber({
      ...limits.steps,
      canonical: 'steps',
      default: 50,
      description: 'Inference steps: more is finer and slower.',
    }),
    safety_tolerance: wholeNumber({
      ...limits.safetyTolerance,
      canonical: 'safety_tolerance',
      default: 2,
      description: '0 is strictest.',
    }),
    output_format: oneOf(formats, { canonical: 'format', default: 'jpeg', description: 'The file format.' }),
    webhook_url: webhookUrl(),
    webhook_secret: text({ canonical: 'webhook', description: 'Signs the webhook.', maxLength: 512 }),
  });
}
/** A body that was read. */
export type BflBody = z.output<ReturnType<typeof inputSchema>>;
