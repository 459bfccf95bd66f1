import * as z from 'zod';
import { limits } from '../core/image-request';
import { decimalNumber, ignored, oneOf, prompt, seed, truth, wholeNumber } from './fields';

const aspectRatios = ['1:1', '16:9', '9:16', '3:2', '2:3', '4:5', '5:4'] as const;
const aspectRatio = { canonical: 'width, height', description: 'Aspect ratio of the picture, at one megapixel.' };

/** What both kinds of feature take in `promptObject`. Unknown fields are tolerated, as 1min.ai tolerates them. */
const shared = {
  prompt: prompt(),
  output_format: oneOf(['jpg', 'png'], { canonical: 'format', default: 'png', description: 'The file format.' }),
  output_quality: wholeNumber({
    min: 0,
    max: 100,
    canonical: 'quality',
    default: 80,
    description: 'Quality of the file, 100 being the best. PNG has none.',
  }),
  steps: wholeNumber({
    min: 6,
    max: 50,
    canonical: 'steps',
    default: 25,
    description: 'Diffusion steps: 6 to 10 for speed, 20 to 50 for quality.',
  }),
  guidance: decimalNumber({
    min: 2,
    max: 5,
    canonical: 'guidance',
    default: 3,
    description: 'How closely to follow the prompt.',
  }),
  safety_tolerance: wholeNumber({
    min: 1,
    max: 6,
    canonical: 'safety_tolerance',
    default: 2,
    description: `1 is strictest. 6 is taken as ${limits.safetyTolerance.max}, the model's most permissive.`,
  }),
  prompt_upsampling: truth({
    canonical: 'prompt_upsampling',
    default: false,
    description: 'Enrich the prompt before rendering.',
  }),
  seed: seed(),
  n: wholeNumber({
    min: 1,
    max: limits.picturesPerOrder,
    canonical: 'count',
    default: 1,
    description: 'How many pictures: the seeds seed, seed+1, …',
  }),
};

const generatorPrompt = z.object({
  ...shared,
  aspect_ratio: oneOf(aspectRatios, { ...aspectRatio, default: '1:1' }),
  imageUrl: ignored('Refused: IMAGE_EDITOR is the type that takes pictures.'),
});

const editorPrompt = z.object({
  ...shared,
  aspect_ratio: oneOf([...aspectRatios, 'match_input_image'], {
    canonical: 'width, height',
    default: 'match_input_image',
    description: 'Aspect ratio of the picture, at one megapixel; match_input_image: as the first reference is.',
  }),
  imageUrl: pictureUrls(),
});

const envelope = {
  model: z
    .string('expected black-forest-labs/flux-2-flex.')
    .max(200)
    .meta({ description: 'black-forest-labs/flux-2-flex.', 'x-canonical': 'model' }),
  async: truth({
    canonical: 'delivery',
    default: false,
    description: 'true answers at once, with status PROCESSING and a uuid for GET /api/results/{uuid}.',
  }),
};

const typeExpected = 'expected IMAGE_GENERATOR or IMAGE_EDITOR.';
const kindOf = <const Type extends string>(type: Type, description: string) =>
  z.literal(type).meta({ description, 'x-canonical': 'feature' });

/** `POST /api/features`. */
export const featureSchema = z.discriminatedUnion(
  'type',
  [
    z.object({
      type: kindOf('IMAGE_GENERATOR', 'makes a picture of a prompt.'),
      ...envelope,
      promptObject: generatorPrompt,
    }),
    z.object({ type: kindOf('IMAGE_EDITOR', 'edits pictures by a prompt.'), ...envelope, promptObject: editorPrompt }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? typeExpected : 'expected a JSON object.') },
);
export type Feature = z.output<typeof featureSchema>;

/** The fields of `promptObject` that mean something, and that its echo may have. */
export const promptFields: ReadonlySet<string> = new Set([
  ...Object.keys(generatorPrompt.shape),
  ...Object.keys(editorPrompt.shape),
]);

function pictureUrls() {
  const expected = `expected the path of an asset or an https URL, or a list of 1 to ${limits.references} of them.`;
  const one = z.string(expected).min(1, expected);
  const list = z.array(one, expected).min(1, expected).max(limits.references, expected);
  return z
    .union([one, list], expected)
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .meta({
      description: 'What to edit: an absolute URL, or the path of an asset; a list where there are several.',
      'x-canonical': 'references',
    });
}
