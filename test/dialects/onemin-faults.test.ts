import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { type Call, call } from '../support/front-door';

interface OneminError {
  readonly success: boolean;
  readonly errorCode: string;
  readonly message: string;
  readonly error: { readonly code: string; readonly message: string; readonly field: string | null };
}

const model = 'black-forest-labs/flux-2-flex';
const png = pictureBytes('png').toBase64();

async function refused(json: unknown, options: Call = {}) {
  const response = await call('/api/features', { json, ...options });
  const text = await response.text();
  expect(text).not.toMatch(/a secret prompt|fg_|\.ts:\d+/);
  const body = JSON.parse(text) as OneminError;
  expect(body).toMatchObject({ success: false, error: { code: body.errorCode, message: body.message } });
  return { status: response.status, body };
}

describe('a field that is wrong', () => {
  const cases = [
    { field: 'prompt', values: [undefined, null, '', '  ', 3, [], {}, 'x'.repeat(32_001)] },
    { field: 'aspect_ratio', values: ['4:3', '3:4', '21:9', 'auto', 1, ''] },
    { field: 'output_format', values: ['jpeg', 'webp', 'gif', ''] },
    { field: 'output_quality', values: [-1, 101, 0.5, 'best'] },
    { field: 'steps', values: [5, 51, 6.5, 'many', true] },
    { field: 'guidance', values: [1.9, 5.1, 'much', []] },
    { field: 'safety_tolerance', values: [0, 7, 1.5, 'low'] },
    { field: 'prompt_upsampling', values: ['yes', 2, {}] },
    { field: 'seed', values: [-2, 2 ** 32, 0.5, 'x', {}] },
    { field: 'n', values: [0, 11, 1.5] },
  ].flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(cases)('is named: $field as $value', async ({ field, value }) => {
    const promptObject = { prompt: 'a secret prompt', [field]: value };
    const generator = await refused({ type: 'IMAGE_GENERATOR', model, promptObject });
    const editor = await refused({ type: 'IMAGE_EDITOR', model, promptObject: { imageUrl: png, ...promptObject } });
    for (const { status, body } of [generator, editor]) {
      expect([status, body.errorCode, body.error.field]).toEqual([400, 'INVALID_REQUEST', `promptObject.${field}`]);
    }
  });

  it('is an aspect ratio that only edits have', async () => {
    const promptObject = { prompt: 'a secret prompt', aspect_ratio: 'match_input_image' };
    const { status, body } = await refused({ type: 'IMAGE_GENERATOR', model, promptObject });
    expect([status, body.error.field]).toEqual([400, 'promptObject.aspect_ratio']);
  });

  it('is a picture that a generator is given', async () => {
    const promptObject = { prompt: 'a secret prompt', imageUrl: png };
    const { status, body } = await refused({ type: 'IMAGE_GENERATOR', model, promptObject });
    expect([status, body.error.field]).toEqual([400, 'promptObject.imageUrl']);
    expect(body.message).toContain('IMAGE_EDITOR');
  });

  it.each([undefined, null, '', [], [''], 3, {}, 'not a picture', Array(11).fill(png)])(
    'is the picture of an edit: %s',
    async (imageUrl) => {
      const promptObject = { prompt: 'a secret prompt', imageUrl };
      const { status, body } = await refused({ type: 'IMAGE_EDITOR', model, promptObject });
      expect([status, body.error.field?.slice(0, 21)]).toEqual([400, 'promptObject.imageUrl']);
    },
  );

  it.each([
    { field: 'type', change: { type: undefined } },
    { field: 'type', change: { type: 'CHAT_WITH_AI' } },
    { field: 'type', change: { type: 'IMAGE_VARIATOR' } },
    { field: 'type', change: { type: 3 } },
    { field: 'model', change: { model: undefined } },
    { field: 'model', change: { model: 3 } },
    { field: 'promptObject', change: { promptObject: undefined } },
    { field: 'promptObject', change: { promptObject: 'text' } },
    { field: 'async', change: { async: 'soon' } },
  ])('is around the prompt: $change', async ({ field, change }) => {
    const valid = { type: 'IMAGE_GENERATOR', model, promptObject: { prompt: 'a secret prompt' } };
    const { status, body } = await refused({ ...valid, ...change });
    expect([status, body.errorCode, body.error.field]).toEqual([400, 'INVALID_REQUEST', field]);
  });

  it.each(['null', '[]', '"text"', '{', ''])('is the whole body: %s', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await call('/api/features', { method: 'POST', body, headers });
    expect(response.status).toBe(400);
    expect(await response.json<OneminError>()).toMatchObject({ errorCode: 'INVALID_REQUEST' });
  });
});

describe('an unknown model', () => {
  it('is not supported', async () => {
    const { status, body } = await refused({ type: 'IMAGE_GENERATOR', model: 'x', promptObject: { prompt: 'a' } });
    expect([status, body.errorCode, body.error.field]).toEqual([404, 'UNSUPPORTED_MODEL', 'model']);
  });
});

describe('keys', () => {
  const json = {
    type: 'IMAGE_GENERATOR',
    model,
    promptObject: { prompt: 'a secret prompt sandbox:moderated-request' },
  };
  it.each([
    { name: 'none', headers: {} },
    { name: 'a wrong one', headers: { 'api-key': 'wrong' } },
    { name: 'an empty one', headers: { 'api-key': ' ' } },
    {
      name: 'a wrong one beside a right one of another API',
      headers: { 'api-key': 'wrong', 'x-key': env.DEV_API_KEY },
    },
  ])('$name is refused', async ({ headers }) => {
    const { status, body } = await refused(json, { headers, key: null });
    expect([status, body.errorCode]).toEqual([401, 'INVALID_API_KEY']);
  });

  it.each([{ 'API-KEY': env.DEV_API_KEY }, { Authorization: `Bearer ${env.DEV_API_KEY}` }])(
    '%o is taken',
    async (headers) => {
      const { body } = await refused(json, { headers, key: null });
      expect(body.errorCode).toBe('MODERATED_REQUEST');
    },
  );

  it('are needed for results, and those of others are not there', async () => {
    expect((await call('/api/results/anything', { key: null })).status).toBe(401);
    const response = await call('/api/results/anything');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ aiRecord: null, errorCode: 'TASK_NOT_FOUND' });
  });
});

describe('a picture that is not made', () => {
  it.each([
    { trigger: 'sandbox:moderated-request', status: 400, code: 'MODERATED_REQUEST' },
    { trigger: 'sandbox:moderated-output', status: 400, code: 'MODERATED_OUTPUT' },
    { trigger: 'sandbox:error', status: 502, code: 'EXTERNAL_API_RESPONSE_WITH_ERROR' },
    { trigger: 'sandbox:refused', status: 503, code: 'UNAVAILABLE' },
    { trigger: 'sandbox:unknown', status: 502, code: 'OUTCOME_UNKNOWN' },
  ])('$trigger is told with status $status', async ({ trigger, status, code }) => {
    const promptObject = { prompt: `a secret prompt ${trigger}` };
    const answer = await refused({ type: 'IMAGE_GENERATOR', model, promptObject });
    expect([answer.status, answer.body.errorCode]).toEqual([status, code]);
  });
});

describe('the models', () => {
  it.each(['IMAGE_GENERATOR', 'IMAGE_EDITOR'])('of %s are told without a key', async (feature) => {
    const response = await call(`/models?feature=${feature}`, { key: null });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      models: [{ modelId: model, status: 'ACTIVE', features: ['IMAGE_GENERATOR', 'IMAGE_EDITOR'] }],
      total: 1,
    });
  });

  it.each(['', '?feature=', '?feature=TEXT_TO_VIDEO'])('of no feature that is here are none: %s', async (query) => {
    expect(await (await call(`/models${query}`, { key: null })).json()).toEqual({ models: [], total: 0 });
  });
});

describe('what no route takes', () => {
  it.each([
    { method: 'GET', path: '/api/features', status: 405, code: 'METHOD_NOT_ALLOWED' },
    { method: 'DELETE', path: '/api/assets', status: 405, code: 'METHOD_NOT_ALLOWED' },
    { method: 'POST', path: '/models', status: 405, code: 'METHOD_NOT_ALLOWED' },
    { method: 'GET', path: '/api/features/more', status: 404, code: 'NOT_FOUND' },
  ])('$method $path is told in the same shape', async ({ method, path, status, code }) => {
    const response = await call(path, { method });
    expect(response.status).toBe(status);
    expect(await response.json<OneminError>()).toMatchObject({ success: false, errorCode: code });
  });

  it('is a body of another type', async () => {
    const response = await call('/api/features', { body: '{}', headers: { 'content-type': 'text/plain' } });
    expect(response.status).toBe(415);
    expect(await response.json<OneminError>()).toMatchObject({ errorCode: 'UNSUPPORTED_MEDIA_TYPE' });
  });
});
