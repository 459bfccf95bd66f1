import * as z from 'zod';
import { limits } from '../core/image-request';
import {
  decimalNumber,
  ignored,
  oneOf,
  pictures,
  pixels,
  prompt,
  seed,
  text,
  truth,
  webhookUrl,
  wholeNumber,
} from './fields';

/** Source of the ranges and defaults: https://replicate.com/black-forest-labs/flux-2-flex/api/schema */
const edge = (name: string) =>
  pixels({
    min: 256,
    max: 2048,
    canonical: name,
    description: `The ${name} of the picture. Only used when aspect_ratio is custom; delivered to the pixel.`,
  });

const aspectRatios = ['1:1', '16:9', '3:2', '2:3', '4:5', '5:4', '9:16', '3:4', '4:3'] as const;

/** The model's input. Unknown fields are ignored, as Replicate ignores them. */
export const inputSchema = z.object(
  {
    prompt: prompt(),
    input_images: pictures(
      limits.references,
      'Up to 10 references, each a data URL, an https URL or the URL of an uploaded file: jpeg, png, gif or webp.',
    ),
    aspect_ratio: oneOf(['match_input_image', 'custom', ...aspectRatios], {
      canonical: 'width, height',
      default: '1:1',
      description: "The aspect ratio. match_input_image takes the first reference's, custom takes width and height.",
    }),
    resolution: oneOf(['match_input_image', '0.5 MP', '1 MP', '2 MP', '4 MP'], {
      canonical: 'width, height',
      default: '1 MP',
      description:
        'The area, with edges up to 2048 pixels. Not used when aspect_ratio is custom. match_input_image takes ' +
        "the first reference's, from 0.5 to 4 MP.",
    }),
    width: edge('width'),
    height: edge('height'),
    steps: wholeNumber({ ...limits.steps, canonical: 'steps', default: 30, description: 'Inference steps.' }),
    guidance: decimalNumber({
      ...limits.guidance,
      canonical: 'guidance',
      default: 4.5,
      description: 'How closely to follow the prompt.',
    }),
    seed: seed(),
    safety_tolerance: wholeNumber({
      min: 1,
      max: 5,
      canonical: 'safety_tolerance',
      default: 2,
      description: '1 is most strict and 5 is most permissive.',
    }),
    prompt_upsampling: truth({
      canonical: 'prompt_upsampling',
      default: true,
      description: 'Enrich the prompt before rendering.',
    }),
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
      description: 'The quality of webp and jpg, 100 being best.',
    }),
  },
  "expected an object with the model's input.",
);
export type ReplicateInput = z.output<typeof inputSchema>;

const eventsExpected = 'expected a list of start, output, logs, completed.';
const eventsFilter = z
  .array(z.enum(['start', 'output', 'logs', 'completed'], eventsExpected), eventsExpected)
  .nullish()
  .transform((events) => events ?? ['output', 'completed'])
  .meta({
    description:
      'When the webhook is told: start as soon as the task is accepted, output and completed once when it has ended; ' +
      'there are no webhooks for logs. Default: output and completed.',
    'x-canonical': 'webhook',
  });

const quoted = (key: string) => `"${key.slice(0, 64)}"`;
const unknownField: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys'
    ? `additional property ${(issue.keys ?? []).map(quoted).join(', ')} is not allowed.`
    : undefined;

/**
 * What makes a prediction. Fields unknown beside `input` are refused, as Replicate refuses them:
 * https://replicate.com/changelog/2024-05-01-improved-validation-for-api-prediction-payloads
 */
export const predictionSchema = z.strictObject(
  {
    input: inputSchema,
    version: text({
      canonical: 'model',
      description: 'black-forest-labs/flux-2-flex, alone or with a version behind a colon, or the version alone.',
      maxLength: 200,
    }),
    model: text({ canonical: 'model', description: 'The same, where version is absent.', maxLength: 200 }),
    webhook: webhookUrl(),
    webhook_events_filter: eventsFilter,
    webhook_completed: webhookUrl().meta({
      description: "Told when the task has ended, where webhook is absent: the old Python client's name of it.",
      'x-canonical': 'webhook',
    }),
    stream: ignored('Deprecated: every prediction has a stream among its urls.'),
  },
  { error: unknownField },
);
export type PredictionBody = z.output<typeof predictionSchema>;
