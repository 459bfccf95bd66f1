import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { RenderRecord } from '../../src/renders/render-record';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { call } from '../support/front-door';
import { fingerprintOf, generate, type OpenaiError } from '../support/openai-caller';
import { cancelled } from '../support/task-caller';

const png = pictureBytes('png').toBase64();

describe('a body that is wrong', () => {
  const cases = [
    { field: 'prompt', values: [undefined, null, '', '  ', 'x'.repeat(32_001), 3, false, ['a'], {}] },
    { field: 'model', values: [3, {}, true] },
    { field: 'n', values: [0, 11, -1, 1.5, 'two', true, {}, 1e300] },
    {
      field: 'size',
      values: ['', 'large', '1024', '1024x', '63x64', '5000x64', '4096x4096', '-64x64', '64x64x64', 1024, {}],
    },
    { field: 'response_format', values: ['base64', 3, {}] },
    { field: 'output_format', values: ['gif', 'PNG', 3] },
    { field: 'output_compression', values: [-1, 101, 50.5, 'best', {}] },
    { field: 'stream', values: ['yes', 3, {}] },
    { field: 'background', values: ['transparent', 'green', 3] },
    { field: 'moderation', values: ['none', 3] },
    { field: 'width', values: [63, 4097, 'wide', 64.5] },
    { field: 'height', values: [63, 4097, 'high', -64] },
    { field: 'aspect_ratio', values: ['wide', '0:0', '100:1', 16, {}, 'match_input_image'] },
    { field: 'steps', values: [0, 51, 2.5, 'NaN', 'Infinity', {}] },
    { field: 'guidance', values: [1.4, 10.5, 'NaN', '-Infinity', {}] },
    { field: 'seed', values: [-2, 2 ** 32, 0.5, 'abc', {}, true] },
    { field: 'prompt_upsampling', values: ['maybe', 7, []] },
    { field: 'safety_tolerance', values: [-1, 6, 1.5, 'high', {}] },
    { field: 'input_image', values: ['', 3, {}, 'hello', [3], [png, 'hello'], 'ftp://example.com/a.png'] },
    { field: 'input_images', values: [3, {}, 'hello', [null], [[png]]] },
    { field: 'mask', values: ['x'] },
    { field: 'negative_prompt', values: ['ugly'] },
  ].flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(cases)('names $field for $value', async ({ field, value }) => {
    const size = ['width', 'height', 'aspect_ratio'].includes(field) ? { size: undefined } : {};
    const response = await generate({ prompt: 'openai: wrong', ...size, [field]: value });
    expect(response.status).toBe(400);
    const { error } = await response.json<OpenaiError>();
    expect(Object.keys(error).toSorted()).toEqual(['code', 'message', 'param', 'type']);
    expect(error.param?.split('.')[0]).toBe(field);
    expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.stringContaining(field) });
  });
});

describe('keys', () => {
  it.each([
    { name: 'no key', options: { key: null } },
    { name: 'an unknown key', options: { key: 'fg_unknown' } },
    { name: 'another scheme', options: { key: null, headers: { authorization: `Basic ${env.DEV_API_KEY}` } } },
    { name: 'a scheme alone', options: { key: null, headers: { authorization: 'Bearer' } } },
    { name: 'two keys', options: { key: null, headers: { authorization: `Bearer ${env.DEV_API_KEY} and` } } },
  ])('$name is a 401 that does not show the key', async ({ options }) => {
    for (const response of [await generate({ prompt: 'openai: keys' }, options), await call('/v1/models', options)]) {
      expect(response.status).toBe(401);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({
        error: { type: 'authentication_error', code: 'invalid_api_key', param: null },
      });
      expect(text).not.toContain('fg_');
    }
  });
});

describe('retries', () => {
  it.each([
    { trigger: 'sandbox:error', status: 500, retry: 'false' },
    { trigger: 'sandbox:unknown', status: 500, retry: 'false' },
    { trigger: 'sandbox:refused', status: 503, retry: null },
  ])('after $trigger are forbidden where a picture may have been bought', async ({ trigger, status, retry }) => {
    const response = await generate({ prompt: `openai retries ${trigger}` });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-should-retry')).toBe(retry);
  });

  it('are forbidden for a picture that was cancelled while its caller waited', async () => {
    const body = { prompt: 'openai retries: cancelled sandbox:slow', seed: 1 };
    const first = await generate({ ...body, stream: true });
    await cancelled(first.headers.get('x-fluxgate-task') ?? '');
    await first.text();
    const render = env.RENDERS.getByName(fingerprintOf(first));
    const waiting = generate(body);
    const cancelBuyer = () =>
      runInDurableObject(render, async (object, { storage }) => {
        const record = storage.kv.get<RenderRecord>('render');
        if (record === undefined || record.cancelled.length > 0) return false;
        await object.cancel(record.generation, record.buyer.nonce);
        return true;
      });
    await expect.poll(cancelBuyer).toBe(true);
    const response = await waiting;
    expect(response.status).toBe(409);
    expect(response.headers.get('x-should-retry')).toBe('false');
  });
});
