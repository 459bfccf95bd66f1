import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { addAccount } from '../support/accounts';
import { type Call, call } from '../support/front-door';

interface OxenError {
  readonly status: string;
  readonly status_message: string;
  readonly error: {
    readonly type: string;
    readonly title: string;
    readonly detail: string;
    readonly message: string;
    readonly field: string | null;
  };
}

const png = pictureBytes('png').toBase64();
const small = { aspect_ratio: '1:1', resolution: '0.5 MP', num_inference_steps: 4 };

async function refused(path: string, json: unknown, options: Call = {}) {
  const response = await call(path, { json, ...options });
  const text = await response.text();
  expect(text).not.toMatch(/a secret prompt|fg_|\.ts:\d+/);
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as OxenError };
}

describe('a field that is wrong', () => {
  const cases = [
    { field: 'prompt', values: [undefined, null, '', '  ', 3, [], {}, 'x'.repeat(32_001)] },
    { field: 'model', values: [3, {}, 'x'.repeat(201)] },
    { field: 'aspect_ratio', values: ['4:5', '21:9', 'auto', '16x9', 1, '', {}] },
    { field: 'resolution', values: ['4 MP', '1', 1, '1MP', ''] },
    { field: 'num_inference_steps', values: [0, 51, 1.5, 'many', true, {}] },
    { field: 'guidance', values: [-0.1, 10.1, 'much', true, []] },
    { field: 'seed', values: [-2, 2 ** 32, 0.5, 'x', {}] },
    { field: 'output_format', values: ['jpeg', 'gif', 3, ''] },
    { field: 'output_quality', values: [-1, 101, 0.5, 'best'] },
    { field: 'disable_safety_checker', values: ['yes', 2, {}] },
    { field: 'response_format', values: ['base64', 1, ''] },
    { field: 'input_image', values: [undefined, null, '', [], [''], [3], 3, {}, 'not a picture', Array(11).fill(png)] },
    { field: 'n', values: [0, 11, 1.5, 'two'] },
  ].flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(cases)('is named: $field as $value', async ({ field, value }) => {
    const valid = { prompt: 'a secret prompt', input_image: png, ...small };
    const { status, body } = await refused('/api/ai/images/edit', { ...valid, [field]: value });
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'error', status_message: 'invalid_request' });
    expect(body.error).toMatchObject({ type: 'invalid_request', title: 'Invalid request', message: body.error.detail });
    expect(body.error.field?.split('.')[0]).toBe(field);
    expect(body.error.detail).toContain(field);
  });

  it.each([0, 5, 1.5, 'x'])('is named: num_generations as %s', async (num_generations) => {
    const { status, body } = await refused('/api/ai/queue', { prompt: 'a secret prompt', num_generations });
    expect([status, body.error.field]).toEqual([400, 'num_generations']);
  });

  it.each(['/api/ai/images/generate', '/api/ai/queue'])('is the aspect ratio of no picture, on %s', async (path) => {
    const { status, body } = await refused(path, { prompt: 'a secret prompt', aspect_ratio: 'match_input_image' });
    expect([status, body.error.field]).toEqual([400, 'aspect_ratio']);
  });

  it.each(['null', '[]', '"text"', '{', ''])('is the whole body: %s', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await call('/api/ai/images/generate', { method: 'POST', body, headers });
    expect(response.status).toBe(400);
    expect(await response.json<OxenError>()).toMatchObject({ error: { type: 'invalid_request' } });
  });

  it('never tells the names of fields that it does not know', async () => {
    const { body } = await refused('/api/ai/images/generate', { token_fg_123: 1, prompt: '' });
    expect(JSON.stringify(body)).not.toContain('token_fg');
  });
});

describe('an unknown model', () => {
  it.each(['/api/ai/images/generate', '/api/ai/images/edit', '/api/ai/queue'])('is not found on %s', async (path) => {
    const { status, body } = await refused(path, { model: 'nope', prompt: 'a secret prompt', input_image: png });
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ type: 'resource_not_found', detail: 'Model not found: nope', field: 'model' });
  });
});

describe('keys', () => {
  const paths = ['/api/ai/images/generate', '/api/ai/images/edit', '/api/ai/queue', '/api/images/generate'];
  it.each(paths)('are needed on %s, and must be right', async (path) => {
    const json = { prompt: 'a secret prompt', input_image: png };
    for (const options of [
      { key: null },
      { key: 'wrong' },
      { key: null, headers: { 'x-key': 'fg_dev_for_tests_only' } },
    ]) {
      const { status, body } = await refused(path, json, options);
      expect(status).toBe(401);
      expect(body).toMatchObject({ status_message: 'unauthenticated', error: { type: 'unauthenticated' } });
    }
  });

  it('are needed for the queue', async () => {
    for (const path of ['/api/ai/queue', '/api/ai/queue/anything']) {
      expect((await call(path, { key: null })).status).toBe(401);
    }
  });

  it('of an account open its own generations alone', async () => {
    const key = await addAccount('oxen-other');
    const json = { prompt: 'oxen: whose sandbox:moderated-request' };
    const created = await call('/api/ai/queue', { json, key });
    const { generations } = await created.json<{ generations: { generation_id: string }[] }>();
    const path = `/api/ai/queue/${generations[0]?.generation_id}`;
    expect((await call(path, { key })).status).toBe(200);
    const others = await refused(path, undefined);
    expect([others.status, others.body.error.type]).toEqual([404, 'resource_not_found']);
  });
});

describe('a picture that is not made', () => {
  it.each([
    { trigger: 'sandbox:moderated-request', status: 400, type: 'moderated_request' },
    { trigger: 'sandbox:moderated-output', status: 400, type: 'moderated_output' },
    { trigger: 'sandbox:error', status: 502, type: 'provider_failed' },
    { trigger: 'sandbox:refused', status: 503, type: 'unavailable' },
    { trigger: 'sandbox:unknown', status: 502, type: 'outcome_unknown' },
  ])('$trigger is told with status $status', async ({ trigger, status, type }) => {
    const answer = await refused('/api/ai/images/generate', { prompt: `a secret prompt ${trigger}`, ...small });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status: 'error', error: { type, detail: expect.stringMatching(/.{10,}/) } });
  });
});

describe('what no route takes', () => {
  it.each([
    { method: 'GET', path: '/api/ai/images/generate', allow: 'POST' },
    { method: 'DELETE', path: '/api/ai/images/edit', allow: 'POST' },
    { method: 'PUT', path: '/api/ai/queue', allow: 'POST, GET' },
    { method: 'POST', path: '/api/ai/queue/some', allow: 'GET, DELETE' },
    { method: 'POST', path: '/api/ai/models', allow: 'GET' },
  ])('$method $path is not allowed', async ({ method, path, allow }) => {
    const response = await call(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(await response.json<OxenError>()).toMatchObject({ error: { type: 'method_not_allowed' } });
  });

  it('is told in the same shape: another path, another type', async () => {
    const nowhere = await call('/api/ai/videos/generate', { json: {} });
    expect(nowhere.status).toBe(404);
    expect(await nowhere.json<OxenError>()).toMatchObject({ error: { type: 'resource_not_found' } });
    const headers = { 'content-type': 'text/plain' };
    const text = await call('/api/ai/images/generate', { body: '{}', headers });
    expect(text.status).toBe(415);
    expect(await text.json<OxenError>()).toMatchObject({ error: { type: 'unsupported_media_type' } });
  });
});
