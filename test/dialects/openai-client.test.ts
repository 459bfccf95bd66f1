import { env, exports } from 'cloudflare:workers';
import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
  toFile,
} from 'openai';
import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { bytesAt, enter, origin } from '../support/front-door';

const model = 'black-forest-labs/flux-2-flex';
/** The client's types know OpenAI's own sizes alone. */
const size = '64x64' as '1024x1024';
const png = pictureBytes('png');

/** The real client, its requests counted and sent in by the front door. */
function clientWith(settings: { apiKey?: string; maxRetries?: number } = {}) {
  const sent: string[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    sent.push(request.headers.get('content-type') ?? '');
    return await enter(request);
  };
  const client = new OpenAI({
    apiKey: env.DEV_API_KEY,
    baseURL: `${origin}/v1`,
    maxRetries: 2,
    ...settings,
    // Without a Response of its own it would ask for one with a request.
    fetch: Object.assign(fetch, { Response }),
  });
  return { client, sent };
}

describe("OpenAI's client", () => {
  it('makes pictures and gets URLs', async () => {
    const { client, sent } = clientWith();
    const answer = await client.images.generate({ model, prompt: 'client: generate', size, n: 2 });
    expect(answer.data).toHaveLength(2);
    expect(probePicture(await bytesAt(answer.data?.[0]?.url ?? ''))).toMatchObject({ format: 'png', width: 64 });
    expect(answer._request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent).toHaveLength(1);
  });

  it('passes on the fields of the model', async () => {
    const { client } = clientWith();
    const extra = { seed: 12, steps: 6, guidance: 2.5, prompt_upsampling: false, safety_tolerance: 1 };
    const { response } = await client.images
      .generate({ model, prompt: 'client: extra', size, ...extra })
      .withResponse();
    const recipe = await exports.default.fetch(
      new Request(`${origin}/images/${response.headers.get('x-fluxgate-fingerprint')}.json`),
    );
    expect(await recipe.json()).toMatchObject({ recipe: extra });
  });

  it('gets the picture itself', async () => {
    const { client } = clientWith();
    const body = { model, prompt: 'client: inline', size, output_format: 'webp', response_format: 'b64_json' } as const;
    const { data } = await client.images.generate(body);
    expect(probePicture(Uint8Array.fromBase64(data?.[0]?.b64_json ?? ''))).toMatchObject({
      format: 'webp',
      height: 64,
    });
  });

  it('edits one file', async () => {
    const { client } = clientWith();
    const image = await toFile(png, 'one.png', { type: 'image/png' });
    const { data } = await client.images.edit({ model, prompt: 'client: edit', image, size });
    expect(probePicture(Uint8Array.fromBase64(data?.[0]?.b64_json ?? ''))).toMatchObject({ format: 'png', width: 64 });
  });

  it('edits several files', async () => {
    const { client, sent } = clientWith();
    const image = [await toFile(png, 'one.png'), await toFile(pictureBytes('jpeg'), 'two.jpg')];
    const extra = { seed: 5, steps: 3, prompt_upsampling: false };
    const asked = client.images.edit({ model, prompt: 'client: edit two', image, size, n: 2, ...extra });
    const { data, response } = await asked.withResponse();
    expect(data.data).toHaveLength(2);
    expect(response.headers.get('x-fluxgate-seed')).toBe('5');
    expect(sent).toEqual([expect.stringContaining('multipart/form-data')]);
    const recipe = await exports.default.fetch(
      new Request(`${origin}/images/${response.headers.get('x-fluxgate-fingerprint')}.json`),
    );
    const { recipe: known } = await recipe.json<{ recipe: { references: object[]; prompt_upsampling: boolean } }>();
    expect(known.references).toHaveLength(2);
    expect(known.prompt_upsampling).toBe(false);
  });

  it('streams what it makes and what it edits', async () => {
    const { client } = clientWith();
    const made = await client.images.generate({ model, prompt: 'client: stream', size, n: 2, stream: true });
    const events = [];
    for await (const event of made) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(['image_generation.completed', 'image_generation.completed']);
    expect(probePicture(Uint8Array.fromBase64(events[0]?.b64_json ?? ''))).toMatchObject({ width: 64, height: 64 });
    const image = await toFile(png, 'one.png');
    const edited = await client.images.edit({ model, prompt: 'client: stream edit', image, size, stream: true });
    for await (const event of edited) expect(event.type).toBe('image_edit.completed');
  });

  it('throws what a stream ends with', async () => {
    const { client } = clientWith();
    const made = await client.images.generate({ model, prompt: 'client: sandbox:error', size, stream: true });
    const read = async () => {
      for await (const event of made) expect(event).toBeNull();
    };
    await expect(read()).rejects.toThrow(/sandbox failed/);
  });

  it('lists models and finds one by the name with the slash', async () => {
    const { client } = clientWith();
    const names = [];
    for await (const { id } of client.models.list()) names.push(id);
    expect(names).toEqual([model]);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    await expect(client.models.retrieve('gpt-image-1')).rejects.toThrow(NotFoundError);
  });
});

describe("OpenAI's client fails as it should:", () => {
  const cases = [
    {
      name: 'a wrong key',
      settings: { apiKey: 'fg_wrong' },
      body: {},
      type: AuthenticationError,
      told: { status: 401, code: 'invalid_api_key', type: 'authentication_error' },
    },
    {
      name: 'no prompt',
      body: { prompt: '' },
      type: BadRequestError,
      told: { status: 400, param: 'prompt', type: 'invalid_request_error' },
    },
    { name: 'a size that is none', body: { size: 'big' }, type: BadRequestError, told: { status: 400, param: 'size' } },
    {
      name: 'a size that is too large',
      body: { size: '4096x4096' },
      type: BadRequestError,
      told: { status: 400, param: 'size' },
    },
    { name: 'steps out of range', body: { steps: 51 }, type: BadRequestError, told: { status: 400, param: 'steps' } },
    {
      name: 'an unknown field',
      body: { sampler: 'euler' },
      type: BadRequestError,
      told: { status: 400, param: 'sampler' },
    },
    {
      name: 'another model',
      body: { model: 'gpt-image-1' },
      type: NotFoundError,
      told: { status: 404, code: 'model_not_found', param: 'model' },
    },
    {
      name: 'a moderated request',
      body: { prompt: 'client sandbox:moderated-request' },
      type: BadRequestError,
      told: { status: 400, code: 'content_policy_violation' },
    },
    {
      name: 'a moderated picture',
      body: { prompt: 'client sandbox:moderated-output' },
      type: BadRequestError,
      told: { status: 400, code: 'content_policy_violation' },
    },
    {
      name: 'a failed provider',
      body: { prompt: 'client sandbox:error' },
      type: InternalServerError,
      told: { status: 500, code: 'provider_failed' },
    },
    {
      name: 'an unknown outcome',
      body: { prompt: 'client sandbox:unknown' },
      type: InternalServerError,
      told: { status: 500, code: 'outcome_unknown' },
    },
  ];
  it.each(cases)('$name, once', async ({ settings, body, type, told }) => {
    const { client, sent } = clientWith(settings);
    const asked = client.images.generate({
      model,
      prompt: 'client: fails',
      size,
      ...body,
    } as OpenAI.ImageGenerateParamsNonStreaming);
    const thrown = await asked.then(
      () => null,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(type);
    expect(thrown).toMatchObject(told);
    expect(thrown).toMatchObject({ requestID: expect.stringMatching(/^[0-9a-f-]{36}$/), message: expect.any(String) });
    expect(sent).toHaveLength(1);
  });

  it('a vendor that is away, which it may try again', async () => {
    const { client, sent } = clientWith({ maxRetries: 1 });
    const asked = client.images.generate({ model, prompt: 'client sandbox:refused', size });
    const thrown = await asked.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(APIError);
    expect(thrown).not.toBeInstanceOf(RateLimitError);
    expect(thrown).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(sent).toHaveLength(2);
  });

  it('no file to edit', async () => {
    const { client } = clientWith();
    await expect(client.images.edit({ model, prompt: 'client: no file', image: [] })).rejects.toMatchObject({
      param: 'image',
    });
  });
});
