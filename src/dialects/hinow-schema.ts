import * as z from 'zod';
import { limits } from '../core/image-request';
import {
  ignored,
  maybeOneOf,
  numberOf,
  oneOf,
  pictures,
  pixels,
  prompt,
  seed,
  text,
  truth,
  wholeNumber,
} from './fields';
import { otherNumber } from './other-number';
import { sizeField } from './pixel-size';

/** The page says "up to 8 input images". */
export const mostReferences = 8;
const aspectRatios = ['1:1', '4:3', '3:4', '16:9', '9:16', '3:2', '2:3'] as const;
/** The page names no field for references: these are those that its neighbours use. */
export const referenceNames = [
  'images',
  'image',
  'input_images',
  'input_image',
  'image_urls',
  'image_url',
] as const satisfies readonly (keyof typeof parameterFields)[];

const parameterFields = {
  aspect_ratio: maybeOneOf(aspectRatios, {
    canonical: 'width, height',
    description: 'At one megapixel. Absent: as the first reference, or 1:1. A width or height wins.',
  }),
  num_inference_steps: numberOf([25, 30, 40, 50], {
    canonical: 'steps',
    default: 50,
    description: 'Inference steps: more is finer and slower.',
  }),
  guidance_scale: numberOf([2, 3.5, 5, 7.5, 10], {
    canonical: 'guidance',
    default: 5,
    description: 'How closely to follow the prompt.',
  }),
  steps: otherNumber({
    ...limits.steps,
    ...{ own: 'num_inference_steps', canonical: 'steps', isWhole: true },
    description: 'Another name of num_inference_steps, of any whole number in the range; one that differs is refused.',
  }),
  guidance: otherNumber({
    ...limits.guidance,
    ...{ own: 'guidance_scale', canonical: 'guidance', isWhole: false },
    description: 'Another name of guidance_scale, of any number in the range; one that differs is refused.',
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
  output_format: oneOf(['jpeg', 'png'], { canonical: 'format', default: 'jpeg', description: 'The file format.' }),
  n: wholeNumber({
    min: 1,
    max: limits.picturesPerOrder,
    canonical: 'count',
    default: 1,
    description: 'How many pictures: the seeds seed, seed+1, …',
  }),
  width: pixels({ canonical: 'width', description: 'The width in pixels; 1024 where only a height is given.' }),
  height: pixels({ canonical: 'height', description: 'The height in pixels; 1024 where only a width is given.' }),
  size: sizeField(
    'WIDTHxHEIGHT, as the first version of the Kotlin SDK sends it. One that contradicts width or height is refused.',
  ),
  seed: seed(),
  images: pictures(mostReferences),
  image: pictures(mostReferences),
  input_images: pictures(mostReferences),
  input_image: pictures(mostReferences),
  image_urls: pictures(mostReferences),
  image_url: pictures(mostReferences),
  response_format: onlyUrls(),
  quality: ignored('Of other models; use num_inference_steps.'),
  style: ignored('Of other models.'),
};

const rootFields = {
  model: text({ canonical: 'model', description: 'black-forest-labs/flux-2-flex, also its default.', maxLength: 200 }),
  prompt: prompt(),
};

/** What `parameters` may hold. */
export const parametersSchema = z.object(parameterFields);

/** `POST /v1/images` as it is documented. Unknown fields are tolerated, as the vendor tolerates them. */
export const imagesSchema = z.object({
  ...rootFields,
  parameters: parametersSchema
    .nullish()
    .meta({ description: 'How to make the picture. Each field may also stand beside the prompt; here it wins.' }),
});

/** The same with the parameters beside the prompt: what decode reads, so that a fault names a field by its own name. */
export const flatSchema = z.object({ ...rootFields, ...parameterFields });
export type ImagesBody = z.output<typeof flatSchema>;

/** The page has URLs alone, in a shape of its own: there is none for bytes. */
function onlyUrls() {
  const expected = 'expected "url": this API answers URLs alone. POST /v1/images/generations answers b64_json.';
  return z
    .literal('url', expected)
    .nullish()
    .transform((word) => word ?? null)
    .meta({ description: 'Only "url"; anything else is refused.', 'x-canonical': 'delivery' });
}
