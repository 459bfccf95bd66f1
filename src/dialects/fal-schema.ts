import * as z from 'zod';
import { limits } from '../core/image-request';
import type { Size } from '../core/size';
import { decimalNumber, ignored, numberOf, oneOf, pixels, prompt, seed, truth, wholeNumber } from './fields';

/** The names of sizes, as fal has them for all its models. */
export const presets = {
  square_hd: { width: 1024, height: 1024 },
  square: { width: 512, height: 512 },
  portrait_4_3: { width: 768, height: 1024 },
  portrait_16_9: { width: 576, height: 1024 },
  landscape_4_3: { width: 1024, height: 768 },
  landscape_16_9: { width: 1024, height: 576 },
} as const satisfies Readonly<Record<string, Size>>;

const presetNames = [
  'square_hd',
  'square',
  'portrait_4_3',
  'portrait_16_9',
  'landscape_4_3',
  'landscape_16_9',
] as const satisfies readonly (keyof typeof presets)[];

/** An edge that is left out of a size of one's own. */
const defaultEdge = 512;
const edge = (name: string) =>
  pixels({ canonical: name, description: `The ${name} in pixels. Default ${defaultEdge}.` }).transform(
    (value) => value ?? defaultEdge,
  );
const customSize = z.object({ width: edge('width'), height: edge('height') });

function imageSize<const Words extends readonly [string, ...string[]]>(words: Words, usual: Words[number]) {
  const { min, max } = limits.edgePixels;
  const expected = `expected one of ${words.join(', ')}, or {"width", "height"} of ${min} to ${max} pixels each.`;
  return z
    .preprocess((value) => value ?? usual, z.union([z.enum(words), customSize], expected))
    .meta({ description: 'A named size, or a width and a height.', 'x-canonical': 'width, height' })
    .prefault(usual);
}

const oneAlone =
  'expected 1: a request makes one picture. For more, ask again with the seeds seed+1, seed+2 and so on.';

/** What both endpoints take. Unknown fields are ignored, as fal ignores them. */
const shared = {
  prompt: prompt(),
  guidance_scale: decimalNumber({
    ...limits.guidance,
    canonical: 'guidance',
    default: 3.5,
    description: 'How closely to follow the prompt.',
  }),
  num_inference_steps: wholeNumber({
    min: 2,
    max: limits.steps.max,
    canonical: 'steps',
    default: 28,
    description: 'Inference steps: more is finer and slower.',
  }),
  seed: seed(),
  safety_tolerance: numberOf([1, 2, 3, 4, 5], {
    canonical: 'safety_tolerance',
    default: 2,
    description: '1 is strictest.',
  }),
  enable_safety_checker: truth({
    canonical: 'safety_tolerance',
    default: true,
    description: "false is safety_tolerance 5: the model's own moderation cannot be switched off.",
  }),
  enable_prompt_expansion: truth({
    canonical: 'prompt_upsampling',
    default: true,
    description: 'Enrich the prompt before rendering.',
  }),
  output_format: oneOf(['jpeg', 'png'], { canonical: 'format', default: 'jpeg', description: 'The file format.' }),
  sync_mode: truth({
    canonical: 'delivery',
    default: false,
    description: 'Answer with the picture as a data URI in images[].url; webhooks carry its URL all the same.',
  }),
  num_images: z
    .union([z.literal(1), z.literal('1')], oneAlone)
    .nullish()
    .meta({ description: 'Not of this model: 1 is taken, more are refused.', 'x-canonical': null }),
};

/** `fal-ai/flux-2-flex`. Source: https://fal.ai/models/fal-ai/flux-2-flex/api */
export const generationSchema = z.object({
  ...shared,
  image_size: imageSize(presetNames, 'landscape_4_3'),
  image_urls: ignored('Of fal-ai/flux-2-flex/edit: here fal ignores it.'),
});

const picturesExpected = `expected a list of 1 to ${limits.references} pictures: https URLs, data URIs or base64.`;

/** `fal-ai/flux-2-flex/edit`. Source: https://fal.ai/models/fal-ai/flux-2-flex/edit/api */
export const editSchema = z.object({
  ...shared,
  image_size: imageSize([...presetNames, 'auto'], 'auto'),
  image_urls: z
    .array(z.string(picturesExpected), picturesExpected)
    .min(1, picturesExpected)
    .max(limits.references, picturesExpected)
    .meta({
      description: `The references: 1 to ${limits.references} https URLs, data URIs or base64.`,
      'x-canonical': 'references',
    }),
});

export type GenerationBody = z.output<typeof generationSchema>;
export type EditBody = z.output<typeof editSchema>;
