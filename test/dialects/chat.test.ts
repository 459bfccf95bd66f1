import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { WireRequest } from '../../src/core/dialect';
import { probePicture } from '../../src/core/picture-probe';
import { decodeChat } from '../../src/dialects/chat-decode';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { bytesIn, completionIn, printOf, said, say, smallImage, urlIn } from '../support/chat-caller';
import { bytesAt, call, origin } from '../support/front-door';

const model = 'black-forest-labs/flux-2-flex';
const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${env.DEV_API_KEY}` };

describe('the samples', () => {
  it("work: hinow's, with a model and a message", async () => {
    const body = `{
  "model": "black-forest-labs/flux-2-flex",
  "messages": [
    {"role": "user", "content": "Your message here"}
  ]
}
              `;
    const response = await call('/v1/chat/completions', { headers, body, key: null });
    const { choices } = await completionIn(response);
    expect(probePicture(bytesIn(choices[0]?.message.images[0]?.image_url.url))).toMatchObject({
      format: 'png',
      ...{ width: 1024, height: 1024 },
    });
    expect(await recipeAt(response)).toMatchObject({
      prompt: 'Your message here',
      ...{ steps: 50, guidance: 5, prompt_upsampling: true, safety_tolerance: 2 },
    });
  });

  it.each(['/v1', '/api/v1'])("work: OpenRouter's, with modalities and image_config, at %s", async (prefix) => {
    const body = JSON.stringify({
      model: 'black-forest-labs/flux.2-flex',
      messages: [{ role: 'user', content: 'Create a picture of a nano banana dish' }],
      modalities: ['image', 'text'],
      image_config: { aspect_ratio: '16:9', image_size: '1K' },
    });
    const { choices } = await completionIn(await call(`${prefix}/chat/completions`, { headers, body, key: null }));
    expect(probePicture(bytesIn(choices[0]?.message.images[0]?.image_url.url))).toMatchObject({
      ...{ format: 'png', width: 1344, height: 768 },
    });
  });

  it('find the model at the path of OpenRouter', async () => {
    const { data } = await (await call('/api/v1/models')).json<{ data: object[] }>();
    expect(data).toMatchObject([{ id: model, architecture: { output_modalities: ['image'] } }]);
  });
});

describe('an answer', () => {
  it('is a completion with the picture as a data URL, and in the text as markdown', async () => {
    const response = await say('chat: answer', { seed: 3 });
    expect(response.headers.get('x-fluxgate-seed')).toBe('3');
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model,
      provider: 'sandbox',
      system_fingerprint: null,
      choices: [
        {
          index: 0,
          logprobs: null,
          finish_reason: 'stop',
          message: {
            role: 'assistant',
            refusal: null,
            content: expect.stringContaining(`](${origin}/images/`),
            images: [
              {
                type: 'image_url',
                index: 0,
                image_url: { url: expect.stringMatching(/^data:image\/png;base64,iVBOR/) },
              },
            ],
          },
        },
      ],
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    });
  });

  it('has the same bytes in both places, new or stored', async () => {
    const fresh = await said('chat: bytes', { seed: 1 });
    const stored = await said('chat: bytes', { seed: 1 });
    const [one, other] = [fresh, stored].map(({ choices }) => choices[0]?.message);
    expect(other).toEqual(one);
    expect(bytesIn(one?.images[0]?.image_url.url)).toEqual(await bytesAt(urlIn(one?.content)));
  });

  it('has a choice for each picture, of the seeds that follow each other', async () => {
    const { choices } = await said('chat: two', { seed: 8, n: 2 });
    const [second] = (await said('chat: two', { seed: 9 })).choices;
    expect(choices.map(({ index }) => index)).toEqual([0, 1]);
    expect(choices.map(({ message }) => message.images.length)).toEqual([1, 1]);
    expect(choices[1]?.message).toEqual(second?.message);
    expect(choices[0]?.message).not.toEqual(second?.message);
  });

  it.each(['png', 'jpeg', 'webp', 'avif'] as const)('has the media type of its bytes: %s', async (output_format) => {
    const { choices } = await said('chat: format', { seed: 1, image_config: { ...smallImage, output_format } });
    const url = choices[0]?.message.images[0]?.image_url.url ?? '';
    expect(url.startsWith(`data:image/${output_format};base64,`)).toBe(true);
    expect(probePicture(bytesIn(url))).toMatchObject({ format: output_format, width: 64, height: 64 });
  });
});

describe('a size', () => {
  const table = [
    ['1:1', 1024, 1024],
    ['2:3', 832, 1248],
    ['3:2', 1248, 832],
    ['3:4', 864, 1184],
    ['4:3', 1184, 864],
    ['4:5', 896, 1152],
    ['5:4', 1152, 896],
    ['9:16', 768, 1344],
    ['16:9', 1344, 768],
    ['21:9', 1536, 672],
  ] as const;
  it.each(table)('of %s is that of the table', (aspect_ratio, width, height) => {
    const sizes = [undefined, '1K', '2K', '4K'].map((image_size) => sizeOf({ aspect_ratio, image_size }));
    const [small, large] = [1, 2].map((scale) => ({ kind: 'pixels', width: scale * width, height: scale * height }));
    expect(sizes).toEqual([small, small, large, large]);
  });

  it('of 4K is made as large as the model can, which the answer tells', () => {
    const orders = ['1K', '2K', '4K'].map((image_size) => ordered({ image_config: { image_size } }));
    expect(orders.map(({ notes }) => notes.length)).toEqual([0, 0, 1]);
    expect(orders.map(({ picture }) => picture.size)).toMatchObject([
      { kind: 'match-reference', megapixels: 1, otherwise: { width: 1024, height: 1024 } },
      { kind: 'match-reference', megapixels: 4, otherwise: { width: 2048, height: 2048 } },
      { kind: 'match-reference', megapixels: 4, otherwise: { width: 2048, height: 2048 } },
    ]);
  });

  it('in pixels wins, which the answer tells', async () => {
    const response = await say('chat: pixels', { image_config: { width: 100, height: '70', aspect_ratio: '16:9' } });
    const { choices } = await completionIn(response);
    expect(probePicture(bytesIn(choices[0]?.message.images[0]?.image_url.url))).toMatchObject({
      width: 100,
      height: 70,
    });
    expect(response.headers.get('x-fluxgate-notes')).toContain('aspect_ratio');
    expect(sizeOf({ width: 96 })).toEqual({ kind: 'pixels', width: 96, height: 1024 });
  });

  it("is the first reference's where none is given", async () => {
    const original = await said('chat: original', { image_config: { width: 112, height: 80 } });
    const parts = [
      { type: 'text', text: 'chat: edited' },
      { type: 'image_url', image_url: { url: original.choices[0]?.message.images[0]?.image_url.url } },
    ];
    const response = await say([{ role: 'user', content: parts }], { image_config: {} });
    expect(await recipeAt(response)).toMatchObject({ width: 112, height: 80 });
  });
});

describe('a parameter', () => {
  it.each([
    { seed: 5 },
    { image_config: { ...smallImage, width: 80 } },
    { image_config: { ...smallImage, height: 80 } },
    { image_config: { ...smallImage, steps: 5 } },
    { image_config: { ...smallImage, guidance: 2.5 } },
    { image_config: { ...smallImage, prompt_upsampling: false } },
    { image_config: { ...smallImage, safety_tolerance: 0 } },
  ])('is part of the picture: %o', async (change) => {
    const prints = [{}, change].map((more) => printOf('chat: fields', { seed: 4, ...more }));
    expect(new Set(await Promise.all(prints)).size).toBe(2);
  });

  it.each([
    { parameters: { temperature: '0.7', num_inference_steps: '25' } },
    { temperature: 0.2, top_p: 1, max_tokens: 100, max_completion_tokens: 100, stop: ['x'], repetition_penalty: 1 },
    { modalities: ['image'] },
    { modalities: null, tools: [], tool_choice: 'auto', response_format: { type: 'text' }, stream: false },
    { image_config: { ...smallImage, output_format: 'webp', font_inputs: [] } },
    { provider: { sort: 'price' }, user: 'u', plugins: [], anything: { else: true } },
    { model: 'black-forest-labs/flux.2-flex' },
    { model: 'openai/gpt-5-image', models: ['google/gemini', 'bfl/flux-2-flex'] },
  ])('is not part of the picture: %o', async (change) => {
    expect(await printOf('chat: ignored', { seed: 4, ...change })).toBe(await printOf('chat: ignored', { seed: 4 }));
  });

  it('takes its default when it is absent or null', async () => {
    const nulls = { guidance: null, prompt_upsampling: null, safety_tolerance: null, output_format: null };
    const explicit = { guidance: 5, prompt_upsampling: true, safety_tolerance: 2, output_format: 'png' };
    const prints = [{}, nulls, explicit].map((config) =>
      printOf('chat: defaults', { seed: 1, image_config: { ...smallImage, ...config } }),
    );
    expect(new Set(await Promise.all(prints)).size).toBe(1);
    expect(ordered({}).picture).toMatchObject({ steps: 50, seed: null });
  });

  it("makes the picture of BFL's API with the same ones", async () => {
    const same = { steps: 30, guidance: 3.5, prompt_upsampling: false, safety_tolerance: 1, width: 64, height: 64 };
    const there = await call('/v1/flux-2-flex', { json: { prompt: 'chat: both', seed: 6, ...same } });
    expect(there.headers.get('x-fluxgate-fingerprint')).toBe(
      await printOf('chat: both', { seed: 6, image_config: same }),
    );
  });
});

/** What a body becomes, without making it. */
function ordered(body: object) {
  const value = { messages: [{ role: 'user', content: 'a picture' }], ...body };
  const wire: WireRequest = {
    method: 'POST',
    origin,
    path: '/v1/chat/completions',
    params: {},
    query: new URLSearchParams(),
    headers: new Headers(),
    body: { kind: 'json', value },
  };
  return decodeChat(wire);
}

const sizeOf = (image_config: object) => ordered({ image_config }).picture.size;

async function recipeAt(response: Response): Promise<object> {
  const sidecar = await call(`/images/${response.headers.get('x-fluxgate-fingerprint')}.json`, { key: null });
  const { recipe } = await sidecar.json<{ recipe: object }>();
  return recipe;
}

it('takes references of every kind that the model takes', async () => {
  const kinds = ['png', 'jpeg', 'webpLossy', 'gif'] as const;
  const parts = kinds.map((kind) => ({
    type: 'image_url',
    image_url: { url: `data:image/x;base64,${pictureBytes(kind).toBase64()}`, detail: 'high' },
  }));
  const response = await say([{ role: 'user', content: [{ type: 'text', text: 'chat: kinds' }, ...parts] }]);
  expect(await recipeAt(response)).toMatchObject({ references: kinds.map(() => expect.any(Object)) });
});
