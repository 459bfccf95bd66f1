import * as z from 'zod';
import { limits } from '../core/image-request';
import { formats } from '../core/rendition';
import {
  decimalNumber,
  ignored,
  maybeOneOf,
  oneOf,
  pictures,
  pixels,
  prompt,
  seed,
  text,
  truth,
  wholeNumber,
} from './fields';
import { sizeField } from './pixel-size';

const size = sizeField('"auto" (as the first reference, or 1024x1024) or WIDTHxHEIGHT.');

/** What both routes take: OpenAI's own fields, and the model's beside them. */
const shared = {
  prompt: prompt(),
  model: text({ canonical: 'model', description: 'black-forest-labs/flux-2-flex, also its default.', maxLength: 200 }),
  n: wholeNumber({
    min: 1,
    max: limits.picturesPerOrder,
    canonical: 'count',
    default: 1,
    description: 'How many pictures: the seeds seed, seed+1, …',
  }),
  size,
  response_format: maybeOneOf(['url', 'b64_json'], {
    canonical: 'delivery',
    description: 'Default: url for generations, b64_json for edits.',
  }),
  output_format: oneOf([...formats, 'jpg'], { canonical: 'format', default: 'png', description: 'The file format.' }),
  output_compression: wholeNumber({
    min: 0,
    max: 100,
    canonical: 'quality',
    default: 100,
    description: 'The quality of jpeg, webp and avif.',
  }),
  stream: truth({
    canonical: 'delivery',
    default: false,
    description: 'Answer with server-sent events: these have b64_json, as OpenAI’s do, whatever response_format says.',
  }),
  partial_images: wholeNumber({
    min: 0,
    max: 3,
    canonical: null,
    default: 0,
    description: 'The model gives no partial pictures: a stream has the finished ones.',
  }),
  background: oneOf(['auto', 'opaque', 'transparent'], {
    canonical: null,
    default: 'auto',
    description: 'Always opaque; "transparent" is refused.',
  }),
  moderation: oneOf(['auto', 'low'], {
    canonical: 'safety_tolerance',
    default: 'auto',
    description: '"low" is safety_tolerance 5, "auto" is 2.',
  }),
  quality: ignored('Of other models; use steps.'),
  style: ignored('Of other models.'),
  user: ignored('Not kept.'),
  width: pixels({ canonical: 'width', description: 'Instead of size: one that contradicts it is refused.' }),
  height: pixels({ canonical: 'height', description: 'Instead of size: one that contradicts it is refused.' }),
  aspect_ratio: text({
    canonical: 'width, height',
    description: 'At one megapixel, such as "16:9", or match_input_image. A size, width or height wins.',
    maxLength: 32,
  }),
  steps: wholeNumber({
    ...limits.steps,
    canonical: 'steps',
    default: 50,
    description: 'Inference steps: more is finer and slower.',
  }),
  guidance: decimalNumber({
    ...limits.guidance,
    canonical: 'guidance',
    default: 5,
    description: 'How closely to follow the prompt.',
  }),
  seed: seed(),
  prompt_upsampling: truth({
    canonical: 'prompt_upsampling',
    default: true,
    description: 'Enrich the prompt before rendering.',
  }),
  safety_tolerance: z
    .preprocess(
      (value) => value ?? null,
      wholeNumber({ ...limits.safetyTolerance, canonical: 'safety_tolerance', default: 2, description: '' }).nullable(),
    )
    .meta({
      type: ['integer', 'null'],
      ...{ minimum: limits.safetyTolerance.min, maximum: limits.safetyTolerance.max },
      description: '0 is strictest. Default 2, or as moderation says.',
      'x-canonical': 'safety_tolerance',
    })
    .prefault(null),
  input_image: pictures(limits.references),
  input_images: pictures(limits.references),
};

const quoted = (key: string) => `'${key.slice(0, 64)}'`;
const unknownField: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys' ? `Unknown parameter: ${(issue.keys ?? []).map(quoted).join(', ')}.` : undefined;

/** `POST /v1/images/generations`. Unknown fields are refused, as OpenAI refuses them. */
export const generationSchema = z.strictObject(shared, { error: unknownField });

const editImage = z.strictObject({ image_url: z.string().optional(), file_id: z.string().optional() });

/** `POST /v1/images/edits`: OpenAI's `image` and `images`, aigateway's `image_url`, or the model's own `input_images`. */
export const editSchema = z.strictObject(
  {
    ...shared,
    image: pictures(limits.references),
    image_url: pictures(limits.references),
    images: z
      .array(editImage)
      .max(limits.references, `expected at most ${limits.references} pictures.`)
      .nullish()
      .transform((list) => list ?? [])
      .meta({ description: 'References as objects with an image_url.', 'x-canonical': 'references' }),
    mask: ignored('Refused: this model edits by prompt and references.'),
    mask_url: ignored('Refused: this model edits by prompt and references.'),
    input_fidelity: ignored('Of other models.'),
  },
  { error: unknownField },
);

export type GenerationBody = z.output<typeof generationSchema>;
export type EditBody = z.output<typeof editSchema>;
