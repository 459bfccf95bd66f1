import type { Picture } from './plan.ts';

/** One dialect's way to order: what its clients send. */
export interface Way {
  /** Its id in the registry of dialects. */
  readonly dialect: string;
  readonly path: string;
  /** How its clients bring their key. */
  readonly headers: (key: string) => Readonly<Record<string, string>>;
  readonly body: (picture: Picture, webhook: string | null) => unknown;
  /** Sizes that it can name. */
  readonly sizes: 'any' | 'square';
  /** Whether it answers before the picture is there. */
  readonly isLater: boolean;
  readonly takesWebhook: boolean;
  /** Whether an order without a seed may be sent again. A link has its own way to a seed. */
  readonly takesIdempotencyKey: boolean;
  /** Where its clients ask how a task stands. */
  readonly poll?: (task: string) => string;
}

const model = 'black-forest-labs/flux-2-flex';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const seeded = ({ seed }: Picture) => (seed === null ? {} : { seed });
const words = (picture: Picture) => ({
  prompt: picture.prompt,
  ...seeded(picture),
  ...{ steps: 30, guidance: 5, prompt_upsampling: true, safety_tolerance: 2, output_format: 'png' },
});
const sized = (picture: Picture) => ({ ...words(picture), width: picture.width, height: picture.height });
const hooked = (picture: Picture, webhook: string | null) => ({
  ...sized(picture),
  ...(webhook === null ? {} : { webhook_url: webhook }),
});
const oxenBody = (picture: Picture) => ({
  model: 'flux-2-flex',
  ...{ prompt: picture.prompt, ...seeded(picture), aspect_ratio: '1:1', resolution: '1 MP' },
  ...{ num_inference_steps: 30, guidance: 5, output_format: 'png' },
});
const falBody = (picture: Picture) => ({
  ...{ prompt: picture.prompt, ...seeded(picture), image_size: { width: picture.width, height: picture.height } },
  ...{ num_inference_steps: 30, guidance_scale: 5, enable_prompt_expansion: true, safety_tolerance: '2' },
  output_format: 'png',
});
const replicateBody = (picture: Picture) => ({ input: { ...words(picture), aspect_ratio: '1:1', resolution: '1 MP' } });
const replicatePath = `/replicate/v1/models/${model}/predictions`;

const atOnce = { headers: bearer, isLater: false, takesWebhook: false, takesIdempotencyKey: true } as const;
const later = { ...atOnce, isLater: true } as const;

/** Every dialect, in each of its deliveries. All of them ask for the same picture. */
export const ways = {
  bfl: {
    ...later,
    dialect: 'bfl',
    path: '/v1/flux-2-flex',
    headers: (key: string) => ({ 'x-key': key }),
    sizes: 'any',
    body: hooked,
    takesWebhook: true,
    poll: (task: string) => `/v1/get_result?id=${task}`,
  },
  cometapi: {
    ...later,
    dialect: 'cometapi',
    path: '/flux/v1/flux-2-flex',
    headers: (key: string) => ({ authorization: key }),
    sizes: 'any',
    body: hooked,
    takesWebhook: true,
    poll: (task: string) => `/flux/v1/get_result?id=${task}`,
  },
  openai: {
    ...atOnce,
    dialect: 'openai',
    path: '/v1/images/generations',
    sizes: 'any',
    body: (picture: Picture) => ({ ...words(picture), size: `${picture.width}x${picture.height}` }),
  },
  'openai-base64': {
    ...atOnce,
    dialect: 'openai',
    path: '/v1/images/generations',
    sizes: 'any',
    body: (picture: Picture) => ({
      ...words(picture),
      output_format: 'jpeg',
      response_format: 'b64_json',
      size: `${picture.width}x${picture.height}`,
    }),
  },
  'openai-stream': {
    ...atOnce,
    dialect: 'openai',
    path: '/v1/images/generations',
    sizes: 'any',
    body: (picture: Picture) => ({ ...words(picture), stream: true, size: `${picture.width}x${picture.height}` }),
  },
  hinow: {
    ...atOnce,
    dialect: 'hinow',
    path: '/v1/images',
    sizes: 'square',
    body: (picture: Picture) => ({
      model,
      prompt: picture.prompt,
      parameters: {
        aspect_ratio: '1:1',
        num_inference_steps: '30',
        guidance_scale: '5.0',
        output_format: 'png',
        ...seeded(picture),
      },
    }),
  },
  oxen: { ...atOnce, dialect: 'oxen', path: '/api/ai/images/generate', sizes: 'square', body: oxenBody },
  'oxen-queue': {
    ...later,
    dialect: 'oxen',
    path: '/api/ai/queue',
    sizes: 'square',
    body: oxenBody,
    poll: (task: string) => `/api/ai/queue/${task}`,
  },
  '1min': {
    ...atOnce,
    dialect: '1min',
    path: '/api/features',
    headers: (key: string) => ({ 'api-key': key }),
    sizes: 'square',
    body: (picture: Picture) => ({
      type: 'IMAGE_GENERATOR',
      model,
      promptObject: { ...words(picture), aspect_ratio: '1:1' },
    }),
  },
  replicate: {
    ...later,
    dialect: 'replicate',
    path: replicatePath,
    sizes: 'square',
    body: replicateBody,
    poll: (task: string) => `/replicate/v1/predictions/${task}`,
  },
  'replicate-wait': {
    ...atOnce,
    dialect: 'replicate',
    path: replicatePath,
    headers: (key: string) => ({ ...bearer(key), prefer: 'wait' }),
    sizes: 'square',
    body: replicateBody,
  },
  fal: {
    ...later,
    dialect: 'fal',
    path: '/fal/fal-ai/flux-2-flex',
    headers: (key: string) => ({ authorization: `Key ${key}` }),
    sizes: 'any',
    body: falBody,
    poll: (task: string) => `/fal/fal-ai/flux-2-flex/requests/${task}/status`,
  },
  'fal-run': {
    ...atOnce,
    dialect: 'fal',
    path: '/fal/run/fal-ai/flux-2-flex',
    headers: (key: string) => ({ authorization: `Key ${key}` }),
    sizes: 'any',
    body: falBody,
  },
  chat: {
    ...atOnce,
    dialect: 'chat',
    path: '/v1/chat/completions',
    sizes: 'square',
    body: (picture: Picture) => ({
      model,
      modalities: ['image'],
      messages: [{ role: 'user', content: picture.prompt }],
      image_config: { aspect_ratio: '1:1', steps: 30, guidance: 5 },
      ...seeded(picture),
    }),
  },
  /** A signed link has no body: see links.ts. */
  link: { ...atOnce, dialect: 'bfl', path: '', sizes: 'any', body: () => null, takesIdempotencyKey: false },
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof ways;
