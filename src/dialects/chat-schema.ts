import * as z from 'zod';
import { limits } from '../core/image-request';
import { formats } from '../core/rendition';
import { decimalNumber, ignored, maybeOneOf, oneOf, pixels, seed, text, truth, wholeNumber } from './fields';
import { sizeField } from './pixel-size';

/** The sizes of OpenRouter's page at `1K`, in pixels. At `2K` each edge is twice as long. */
export const sizeTable = {
  '1:1': { width: 1024, height: 1024 },
  '2:3': { width: 832, height: 1248 },
  '3:2': { width: 1248, height: 832 },
  '3:4': { width: 864, height: 1184 },
  '4:3': { width: 1184, height: 864 },
  '4:5': { width: 896, height: 1152 },
  '5:4': { width: 1152, height: 896 },
  '9:16': { width: 768, height: 1344 },
  '16:9': { width: 1344, height: 768 },
  '21:9': { width: 1536, height: 672 },
} as const;
type AspectRatio = keyof typeof sizeTable;
const aspectRatios = Object.keys(sizeTable) as [AspectRatio, ...AspectRatio[]];

/** A picture in a message: OpenAI's `{ url }`, or the URL alone as its newer API has it. */
const imageUrl = z.union([z.string(), z.object({ url: z.string() })], 'expected an object with a url.');
const part = z.object({
  type: z.string('expected the type of the part.'),
  text: z.string('expected text.').nullish(),
  image_url: imageUrl.nullish(),
});
const message = z.object({
  role: z.enum(
    ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
    'expected system, developer, user, assistant or tool.',
  ),
  content: z.union([z.string(), z.array(part)], 'expected text or a list of parts.').nullish(),
  images: z
    .array(z.object({ image_url: imageUrl }))
    .nullish()
    .transform((images) => images ?? []),
});
export type Message = z.output<typeof message>;
export type Part = z.output<typeof part>;

/** `image_config`: OpenRouter's two fields, and the model's own beside them: "keys and values vary by model". */
export const imageConfig = z.object({
  aspect_ratio: maybeOneOf(aspectRatios, {
    canonical: 'width, height',
    description: 'The exact sizes of the table. Absent: as the first reference, or 1:1. A size, width or height wins.',
  }),
  image_size: maybeOneOf(['1K', '2K', '4K'], {
    canonical: 'width, height',
    description: '1K is about one megapixel, 2K about four. 4K is made as 2K: the model makes at most 4 megapixels.',
  }),
  size: sizeField('WIDTHxHEIGHT. One that contradicts width or height is refused.'),
  width: pixels({ canonical: 'width', description: 'The width in pixels; 1024 where only a height is given.' }),
  height: pixels({ canonical: 'height', description: 'The height in pixels; 1024 where only a width is given.' }),
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
  prompt_upsampling: truth({
    canonical: 'prompt_upsampling',
    default: true,
    description: 'Enrich the prompt before rendering.',
  }),
  safety_tolerance: wholeNumber({
    ...limits.safetyTolerance,
    canonical: 'safety_tolerance',
    default: 2,
    description: '0 is strictest.',
  }),
  output_format: oneOf(formats, { canonical: 'format', default: 'png', description: 'The file format.' }),
});

const ofTextModels = 'Of models that write text.';

/** Every field of `image_config`, for callers who send it beside the messages. `decodeChat` reads it there. */
const { shape } = imageConfig;
const besideMessages = {
  aspect_ratio: configField('aspect_ratio', shape.aspect_ratio),
  image_size: configField('image_size', shape.image_size),
  size: configField('size', shape.size),
  width: configField('width', shape.width),
  height: configField('height', shape.height),
  steps: configField('steps', shape.steps),
  guidance: configField('guidance', shape.guidance),
  prompt_upsampling: configField('prompt_upsampling', shape.prompt_upsampling),
  safety_tolerance: configField('safety_tolerance', shape.safety_tolerance),
  output_format: configField('output_format', shape.output_format),
} satisfies Record<keyof typeof shape, z.ZodType>;

/** `POST /v1/chat/completions`. Unknown fields are tolerated, as OpenRouter and hinow tolerate them. */
export const chatSchema = z.object({
  model: text({ canonical: 'model', description: 'black-forest-labs/flux-2-flex, also its default.', maxLength: 200 }),
  models: z
    .array(z.string())
    .max(100)
    .nullish()
    .transform((names) => names ?? [])
    .meta({
      description: 'Others that would do; one of them must be the model of this service.',
      'x-canonical': 'model',
    }),
  messages: z.array(message, 'expected a list of messages.').min(1, 'expected at least one message.').meta({
    description:
      'The conversation. The last picture of an assistant is the first reference; the pictures of the user after it are the others. System texts and the texts of the user after that picture are the prompt.',
    'x-canonical': 'prompt, references',
  }),
  modalities: z
    .array(z.enum(['image', 'text'], 'expected "image" or "text".'))
    .nullish()
    .transform((modalities) => modalities ?? ['image' as const])
    .refine((modalities) => modalities.includes('image'), 'expected "image" among them: this model makes pictures.')
    .meta({
      description: 'Must have "image". The answer is the same with "text" and without.',
      'x-canonical': 'delivery',
    }),
  image_config: imageConfig.nullish().transform((config) => config ?? imageConfig.parse({})),
  ...besideMessages,
  n: wholeNumber({
    min: 1,
    max: limits.picturesPerOrder,
    canonical: 'count',
    default: 1,
    description: 'How many choices, of one picture each: the seeds seed, seed+1, …',
  }),
  seed: seed(),
  stream: truth({ canonical: 'delivery', default: false, description: 'Answer with chunks as server-sent events.' }),
  stream_options: ignored('The last chunk tells the usage anyway.'),
  parameters: ignored('The vendor ignores it here: its SDK says so. Use image_config, or POST /v1/images.'),
  tools: z
    .array(z.unknown())
    .nullish()
    .transform((tools) => tools ?? [])
    .refine((tools) => tools.length === 0, 'this model makes pictures and calls no tools.')
    .meta({ description: 'Refused unless it is empty.', 'x-canonical': null }),
  response_format: z
    .object({ type: z.literal('text', 'expected "text": this model makes pictures.') })
    .nullish()
    .meta({ description: 'Only {"type":"text"}, which changes nothing.', 'x-canonical': null }),
  temperature: ignored(ofTextModels),
  top_p: ignored(ofTextModels),
  max_tokens: ignored(ofTextModels),
  max_completion_tokens: ignored(ofTextModels),
  repetition_penalty: ignored(ofTextModels),
  stop: ignored(ofTextModels),
  tool_choice: ignored(ofTextModels),
  provider: ignored('Of OpenRouter: who makes the picture is chosen here.'),
  user: ignored('Not kept.'),
});
export type ChatBody = z.output<typeof chatSchema>;
export type ImageConfig = ChatBody['image_config'];

function configField<Field extends z.ZodType>(name: string, field: Field) {
  return field.optional().meta({
    description: `As image_config.${name}, for callers who send it here; one that contradicts that is refused.`,
    'x-other-name-of': `image_config.${name}`,
  });
}
