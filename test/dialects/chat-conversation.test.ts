import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/core/fault';
import { readConversation } from '../../src/dialects/chat-conversation';
import { chatSchema } from '../../src/dialects/chat-schema';
import { said, say } from '../support/chat-caller';
import { call, origin } from '../support/front-door';

const picture = (name: string) => ({ type: 'image_url', image_url: { url: `https://example.com/${name}.png` } });
const text = (value: string) => ({ type: 'text', text: value });
const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown, more: object = {}) => ({ role: 'assistant', content, ...more });

/** The prompt, and the URLs of the references. */
function read(...messages: readonly object[]) {
  const { prompt, references } = readConversation(chatSchema.parse({ messages }).messages, origin);
  return { prompt, references: references.map((source) => ('url' in source ? source.url : source)) };
}

function faultOf(...messages: readonly object[]): Fault {
  try {
    read(...messages);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
  }
  throw new Error('It was read.');
}

const own = `${origin}/images/${'a'.repeat(64)}.png`;

describe('a conversation', () => {
  it.each(['a cat', '  a cat,\n\nin two lines ', '{"scene":"a cat"}'])('of one text is that text: %s', (content) => {
    expect(read(user(content))).toEqual({ prompt: content, references: [] });
  });

  it('has its texts and pictures in their order', () => {
    const content = [picture('one'), text('put it'), picture('two'), text('on that')];
    expect(read(user(content))).toEqual({
      prompt: 'put it\non that',
      references: ['https://example.com/one.png', 'https://example.com/two.png'],
    });
  });

  it('has the system before the user', () => {
    const system = { role: 'system', content: 'always in watercolour' };
    const developer = { role: 'developer', content: [text('no people')] };
    expect(read(system, developer, user('a cat')).prompt).toBe('always in watercolour\n\nno people\n\na cat');
    expect(read({ role: 'system', content: ' ' }, user('a cat')).prompt).toBe('a cat');
  });

  it('is all that the user said while nothing was shown', () => {
    const turns = [user([text('a logo'), picture('draft')]), assistant('Which colour?'), user('blue')];
    expect(read(...turns)).toEqual({ prompt: 'a logo\n\nblue', references: ['https://example.com/draft.png'] });
  });

  it('goes on from the last picture that was shown', () => {
    const shown = assistant('Here.', { images: [picture('first')] });
    const again = assistant(null, { images: [picture('second')] });
    const turns = [user([text('a cat'), picture('old')]), shown, user('blue'), again, user('larger')];
    expect(read(...turns)).toEqual({ prompt: 'larger', references: ['https://example.com/second.png'] });
    expect(read(...turns, assistant('Wait.'), user([text('with'), picture('hat')]))).toEqual({
      prompt: 'larger\n\nwith',
      references: ['https://example.com/second.png', 'https://example.com/hat.png'],
    });
  });

  it('keeps to the system after a picture was shown', () => {
    const system = { role: 'system', content: 'in watercolour' };
    const turns = [system, user('a cat'), assistant(`![image](${own})`), user('blue')];
    expect(read(...turns)).toEqual({ prompt: 'in watercolour\n\nblue', references: [own] });
  });

  it.each([
    ['its images', assistant(`![image](${own})`, { images: [{ type: 'image_url', image_url: { url: own } }] })],
    ['its text alone', assistant(`Here it is: ![image](${own}), as you asked.`)],
    ['parts of text', assistant([text(`![a cat](${own})`)])],
    ['parts of pictures', assistant([text(`![image](${own})`), { type: 'image_url', image_url: { url: own } }])],
    ['a picture of the newer API', assistant([{ type: 'output_image', image_url: own }])],
  ])('knows a picture of ours by %s, and counts it once', (_, answer) => {
    expect(read(user('a cat'), answer, user('blue'))).toEqual({ prompt: 'blue', references: [own] });
  });

  it("takes no picture from elsewhere out of an assistant's text", () => {
    const answer = assistant('![badge](https://example.com/badge.svg) ![x](/x.png) ![y](http://127.0.0.1.evil/y.png)');
    expect(read(user('a cat'), answer, user('blue'))).toEqual({ prompt: 'a cat\n\nblue', references: [] });
  });

  it("leaves out what the tools said, and the assistant's own words", () => {
    const tool = { role: 'tool', content: 'secret', tool_call_id: 'x' };
    expect(read(user('a cat'), assistant('Hm.', { tool_calls: [] }), tool).prompt).toBe('a cat');
    expect(read(user('a cat'), assistant([{ type: 'refusal', refusal: 'no' }])).prompt).toBe('a cat');
  });

  it('takes the parts of the newer API', () => {
    const content = [
      { type: 'input_text', text: 'a cat' },
      { type: 'input_image', image_url: own },
    ];
    expect(read(user(content))).toEqual({ prompt: 'a cat', references: [own] });
  });
});

describe('a conversation that asks for nothing', () => {
  it.each([
    { name: 'no user', messages: [{ role: 'system', content: 'x' }] },
    { name: 'no text', messages: [user([picture('one')])] },
    { name: 'white space', messages: [user(' \n ')] },
    { name: 'nothing after the picture', messages: [user('a cat'), assistant(`![image](${own})`)] },
  ])('is refused: $name', ({ messages }) => {
    expect(faultOf(...messages)).toMatchObject({ code: 'invalid_request', field: 'messages' });
  });

  it.each([
    { field: 'messages.0.content.1.type', part: { type: 'input_audio', input_audio: {} } },
    { field: 'messages.0.content.1.type', part: { type: 'file', file: {} } },
    { field: 'messages.0.content.1.image_url', part: { type: 'image_url' } },
  ])('in a part names $field', ({ field, part }) => {
    expect(faultOf(user([text('a cat'), part])).field).toBe(field);
  });
});

describe('by the front door', () => {
  it('a picture is edited by answering it, whichever way the client sends it back', async () => {
    const first = user('talk: a red car');
    const { choices } = await said([first], { seed: 1 });
    const message = choices[0]?.message;
    const ask = user('talk: make it blue');
    const answers = [message, assistant(message?.content), assistant(null, { images: message?.images })];
    const prints = await Promise.all(
      answers.map(async (answer) => {
        const response = await say([first, answer ?? {}, ask], { seed: 2 });
        expect(response.status).toBe(200);
        return response.headers.get('x-fluxgate-fingerprint');
      }),
    );
    const url = /\((.+)\)/.exec(message?.content ?? '')?.[1];
    const json = { prompt: 'talk: make it blue', seed: 2, input_image: url, width: 64, height: 64, steps: 4 };
    const direct = await call('/v1/flux-2-flex', { json });
    expect(new Set([...prints, direct.headers.get('x-fluxgate-fingerprint')]).size).toBe(1);
  });

  it('a reference that cannot be had is named where it was', async () => {
    const content = [text('talk: broken'), { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }];
    const response = await say([user(content)]);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'messages.0.content.1.image_url' } });
  });
});
