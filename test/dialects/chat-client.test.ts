import { env, exports } from 'cloudflare:workers';
import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { bytesIn, type ChatPicture, smallImage, urlIn } from '../support/chat-caller';
import { bytesAt, enter, origin } from '../support/front-door';

const model = 'black-forest-labs/flux-2-flex';
/** The client's types know OpenAI's own fields alone. */
const extra = { image_config: smallImage, modalities: ['image', 'text'] as unknown as ['text'] };

/** The real client, its requests counted and sent in by the front door. */
function clientWith(settings: { apiKey?: string; baseURL?: string } = {}) {
  const sent: string[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    sent.push(request.url);
    return await enter(request);
  };
  const client = new OpenAI({
    apiKey: env.DEV_API_KEY,
    baseURL: `${origin}/v1`,
    ...settings,
    // Without a Response of its own it would ask for one with a request.
    fetch: Object.assign(fetch, { Response }),
  });
  return { client, sent };
}

const ask = (content: string) => ({ model, messages: [{ role: 'user' as const, content }], ...extra });
const picturesOf = (message: object | undefined): readonly ChatPicture[] =>
  message !== undefined && 'images' in message ? (message.images as readonly ChatPicture[]) : [];

describe("OpenAI's client", () => {
  it.each([`${origin}/v1`, `${origin}/api/v1`])('gets a completion with a picture from %s', async (baseURL) => {
    const { client, sent } = clientWith({ baseURL });
    const { choices, usage } = await client.chat.completions.create({ ...ask('client: create'), n: 2, seed: 1 });
    expect(choices).toHaveLength(2);
    const message = choices[0]?.message;
    const bytes = bytesIn(picturesOf(message)[0]?.image_url.url);
    expect(probePicture(bytes)).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(bytes).toEqual(await bytesAt(urlIn(message?.content ?? '')));
    expect(usage).toEqual({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 });
    expect(sent).toEqual([`${baseURL}/chat/completions`]);
  });

  it('goes on from the answer as it got it', async () => {
    const { client } = clientWith();
    const first = await client.chat.completions.create({ ...ask('client: a red car'), seed: 1 });
    const message = first.choices[0]?.message ?? { role: 'assistant', content: '', refusal: null };
    const messages = [
      ...ask('client: a red car').messages,
      message,
      { role: 'user' as const, content: 'make it blue' },
    ];
    const { response } = await client.chat.completions.create({ ...ask(''), messages, seed: 1 }).withResponse();
    const recipe = await exports.default.fetch(
      new Request(`${origin}/images/${response.headers.get('x-fluxgate-fingerprint')}.json`),
    );
    expect(await recipe.json()).toMatchObject({
      recipe: { prompt: 'make it blue', references: [{ width: 64, height: 64 }] },
    });
  });

  it('reads a stream chunk by chunk', async () => {
    const { client } = clientWith();
    const stream = await client.chat.completions.create({ ...ask('client: stream'), seed: 1, stream: true });
    const deltas = [];
    for await (const chunk of stream) deltas.push(...chunk.choices);
    const text = deltas.map(({ delta }) => delta.content ?? '').join('');
    const pictures = deltas.flatMap(({ delta }) => picturesOf(delta));
    expect(deltas.at(-1)?.finish_reason).toBe('stop');
    expect(pictures).toHaveLength(1);
    expect(bytesIn(pictures[0]?.image_url.url)).toEqual(await bytesAt(urlIn(text)));
  });

  it('puts a stream together', async () => {
    const { client } = clientWith();
    const options = { ...ask('client: together'), seed: 1, n: 2, stream_options: { include_usage: true } };
    const { choices, usage } = await client.chat.completions.stream(options).finalChatCompletion();
    expect(choices.map(({ message }) => picturesOf(message).length)).toEqual([1, 1]);
    expect(choices.map(({ finish_reason }) => finish_reason)).toEqual(['stop', 'stop']);
    expect(usage?.total_tokens).toBe(0);
  });

  it('throws its own errors, and does not repeat what may have bought a picture', async () => {
    const { client, sent } = clientWith();
    const create = client.chat.completions.create.bind(client.chat.completions);
    await expect(create({ ...ask('x'), n: 99 })).rejects.toThrow(BadRequestError);
    await expect(create({ ...ask('x'), model: 'gpt-5' })).rejects.toThrow(NotFoundError);
    await expect(create(ask('client sandbox:unknown'))).rejects.toMatchObject({ status: 409, code: 409 });
    await expect(create(ask('client sandbox:error'))).rejects.toMatchObject({ status: 502, type: 'server_error' });
    expect(sent).toHaveLength(4);
    const stranger = clientWith({ apiKey: 'wrong' }).client;
    await expect(stranger.chat.completions.create(ask('x'))).rejects.toThrow(AuthenticationError);
  });

  it('throws the error of a stream', async () => {
    const { client } = clientWith();
    const stream = await client.chat.completions.create({ ...ask('client sandbox:moderated-output'), stream: true });
    const read = async () => {
      for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
    };
    const thrown = await read().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(APIError);
    expect(thrown).toMatchObject({
      type: 'invalid_request_error',
      error: { metadata: { reasons: [expect.any(String)] } },
    });
  });
});
