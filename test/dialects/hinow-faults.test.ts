import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode, faultTable } from '../../src/core/fault';
import { hinow } from '../../src/dialects/hinow';
import { addAccount } from '../support/accounts';
import { type Call, call } from '../support/front-door';
import { type HinowError, order } from '../support/hinow-caller';

const shape = { error: { message: expect.any(String), type: expect.any(String), code: expect.any(String) } };

describe('a parameter that is wrong', () => {
  const cases = [
    { field: 'aspect_ratio', values: ['21:9', '4:5', 'wide', 1, {}] },
    { field: 'num_inference_steps', values: [28, '28', 0, 51, '50.5', 'many', true] },
    { field: 'guidance_scale', values: [4.5, '1.5', 11, 'much', {}] },
    { field: 'output_format', values: ['webp', 'jpg', 'JPEG', 3] },
    { field: 'n', values: [0, 11, 1.5, 'two', '-1'] },
    { field: 'width', values: [63, 4097, 64.5, 'wide', true] },
    { field: 'height', values: [63, 4097, '64.5', []] },
    { field: 'size', values: ['64', '64*64', '63x64', '4096x4096', 64] },
    { field: 'seed', values: [-2, 2 ** 32, 1.5, 'x', true] },
    { field: 'images', values: [3, {}, ['not a picture'], [3]] },
    { field: 'image_url', values: ['https://127.0.0.1/x.png', 'ftp://example.com/x.png'] },
  ].flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(cases)('is named: $field as $value', async ({ field, value }) => {
    const size = field === 'size' ? { width: null, height: null } : {};
    const response = await order('hinow: wrong', { ...size, [field]: value });
    expect(response.status).toBe(400);
    const body = await response.json<HinowError>();
    expect(body).toEqual(shape);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_request' });
    expect(body.error.message).toMatch(new RegExp(`^${field}[.:]`));
  });

  it.each([
    { field: 'prompt', json: {} },
    { field: 'prompt', json: { prompt: '  ' } },
    { field: 'prompt', json: { prompt: 'x'.repeat(32_001) } },
    { field: 'prompt', json: { prompt: ['x'] } },
    { field: 'model', json: { prompt: 'x', model: 3 } },
    { field: 'parameters', json: { prompt: 'x', parameters: 'steps=3' } },
    { field: 'parameters', json: { prompt: 'x', parameters: [] } },
  ])('is named: $json', async ({ field, json }) => {
    const response = await call('/v1/images', { json });
    expect(response.status).toBe(400);
    expect((await response.json<HinowError>()).error.message).toMatch(new RegExp(`^${field}:`));
  });

  it('is told together with the others', async () => {
    const response = await order(undefined, { num_inference_steps: 1, guidance_scale: 1 });
    const { error } = await response.json<HinowError>();
    expect(error.message).toMatch(/prompt: .*; num_inference_steps: .*; guidance_scale: /);
  });

  it.each([[], null, 'text', 3])('or a body that is no object: %o', async (json) => {
    const response = await call('/v1/images', { json });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(shape);
  });
});

describe('a model that is not here', () => {
  it.each(['flux-2-pro', 'hinow/himax', 'black-forest-labs/flux-2-max'])('is not found: %s', async (model) => {
    const response = await call('/v1/images', { json: { model, prompt: 'x' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });
});

describe('a key', () => {
  it.each<{ name: string; options: Call }>([
    { name: 'none', options: { key: null } },
    { name: 'unknown', options: { key: 'hi_unknown' } },
    { name: 'without its scheme', options: { key: null, headers: { authorization: env.DEV_API_KEY ?? '' } } },
    { name: 'in another header', options: { key: null, headers: { 'x-key': env.DEV_API_KEY ?? '' } } },
  ])('that is $name is refused', async ({ options }) => {
    for (const response of [await order('hinow: keys', {}, options), await call('/v1/balance', options)]) {
      expect(response.status).toBe(401);
      const text = await response.text();
      expect(JSON.parse(text)).toEqual(shape);
      expect(JSON.parse(text)).toMatchObject({ error: { type: 'authentication_error', code: 'invalid_api_key' } });
      expect(text).not.toContain(env.DEV_API_KEY);
    }
  });

  it('of an account opens both routes', async () => {
    const key = await addAccount('hinow-good');
    expect((await order('hinow: account', {}, { key })).status).toBe(200);
    expect((await call('/v1/balance', { key })).status).toBe(200);
  });
});

describe('the balance', () => {
  it('is a number of dollars in an envelope', async () => {
    const response = await call('/v1/balance');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toMatchObject({ data: { balance: expect.any(Number) }, success: true });
  });
});

describe('the model', () => {
  it("has the fields of the SDK and the parameters of the page's table", async () => {
    const response = await call('/v1/models/black-forest-labs/flux-2-flex');
    expect(await response.json()).toMatchObject({
      id: 'black-forest-labs/flux-2-flex',
      object: 'model',
      name: expect.any(String),
      category: expect.arrayContaining(['text_to_image']),
      created: expect.any(Number),
      owned_by: expect.any(String),
      endpoint: '/v1/images',
      cost: { type: expect.any(String), total: expect.any(Number), input: 0, output: expect.any(Number) },
      parameters: {
        properties: {
          aspect_ratio: expect.any(Object),
          num_inference_steps: { default: 50, enum: expect.arrayContaining([25, '25']) },
          guidance_scale: { default: 5 },
          output_format: { default: 'jpeg', enum: ['jpeg', 'png'] },
        },
      },
    });
  });
});

describe('a request that is none', () => {
  it('of another method is told which are taken', async () => {
    for (const [path, method, allow] of [
      ['/v1/images', 'GET', 'POST'],
      ['/v1/images', 'DELETE', 'POST'],
      ['/v1/balance', 'POST', 'GET'],
    ] as const) {
      const response = await call(path, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
      expect(await response.json()).toEqual(shape);
    }
  });

  it('of another type, or broken, is refused', async () => {
    const form = await call('/v1/images', { body: 'prompt=x', headers: { 'content-type': 'text/plain' } });
    const broken = await call('/v1/images', { body: '{"prompt":', headers: { 'content-type': 'application/json' } });
    expect([form.status, broken.status]).toEqual([415, 400]);
    expect([await form.json(), await broken.json()]).toEqual([shape, shape]);
  });
});

describe('a picture that is not made', () => {
  it.each([
    { trigger: 'sandbox:moderated-request', status: 400, code: 'content_policy_violation' },
    { trigger: 'sandbox:moderated-output', status: 400, code: 'content_policy_violation' },
    { trigger: 'sandbox:error', status: 502, code: 'provider_failed' },
    { trigger: 'sandbox:refused', status: 503, code: 'service_unavailable' },
    { trigger: 'sandbox:unknown', status: 409, code: 'outcome_unknown' },
  ])('after $trigger is answered $status', async ({ trigger, status, code }) => {
    const response = await order(`hinow ${trigger}`);
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code } });
    expect(text).not.toContain(trigger);
  });
});

describe('every fault', () => {
  const codes = Object.keys(faultTable) as FaultCode[];
  it.each(codes)('has the shape of the SDK: %s', (code) => {
    const { status, body } = hinow.encodeFault(new Fault(code, 'A sentence.'), 'request');
    expect(body).toEqual(shape);
    expect(body).toMatchObject({ error: { message: 'A sentence.' } });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it('that may have bought a picture is of a status which the SDK does not repeat', () => {
    const isRepeated = (code: FaultCode) => {
      const { status } = hinow.encodeFault(new Fault(code, ''), 'request');
      return status === 429 || status >= 500;
    };
    expect(codes.filter(isRepeated)).toEqual(['rate_limited', 'internal', 'provider_failed', 'unavailable']);
  });
});
