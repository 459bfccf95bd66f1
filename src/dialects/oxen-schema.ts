import * as z from 'zod';
import { limits } from '../core/image-request';
import { decimalNumber, ignored, maybeOneOf, oneOf, pictures, prompt, seed, text, truth, wholeNumber } from './fields';

const aspectRatios = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', 'match_input_image'] as const;

/** The page's fields, in the page's order. Unknown ones are tolerated: oxen passes them on to the model. */
const modelFields = {
  model: text({ canonical: 'model', description: 'flux-2-flex, also its default.', maxLength: 200 }),
  prompt: prompt(),
  aspect_ratio: oneOf(aspectRatios, {
    canonical: 'width, height',
    default: '2:3',
    description: 'Aspect ratio of the picture; match_input_image takes that of the first reference.',
  }),
  resolution: oneOf(['1 MP', '2 MP', '0.5 MP'], {
    canonical: 'width, height',
    default: '1 MP',
    description: 'Area of the picture.',
  }),
  num_inference_steps: wholeNumber({
    ...limits.steps,
    canonical: 'steps',
    default: 30,
    description: 'Denoising steps. 28 to 50 are recommended; fewer are coarser and faster.',
  }),
  guidance: decimalNumber({
    min: 0,
    max: 10,
    canonical: 'guidance',
    default: 2,
    description: `How closely to follow the prompt. Below ${limits.guidance.min}, the model's least, it is ${limits.guidance.min}.`,
  }),
  seed: seed(),
  output_format: oneOf(['webp', 'jpg', 'png'], {
    canonical: 'format',
    default: 'webp',
    description: 'The file format.',
  }),
  output_quality: wholeNumber({
    min: 0,
    max: 100,
    canonical: 'quality',
    default: 80,
    description: 'Quality of the file, 100 being the best. PNG has none.',
  }),
  prompt_upsampling: truth({
    canonical: 'prompt_upsampling',
    default: true,
    description: 'Enrich the prompt before rendering. Not on the vendor’s page: on there, and here unless it is sent.',
  }),
  safety_tolerance: wholeNumber({
    ...limits.safetyTolerance,
    canonical: 'safety_tolerance',
    default: 2,
    description: '0 is strictest. Not on the vendor’s page.',
  }),
  disable_safety_checker: truth({
    canonical: 'safety_tolerance',
    default: false,
    description: `false is safety_tolerance 2, true the most permissive there is: ${limits.safetyTolerance.max}.`,
  }),
};

const inputImage = 'References: public https URLs, data URLs or base64; one, or a list of up to 10.';

/** What every route of oxen takes beside the model's own fields. */
const generic = {
  response_format: maybeOneOf(['url', 'b64_json'], { canonical: 'delivery', description: 'Default: url.' }),
  target_namespace: ignored('Ignored: pictures are kept and billed by the account of the key.'),
};
const count = (most: number) =>
  wholeNumber({
    min: 1,
    max: most,
    canonical: 'count',
    default: 1,
    description: 'How many pictures: the seeds seed, seed+1, …',
  });

/** `POST /api/ai/images/generate`: text to picture; references are welcome. */
export const generateSchema = z.object({
  ...modelFields,
  input_image: pictures(limits.references, inputImage),
  n: count(limits.picturesPerOrder),
  num_generations: count(4),
  ...generic,
});

/** `POST /api/ai/images/edit`: at least one reference. */
export const editSchema = z.object({
  ...modelFields,
  input_image: requiredPictures(),
  n: count(limits.picturesPerOrder),
  num_generations: count(4),
  ...generic,
});

/** `POST /api/ai/queue`: either of them, later. */
export const queueSchema = z.object({
  ...modelFields,
  input_image: pictures(limits.references, inputImage),
  n: count(limits.picturesPerOrder),
  num_generations: count(4),
  ...generic,
});

/** What all three have in common. */
export type OxenBody = Omit<z.output<typeof generateSchema>, 'n' | 'num_generations'>;

function requiredPictures() {
  const expected = `expected one picture or a list of 1 to ${limits.references}, each an https URL, a data URL or base64.`;
  const one = z.string(expected).min(1, expected);
  const list = z.array(one, expected).min(1, expected).max(limits.references, expected);
  return z
    .union([list, one], expected)
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .meta({ description: inputImage, 'x-canonical': 'references' });
}
