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

/** How to get the URL of the picture out of one dialect: the whole way that its clients go, with the development key or another. */
export type Way = (key?: string) => Promise<{ readonly url: string; readonly fingerprint: string }>;

const fingerprintOf = (response: Response) => response.headers.get('x-fluxgate-fingerprint') ?? '';

async function sync(path: string, json: unknown, { key = env.DEV_API_KEY, urlIn, headers = {} }: Answered) {
  const response = await call(path, { json, headers, key });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return { url: urlIn((await response.json()) as never), fingerprint: fingerprintOf(response) };
}

async function polled(path: string, json: unknown, { key = env.DEV_API_KEY, poll, urlIn, headers = {} }: Polled) {
  const response = await call(path, { json, headers, key });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  const next = poll((await response.json()) as never);
  for (let tries = 0; tries < 100; tries += 1) {
    const { pathname, search } = new URL(next);
    const answer = await call(pathname + search, { headers, key });
    const url = answer.ok ? urlIn((await answer.json()) as never) : null;
    if (url) return { url, fingerprint: fingerprintOf(response) };
    await scheduler.wait(30);
  }
  throw new Error(`${path} never finished.`);
}
interface Answered {
  readonly key: string | undefined;
  readonly urlIn: (body: never) => string;
  readonly headers?: Record<string, string>;
}
interface Polled {
  readonly key: string | undefined;
  readonly poll: (body: never) => string;
  readonly urlIn: (body: never) => string | null | undefined;
  readonly headers?: Record<string, string>;
}

const bflBody = { ...words, ...size };
const bflPolling = {
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
const falKey = (key: string = env.DEV_API_KEY) => ({ authorization: `Key ${key}` });
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
  bfl: { polling: (key) => polled('/v1/flux-2-flex', bflBody, { key, ...bflPolling }) },
  cometapi: { polling: (key) => polled('/flux/v1/flux-2-flex', bflBody, { key, ...bflPolling }) },
  openai: {
    url: (key) => sync('/v1/images/generations', { ...words, size: '1024x1024' }, { key, urlIn: firstUrl }),
    aspect: (key) => sync('/v1/images/generations', { ...words, aspect_ratio: '1:1' }, { key, urlIn: firstUrl }),
  },
  hinow: {
    url: (key) =>
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
        { key, urlIn: ({ data }: { data: { urls: string[] } }) => data.urls[0] ?? '' },
      ),
  },
  oxen: {
    url: (key) => sync('/api/ai/images/generate', oxenBody, { key, urlIn: firstImage }),
    queue: (key) =>
      polled('/api/ai/queue', oxenBody, {
        key,
        poll: ({ generations }: { generations: { generation_id: string }[] }) =>
          `http://127.0.0.1/api/ai/queue/${generations[0]?.generation_id}`,
        urlIn: ({ result_url }: { result_url: string | null }) => result_url,
      }),
  },
  '1min': {
    url: (key) =>
      sync(
        '/api/features',
        {
          type: 'IMAGE_GENERATOR',
          model: 'black-forest-labs/flux-2-flex',
          promptObject: { ...words, aspect_ratio: '1:1' },
        },
        {
          key,
          urlIn: ({ aiRecord }: { aiRecord: { temporaryUrl: string } }) => aiRecord.temporaryUrl,
          headers: { 'api-key': key ?? env.DEV_API_KEY },
        },
      ),
  },
  replicate: {
    wait: (key) =>
      sync('/replicate/v1/models/black-forest-labs/flux-2-flex/predictions', replicateInput, {
        key,
        urlIn: ({ output }: { output: string }) => output,
        headers: { prefer: 'wait' },
      }),
    polling: (key) =>
      polled('/replicate/v1/models/black-forest-labs/flux-2-flex/predictions', replicateInput, {
        key,
        poll: ({ urls }: { urls: { get: string } }) => urls.get,
        urlIn: ({ output }: { output: string | null }) => output,
      }),
  },
  fal: {
    run: (key) => sync('/fal/run/fal-ai/flux-2-flex', falBody, { key, urlIn: firstImage, headers: falKey(key) }),
    queue: (key) =>
      polled('/fal/fal-ai/flux-2-flex', falBody, {
        key,
        poll: ({ response_url }: { response_url: string }) => response_url,
        urlIn: ({ images }: { images?: { url: string }[] }) => images?.[0]?.url,
        headers: falKey(key),
      }),
  },
  chat: {
    markdown: (key) =>
      sync(
        '/v1/chat/completions',
        {
          model: 'black-forest-labs/flux-2-flex',
          modalities: ['image'],
          messages: [{ role: 'user', content: prompt }],
          image_config: { aspect_ratio: '1:1', steps: 30, guidance: 5 },
          seed,
        },
        {
          key,
          urlIn: ({ choices }: { choices: { message: { content: string } }[] }) =>
            /\((http[^)]+)\)/.exec(choices[0]?.message.content ?? '')?.[1] ?? '',
        },
      ),
  },
};

function firstUrl({ data }: { data: { url: string }[] }): string {
  return data[0]?.url ?? '';
}

function firstImage({ images }: { images: { url: string }[] }): string {
  return images[0]?.url ?? '';
}
