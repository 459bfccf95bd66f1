import { describe, expect, it } from 'vitest';
import { type Chunk, said, say, smallImage } from '../support/chat-caller';
import { eventsOf } from '../support/event-stream';

const stream = async (prompt: string, more: object = {}) => await say(prompt, { stream: true, ...more });

/** The chunks, and what came last. */
async function chunksOf(response: Response) {
  const events = await eventsOf<Chunk | '[DONE]'>(response);
  expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['message']));
  const data = events.map((event) => event.data);
  return { chunks: data.filter((chunk) => chunk !== '[DONE]'), last: data.at(-1) };
}

describe('a stream', () => {
  it('says who speaks, what is shown, that it is done, and ends', async () => {
    const response = await stream('stream: one', { seed: 1 });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const { chunks, last } = await chunksOf(response);
    const whole = await said('stream: one', { seed: 1 });
    const message = whole.choices[0]?.message;
    expect(last).toBe('[DONE]');
    expect(chunks.map(({ choices }) => choices[0])).toEqual([
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null },
      { index: 0, delta: { content: message?.content, images: message?.images }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: 'stop' },
    ]);
    expect(chunks[2]?.usage).toEqual({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 });
    expect(new Set(chunks.map(({ id, object }) => `${id} ${object}`)).size).toBe(1);
    expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', created: expect.any(Number) });
  });

  it('has all pictures, each a choice, and the usage once', async () => {
    const { chunks } = await chunksOf(await stream('stream: two', { seed: 4, n: 2 }));
    const whole = await said('stream: two', { seed: 4, n: 2 });
    expect(chunks.map(({ choices }) => choices[0]?.index)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(chunks.map(({ usage }) => usage !== undefined)).toEqual([false, false, false, false, false, true]);
    const shown = chunks.flatMap(({ choices }) => choices[0]?.delta.images ?? []);
    expect(shown).toEqual(whole.choices.flatMap(({ message }) => message.images));
  });

  it('is the same for a picture that is stored', async () => {
    const [fresh, stored] = [
      await chunksOf(await stream('stream: stored', { seed: 1 })),
      await chunksOf(await stream('stream: stored', { seed: 1, stream_options: { include_usage: true } })),
    ];
    const choicesOf = ({ chunks }: typeof fresh) => chunks.map(({ choices }) => choices);
    expect(choicesOf(stored)).toEqual(choicesOf(fresh));
  });

  it('tells the seed, and what was understood otherwise, in its headers', async () => {
    const image_config = { ...smallImage, aspect_ratio: '1:1' };
    const response = await stream('stream: notes', { seed: 2, image_config });
    await response.body?.cancel();
    expect(response.headers.get('x-fluxgate-seed')).toBe('2');
    expect(response.headers.get('x-fluxgate-notes')).toContain('aspect_ratio');
  });

  it.each([
    { trigger: 'sandbox:moderated-output', code: 400, error_type: 'content_policy_violation' },
    { trigger: 'sandbox:error', code: 502, error_type: 'provider_unavailable' },
    { trigger: 'sandbox:unknown', code: 409, error_type: 'unmapped' },
  ])('ends with a chunk that has the error after $trigger', async ({ trigger, code, error_type }) => {
    const { chunks, last } = await chunksOf(await stream(`stream ${trigger}`));
    expect(last).toBe('[DONE]');
    expect(chunks).toMatchObject([
      {
        object: 'chat.completion.chunk',
        error: { message: expect.any(String), code, metadata: { error_type } },
        choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'error' }],
      },
    ]);
  });

  it('that never began is an error like any other', async () => {
    const response = await stream('stream: wrong', { n: 11 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'n', code: 400 } });
  });
});
