import { env } from 'cloudflare:workers';
import { call } from '../support/front-door';

/** One picture that every dialect can ask for, and what each must be sent for it. */
const prompt = 'The contract poster that says "SAME" in #336699';
const seed = 77;
const size = { width: 1024, height: 1024 };
const words = {
  prompt,
  seed,
  steps: 30,
  guidance: 5,
  prompt_upsampling: true,
  safety_tolerance: 2,
  output_format: 'png',
};

/** How to get the URL of the picture out of one dialect: the whole way that its clients go. */
export type Way = () => Promise<{ readonly url: string; readonly fingerprint: string }>;

const fingerprintOf = (response: Response) => response.headers.get('x-fluxgate-fingerprint') ?? '';

async function sync(path: string, json: unknown, urlIn: (body: never) => string, headers: Record<string, string> = {}) {
  const response = await call(path, { json, headers });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return { url: urlIn((await response.json()) as never), fingerprint: fingerprintOf(response) };
}

async function polled(path: string, json: unknown, { poll, urlIn, headers = {} }: Polled) {
  const response = await call(path, { json, headers });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  const next = poll((await response.json()) as never);
  for (let tries = 0; tries < 100; tries += 1) {
    const { pathname, search } = new URL(next);
    const answer = await call(pathname + search, { headers });
    const url = answer.ok ? urlIn((await answer.json()) as never) : null;
    if (url) return { url, fingerprint: fingerprintOf(response) };
    await scheduler.wait(30);
  }
  throw new Error(`${path} never finished.`);
}
interface Polled {
  readonly poll: (body: never) => string;
  readonly urlIn: (body: never) => string | null | undefined;
  readonly headers?: Record<string, string>;
}

const bflBody = { ...words, ...size };
const bflPolling: Polled = {
  poll: ({ polling_url }: { polling_url: string }) => polling_url,
  urlIn: ({ result }: { result: { sample: string } | null }) => result?.sample,
};
const falBody = {
  prompt,
  seed,
  image_size: size,
  num_inference_steps: 30,
  guidance_scale: 5,
  enable_prompt_expansion: true,
  safety_tolerance: '2',
  output_format: 'png',
};
const falKey = { authorization: `Key ${env.DEV_API_KEY}` };
const oxenBody = {
  model: 'flux-2-flex',
  ...{
    prompt,
    seed,
    aspect_ratio: '1:1',
    resolution: '1 MP',
    num_inference_steps: 30,
    guidance: 5,
    output_format: 'png',
  },
};
const replicateInput = { input: { ...words, aspect_ratio: '1:1', resolution: '1 MP' } };

/** Every dialect and each of its deliveries. */
export const ways: Readonly<Record<string, Readonly<Record<string, Way>>>> = {
  bfl: { polling: () => polled('/v1/flux-2-flex', bflBody, bflPolling) },
  cometapi: { polling: () => polled('/flux/v1/flux-2-flex', bflBody, bflPolling) },
  openai: {
    url: () => sync('/v1/images/generations', { ...words, size: '1024x1024' }, firstUrl),
    aspect: () => sync('/v1/images/generations', { ...words, aspect_ratio: '1:1' }, firstUrl),
  },
  hinow: {
    url: () =>
      sync(
        '/v1/images',
        {
          model: 'black-forest-labs/flux-2-flex',
          prompt,
          parameters: {
            aspect_ratio: '1:1',
            num_inference_steps: '30',
            guidance_scale: '5.0',
            output_format: 'png',
            seed,
          },
        },
        ({ data }: { data: { urls: string[] } }) => data.urls[0] ?? '',
      ),
  },
  oxen: {
    url: () =>
      sync('/api/ai/images/generate', oxenBody, ({ images }: { images: { url: string }[] }) => images[0]?.url ?? ''),
    queue: () =>
      polled('/api/ai/queue', oxenBody, {
        poll: ({ generations }: { generations: { generation_id: string }[] }) =>
          `http://127.0.0.1/api/ai/queue/${generations[0]?.generation_id}`,
        urlIn: ({ result_url }: { result_url: string | null }) => result_url,
      }),
  },
  '1min': {
    url: () =>
      sync(
        '/api/features',
        {
          type: 'IMAGE_GENERATOR',
          model: 'black-forest-labs/flux-2-flex',
          promptObject: { ...words, aspect_ratio: '1:1' },
        },
        ({ aiRecord }: { aiRecord: { temporaryUrl: string } }) => aiRecord.temporaryUrl,
        { 'api-key': env.DEV_API_KEY },
      ),
  },
  replicate: {
    wait: () =>
      sync(
        '/replicate/v1/models/black-forest-labs/flux-2-flex/predictions',
        replicateInput,
        ({ output }: { output: string }) => output,
        {
          prefer: 'wait',
        },
      ),
    polling: () =>
      polled('/replicate/v1/models/black-forest-labs/flux-2-flex/predictions', replicateInput, {
        poll: ({ urls }: { urls: { get: string } }) => urls.get,
        urlIn: ({ output }: { output: string | null }) => output,
      }),
  },
  fal: {
    run: () => sync('/fal/run/fal-ai/flux-2-flex', falBody, firstImage, falKey),
    queue: () =>
      polled('/fal/fal-ai/flux-2-flex', falBody, {
        poll: ({ response_url }: { response_url: string }) => response_url,
        urlIn: ({ images }: { images?: { url: string }[] }) => images?.[0]?.url,
        headers: falKey,
      }),
  },
  chat: {
    markdown: () =>
      sync(
        '/v1/chat/completions',
        {
          model: 'black-forest-labs/flux-2-flex',
          modalities: ['image'],
          messages: [{ role: 'user', content: prompt }],
          image_config: { aspect_ratio: '1:1', steps: 30, guidance: 5 },
          seed,
        },
        ({ choices }: { choices: { message: { content: string } }[] }) =>
          /\((http[^)]+)\)/.exec(choices[0]?.message.content ?? '')?.[1] ?? '',
      ),
  },
};

function firstUrl({ data }: { data: { url: string }[] }): string {
  return data[0]?.url ?? '';
}

function firstImage({ images }: { images: { url: string }[] }): string {
  return images[0]?.url ?? '';
}
