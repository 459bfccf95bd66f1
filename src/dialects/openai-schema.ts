import { z } from 'zod';
import { limits } from '../core/image-request';
import { formats } from '../core/rendition';
import { decimalNumber, oneOf, prompt, seed, truth, wholeNumber } from './reading';

const pictureText = z.string('expected base64, a data URL or an https URL.');
const sizeExpected = 'expected "auto" or a width and height such as "1024x1024".';

/** What both routes take: OpenAI's own fields, and the model's beside them. */
const shared = {
  prompt: prompt(),
  model: z.string('expected the name of a model.').nullish(),
  n: wholeNumber({ min: 1, max: limits.picturesPerOrder }),
  size: z
    .string(sizeExpected)
    .regex(/^(auto|\d{1,5}x\d{1,5})$/, sizeExpected)
    .nullish(),
  response_format: oneOf(['url', 'b64_json']),
  output_format: z.enum([...formats, 'jpg'], `expected one of ${formats.join(', ')}.`).nullish(),
  output_compression: wholeNumber({ min: 0, max: 100 }),
  stream: truth(),
  partial_images: wholeNumber({ min: 0, max: 3 }),
  background: oneOf(['auto', 'opaque', 'transparent']),
  moderation: oneOf(['auto', 'low']),
  quality: oneOf(['auto', 'low', 'medium', 'high', 'standard', 'hd']),
  style: oneOf(['vivid', 'natural']),
  user: z.string().nullish(),
  width: wholeNumber(limits.edgePixels),
  height: wholeNumber(limits.edgePixels),
  aspect_ratio: z.string('expected an aspect ratio such as "16:9".').nullish(),
  steps: wholeNumber(limits.steps),
  guidance: decimalNumber(limits.guidance),
  seed: seed(),
  prompt_upsampling: truth(),
  safety_tolerance: wholeNumber(limits.safetyTolerance),
};

const unknownField: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys' ? `Unknown parameter: ${(issue.keys ?? []).map(quoted).join(', ')}.` : undefined;
const quoted = (key: string) => `'${key.slice(0, 64)}'`;

/** `POST /v1/images/generations`. Unknown fields are refused, as OpenAI refuses them. */
export const generationSchema = z.strictObject(
  {
    ...shared,
    input_image: z.union([pictureText, z.array(pictureText)]).nullish(),
    input_images: z.array(pictureText).nullish(),
  },
  { error: unknownField },
);

/** `POST /v1/images/edits` as JSON: OpenAI's `images`, aigateway's `image_url`, or the model's own `input_images`. */
export const editSchema = z.strictObject(
  {
    ...shared,
    image: z.union([pictureText, z.array(pictureText)]).nullish(),
    image_url: z.union([pictureText, z.array(pictureText)]).nullish(),
    images: z
      .array(z.strictObject({ image_url: pictureText.optional(), file_id: z.string().optional() }))
      .max(16, 'expected at most 16 pictures.')
      .nullish(),
    input_image: z.union([pictureText, z.array(pictureText)]).nullish(),
    input_images: z.array(pictureText).nullish(),
    mask: z.unknown().optional(),
    mask_url: z.unknown().optional(),
    input_fidelity: oneOf(['high', 'low']),
  },
  { error: unknownField },
);

export type GenerationBody = z.output<typeof generationSchema>;
export type EditBody = z.output<typeof editSchema>;
