import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, {
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  toFile,
} from 'openai';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { pictureBytes } from '../../fixtures/pictures/picture-bytes';
import { pictureAt, pictureOfBase64 } from '../support/fetched-picture.ts';
import { notedFetch } from '../support/noted-fetch.ts';
import { recipeOf } from '../support/uploads.ts';

const model = 'black-forest-labs/flux-2-flex';
/** The client's types know OpenAI's own sizes alone. */
const size = '64x64' as '1024x1024';
const folder = mkdtempSync(join(tmpdir(), 'fluxgate-openai-'));
const pngPath = join(folder, 'one.png');
writeFileSync(pngPath, pictureBytes('png'));
afterAll(() => rmSync(folder, { recursive: true }));

function clientWith(settings: { apiKey?: string; maxRetries?: number } = {}) {
  const { fetch, sent } = notedFetch();
  const client = new OpenAI({ apiKey: inject('key'), baseURL: `${inject('origin')}/v1`, fetch, ...settings });
  return { client, sent };
}
const { client } = clientWith();

describe('pictures', () => {
  it('come as URLs of the seeds that follow each other', async () => {
    const extra = { seed: 12, steps: 6, guidance: 2.5, prompt_upsampling: false };
    const body = { model, prompt: 'openai: urls', size, ...extra };
    const { data, _request_id } = await client.images.generate({ ...body, n: 3 });
    expect(new Set(data?.map(({ url }) => url)).size).toBe(3);
    expect(await pictureAt(data?.[0]?.url)).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(await recipeOf(data?.[2]?.url ?? '')).toMatchObject({ ...extra, seed: 14 });
    expect(_request_id).toMatch(/^[0-9a-f-]{36}$/);
    const alone = await client.images.generate({ ...body, seed: 14 } as OpenAI.ImageGenerateParamsNonStreaming);
    expect(alone.data?.[0]?.url).toBe(data?.[2]?.url);
  });

  it('come as base64, the same bytes', async () => {
    const body = { model, prompt: 'openai: inline', size, output_format: 'webp', seed: 1 } as const;
    const inline = await client.images.generate({ ...body, response_format: 'b64_json' });
    const linked = await client.images.generate(body);
    const picture = pictureOfBase64(inline.data?.[0]?.b64_json);
    expect(picture).toMatchObject({ format: 'webp', width: 64 });
    expect(Buffer.compare(picture.bytes, (await pictureAt(linked.data?.[0]?.url)).bytes)).toBe(0);
  });

  it('come in a stream', async () => {
    const stream = await client.images.generate({ model, prompt: 'openai: stream', size, n: 2, stream: true });
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
      expect(pictureOfBase64(event.b64_json)).toMatchObject({ width: 64, height: 64 });
    }
    expect(types).toEqual(['image_generation.completed', 'image_generation.completed']);
  });
});

describe('edits', () => {
  const body = { model, size, seed: 3, response_format: 'url' } as const;

  it('take a file from the disk', async () => {
    const { data } = await client.images.edit({ ...body, prompt: 'openai: file', image: createReadStream(pngPath) });
    const url = data?.[0]?.url ?? '';
    expect(await pictureAt(url)).toMatchObject({ width: 64 });
    expect(await recipeOf(url)).toMatchObject({ seed: 3, references: [expect.anything()] });
  });

  it('take several files, and answer base64 as OpenAI does', async () => {
    const image = [createReadStream(pngPath), await toFile(pictureBytes('jpeg'), 'two.jpg')];
    const { data } = await client.images.edit({ model, size, prompt: 'openai: files', image, n: 2 });
    expect(data?.map(({ b64_json }) => pictureOfBase64(b64_json).format)).toEqual(['png', 'png']);
    const linked = await client.images.edit({ ...body, prompt: 'openai: files', image: [pngFile(), pngFile('b')] });
    expect(await recipeOf(linked.data?.[0]?.url ?? '')).toMatchObject({
      references: [expect.anything(), expect.anything()],
    });
  });

  it('come in a stream', async () => {
    const { response_format: _, ...asked } = body;
    const stream = await client.images.edit({ ...asked, prompt: 'openai: stream', image: pngFile(), stream: true });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(['image_edit.completed']);
    expect(pictureOfBase64(events[0]?.b64_json)).toMatchObject({ width: 64 });
  });

  const pngFile = (name = 'a') => new File([pictureBytes('png')], `${name}.png`, { type: 'image/png' });
});

describe('chat completions', () => {
  const extra = {
    image_config: { width: 64, height: 64, steps: 4 },
    modalities: ['image', 'text'] as unknown as ['text'],
  };
  const ask = (content: OpenAI.ChatCompletionUserMessageParam['content']) => ({
    ...{ model, seed: 1, ...extra },
    messages: [{ role: 'user' as const, content }],
  });

  it('answer a picture as a data URL and as a link, the same bytes', async () => {
    const { choices } = await client.chat.completions.create({ ...ask('openai: chat'), n: 2 });
    expect(choices.map(({ finish_reason }) => finish_reason)).toEqual(['stop', 'stop']);
    const message = choices[0]?.message;
    const linked = await pictureAt(linkIn(message?.content));
    expect(Buffer.compare(pictureOfBase64(pictureUrlIn(message)).bytes, linked.bytes)).toBe(0);
  });

  it('take pictures in messages as references', async () => {
    const url = `data:image/png;base64,${Buffer.from(pictureBytes('png')).toString('base64')}`;
    const content = [
      { type: 'text' as const, text: 'openai: chat reference' },
      { type: 'image_url' as const, image_url: { url } },
    ];
    const { choices } = await client.chat.completions.create(ask(content));
    expect(await recipeOf(linkIn(choices[0]?.message.content))).toMatchObject({ references: [expect.anything()] });
  });

  it('stream', async () => {
    const stream = await client.chat.completions.create({ ...ask('openai: chat stream'), stream: true });
    const deltas = [];
    for await (const { choices } of stream) deltas.push(...choices);
    expect(deltas.at(-1)?.finish_reason).toBe('stop');
    const text = deltas.map(({ delta }) => delta.content ?? '').join('');
    expect(await pictureAt(linkIn(text))).toMatchObject({ width: 64, height: 64 });
    expect(deltas.filter(({ delta }) => pictureUrlIn(delta) !== undefined)).toHaveLength(1);
  });

  it.each([
    { name: 'a wrong key', settings: { apiKey: 'fg_wrong' }, body: {}, type: AuthenticationError },
    { name: 'n out of range', body: { n: 99 }, type: BadRequestError },
    { name: 'another model', body: { model: 'gpt-5' }, type: NotFoundError },
  ])('throw the error of its type, once, for $name', async ({ settings, body, type }) => {
    const { client: own, sent } = clientWith(settings);
    await expect(own.chat.completions.create({ ...ask('openai: chat errors'), ...body })).rejects.toThrow(type);
    expect(sent).toEqual(['POST /v1/chat/completions']);
  });
});

describe('errors of pictures', () => {
  it.each([
    {
      name: 'a wrong key',
      settings: { apiKey: 'fg_wrong' },
      body: {},
      type: AuthenticationError,
      told: { status: 401 },
    },
    { name: 'a size that is none', body: { size: 'big' }, type: BadRequestError, told: { param: 'size' } },
    { name: 'steps out of range', body: { steps: 51 }, type: BadRequestError, told: { param: 'steps' } },
    { name: 'another model', body: { model: 'dall-e-3' }, type: NotFoundError, told: { code: 'model_not_found' } },
    {
      name: 'moderation',
      body: { prompt: 'sandbox:moderated-request' },
      type: BadRequestError,
      told: { code: 'content_policy_violation' },
    },
    {
      name: 'an unknown outcome, which must not be repeated',
      body: { prompt: 'openai sandbox:unknown' },
      type: InternalServerError,
      told: { code: 'outcome_unknown' },
    },
  ])('are of their type and thrown at once: $name', async ({ settings, body, type, told }) => {
    const { client: own, sent } = clientWith(settings);
    const asked = { model, prompt: 'openai: errors', size, ...body } as OpenAI.ImageGenerateParamsNonStreaming;
    const thrown: unknown = await own.images.generate(asked).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(type);
    expect(thrown).toMatchObject({ ...told, requestID: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(sent).toHaveLength(1);
  });

  it('are tried again where the vendor is away', async () => {
    const { client: own, sent } = clientWith({ maxRetries: 1 });
    const asked = own.images.generate({ model, prompt: 'openai sandbox:refused', size });
    await expect(asked).rejects.toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(sent).toHaveLength(2);
  });

  it('are thrown at the end of a stream', async () => {
    const stream = await client.images.generate({ model, prompt: 'openai sandbox:error', size, stream: true });
    await expect(Array.fromAsync(stream)).rejects.toThrow(/sandbox failed/);
  });

  it('are the caller’s own where it hangs up, and the picture is there when it comes back', async () => {
    const hangUp = new AbortController();
    const body = { model, prompt: 'openai: hang up', size, seed: 9 };
    const asked = client.images.generate(body, { signal: hangUp.signal });
    setTimeout(() => hangUp.abort(), 100);
    await expect(asked).rejects.toThrow(APIUserAbortError);
    const { data, response } = await client.images.generate(body).withResponse();
    expect(['joined', 'hit']).toContain(response.headers.get('x-fluxgate-source'));
    expect(await pictureAt(data.data?.[0]?.url)).toMatchObject({ width: 64 });
  });
});

it('lists the model, and finds it by the name with the slash', async () => {
  const names = (await Array.fromAsync(client.models.list())).map(({ id }) => id);
  expect(names).toEqual([model]);
  expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
});

/** Where OpenAI's types know of no pictures. */
function pictureUrlIn(message: object | undefined): string | undefined {
  const { images } = (message ?? {}) as { images?: readonly { image_url: { url: string } }[] };
  return images?.[0]?.image_url.url;
}

function linkIn(content: string | null | undefined): string {
  return /\((http[^)]+)\)/.exec(content ?? '')?.[1] ?? '';
}
