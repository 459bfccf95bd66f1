import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode, faultTable } from '../../src/core/fault';
import { chat } from '../../src/dialects/chat';
import { type ChatError, say, smallImage } from '../support/chat-caller';
import { type Call, call } from '../support/front-door';

const shape = {
  error: {
    message: expect.any(String),
    type: expect.any(String),
    code: expect.any(Number),
    param: null,
    metadata: { error_type: expect.any(String), fault: expect.any(String) },
  },
};

describe('a field that is wrong', () => {
  const config = [
    { field: 'aspect_ratio', values: ['1:4', 'wide', 1, {}] },
    { field: 'image_size', values: ['0.5K', '1k', '8K', 1] },
    { field: 'width', values: [63, 4097, 64.5, 'wide'] },
    { field: 'height', values: [63, 4097, true] },
    { field: 'steps', values: [0, 51, 1.5, 'many'] },
    { field: 'guidance', values: [1.4, 10.1, 'much'] },
    { field: 'prompt_upsampling', values: ['yes', 3] },
    { field: 'safety_tolerance', values: [-1, 6, 0.5] },
    { field: 'output_format', values: ['gif', 'PNG', 3] },
  ].flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(config)('of image_config is named: $field as $value', async ({ field, value }) => {
    const response = await say('chat: wrong', { image_config: { ...smallImage, [field]: value } });
    expect(response.status).toBe(400);
    const { error } = await response.json<ChatError>();
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 400, param: `image_config.${field}` });
    expect(error.message).toContain(`image_config.${field}: `);
  });

  it.each([
    { field: 'messages', more: { messages: undefined } },
    { field: 'messages', more: { messages: [] } },
    { field: 'messages', more: { messages: 'a cat' } },
    { field: 'messages', more: { messages: [{ role: 'user', content: 'x'.repeat(32_001) }] } },
    { field: 'messages.0.role', more: { messages: [{ role: 'robot', content: 'x' }] } },
    { field: 'messages.0.content', more: { messages: [{ role: 'user', content: 3 }] } },
    { field: 'modalities', more: { modalities: ['text'] } },
    { field: 'modalities.1', more: { modalities: ['image', 'audio'] } },
    { field: 'image_config', more: { image_config: '16:9' } },
    { field: 'image_config.width', more: { image_config: { width: 4096, height: 4096 } } },
    { field: 'n', more: { n: 0 } },
    { field: 'n', more: { n: 11 } },
    { field: 'seed', more: { seed: 1.5 } },
    { field: 'seed', more: { seed: 2 ** 32 } },
    { field: 'stream', more: { stream: 'sometimes' } },
    { field: 'tools', more: { tools: [{ type: 'function', function: { name: 'x' } }] } },
    { field: 'response_format.type', more: { response_format: { type: 'json_object' } } },
    { field: 'model', more: { model: 3 } },
  ])('is named: $field', async ({ field, more }) => {
    const response = await say('chat: wrong', more);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { param: field, metadata: { error_type: 'invalid_request' } },
    });
  });

  it('may be the eleventh reference', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const content = [{ type: 'text', text: 'chat: eleven' }, ...Array(11).fill(image)];
    const response = await say([{ role: 'user', content }]);
    expect(await response.json()).toMatchObject({ error: { code: 400, param: 'messages.0.content.11.image_url' } });
  });
});

describe('a model that is not here', () => {
  it.each([{ model: 'openai/gpt-5-image' }, { models: ['a/b', 'c/d'] }, { model: 'himax', models: ['a/b'] }])(
    'is not found: %o',
    async (more) => {
      const response = await say('x', more);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        error: { code: 404, param: 'model', metadata: { error_type: 'not_found', fault: 'model_not_found' } },
      });
    },
  );
});

describe('a key', () => {
  it.each<{ name: string; options: Call }>([
    { name: 'none', options: { key: null } },
    { name: 'unknown', options: { key: 'sk-or-unknown' } },
    { name: 'in another header', options: { key: null, headers: { 'x-key': env.DEV_API_KEY ?? '' } } },
  ])('that is $name is refused', async ({ options }) => {
    for (const response of [await say('x', {}, options), await call('/api/v1/models', options)]) {
      expect(response.status).toBe(401);
      const text = await response.text();
      expect(JSON.parse(text)).toEqual(shape);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 401, type: 'authentication_error' } });
      expect(text).not.toContain(env.DEV_API_KEY);
    }
  });
});

describe('a request that is none', () => {
  it('of another method or path is answered in the same shape', async () => {
    const wrong = await call('/v1/chat/completions');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    const nothing = await call('/api/v1/generation');
    expect(nothing.status).toBe(404);
    expect([await wrong.json(), await nothing.json()]).toEqual([shape, shape]);
  });

  it('of another type, or broken, is refused', async () => {
    const path = '/v1/chat/completions';
    const form = await call(path, { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const broken = await call(path, { body: '{', headers: { 'content-type': 'application/json' } });
    const list = await call(path, { json: [] });
    expect([form.status, broken.status, list.status]).toEqual([415, 400, 400]);
    expect([await form.json(), await broken.json(), await list.json()]).toEqual([shape, shape, shape]);
  });
});

describe('a picture that is not made', () => {
  it.each([
    { trigger: 'sandbox:moderated-request', status: 400, metadata: { error_type: 'content_policy_violation' } },
    { trigger: 'sandbox:moderated-output', status: 400, metadata: { reasons: [expect.any(String)] } },
    { trigger: 'sandbox:error', status: 502, metadata: { error_type: 'provider_unavailable' } },
    { trigger: 'sandbox:refused', status: 503, metadata: { error_type: 'provider_overloaded' } },
    { trigger: 'sandbox:unknown', status: 409, metadata: { fault: 'outcome_unknown' } },
  ])('after $trigger is answered $status', async ({ trigger, status, metadata }) => {
    const response = await say(`chat ${trigger}`);
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code: status, metadata } });
    expect(text).not.toContain(trigger);
  });
});

describe('every fault', () => {
  const codes = Object.keys(faultTable) as FaultCode[];
  it.each(codes)('has one shape for all clients, with its status as the code: %s', (code) => {
    const { status, body } = chat.encodeFault(new Fault(code, 'A sentence.'), 'request');
    expect(body).toMatchObject(shape);
    expect(body).toMatchObject({ error: { message: 'A sentence.', code: status, metadata: { fault: code } } });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it('that may have bought a picture is not to be repeated', () => {
    const isRepeated = (code: FaultCode) => {
      const { status, headers } = chat.encodeFault(new Fault(code, ''), 'request');
      const mayRepeat = status === 408 || status === 409 || status === 429 || status >= 500;
      return mayRepeat && headers?.['x-should-retry'] !== 'false';
    };
    expect(codes.filter(isRepeated)).toEqual(['conflict', 'cancelled', 'rate_limited', 'internal', 'unavailable']);
  });

  it('of a wait that was too long names the task that goes on', () => {
    const fault = new Fault('wait_exceeded', 'It goes on.', { taskId: 'the-task' });
    expect(chat.encodeFault(fault, 'request')).toMatchObject({
      status: 409,
      body: { error: { metadata: { error_type: 'timeout', task: 'the-task' } } },
    });
  });
});
