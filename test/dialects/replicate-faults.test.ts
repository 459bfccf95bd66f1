import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { Fault, type FaultCode, faultTable } from '../../src/core/fault';
import { replicate } from '../../src/dialects/replicate';
import { addAccount } from '../support/accounts';
import { call } from '../support/front-door';
import {
  ended,
  look,
  model,
  type Prediction,
  predict,
  predicted,
  replicateBase,
  smallInput,
} from '../support/replicate-caller';

interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly invalid_fields: readonly { readonly type: string; readonly field: string; readonly description: string }[];
}

describe('how a prediction can end without a picture', () => {
  const cases = [
    { trigger: 'sandbox:moderated-request', error: /flagged as sensitive.*\(E005\)/ },
    { trigger: 'sandbox:moderated-output', error: /flagged as sensitive.*\(E005\)/ },
    { trigger: 'sandbox:error', error: /^[^()]+$/ },
    { trigger: 'sandbox:refused', error: /unavailable/ },
    { trigger: 'sandbox:unknown', error: /accepted/ },
  ];
  it.each(cases)('$trigger fails, waiting or not', async ({ trigger, error }) => {
    const input = { ...smallInput, prompt: `replicate ending ${trigger}` };
    const response = await predict(input);
    expect(response.status).toBe(201);
    const failed = { status: 'failed', output: null, error: expect.stringMatching(error) };
    const waited = await response.json<Prediction>();
    expect(waited).toMatchObject(failed);
    expect(await look(waited.id)).toMatchObject(failed);
    const { id } = await predicted(input, { headers: { prefer: '' } });
    expect(await ended(id)).toMatchObject(failed);
  });
});

describe('keys', () => {
  const paths = ['predictions', 'account', `models/${model}`, 'webhooks/default/secret', 'files/a', 'predictions/a'];

  it.each([
    { name: 'no key', options: { key: null } },
    { name: 'an unknown key', options: { key: 'fg_unknown' } },
    { name: 'another scheme', options: { key: null, headers: { authorization: `Basic ${env.DEV_API_KEY}` } } },
    { name: 'an x-key', options: { key: null, headers: { 'x-key': env.DEV_API_KEY } } },
  ])('$name is a 401 that does not show the key', async ({ options }) => {
    const gets = paths.map((path) => call(`${replicateBase}/${path}`, options));
    for (const response of await Promise.all([...gets, predict({ prompt: 'replicate: keys' }, options)])) {
      expect(response.status).toBe(401);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ title: 'Unauthenticated', status: 401, detail: expect.any(String) });
      expect(text).not.toContain('fg_');
    }
  });

  it.each(['Bearer', 'Token', 'token'])('are taken behind %s', async (scheme) => {
    const headers = { authorization: `${scheme} ${env.DEV_API_KEY}` };
    expect((await call(`${replicateBase}/account`, { key: null, headers })).status).toBe(200);
  });

  it('of other accounts neither read, cancel nor list a prediction', async () => {
    const key = await addAccount('replicate-other');
    const { id } = await predicted({ prompt: 'replicate: whose' });
    const read = await call(`${replicateBase}/predictions/${id}`, { key });
    const cancel = await call(`${replicateBase}/predictions/${id}/cancel`, { key, method: 'POST' });
    for (const response of [read, cancel]) {
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ title: 'Prediction not found', status: 404 });
    }
    const list = await call(`${replicateBase}/predictions`, { key });
    expect(await list.json()).toEqual({ previous: null, next: null, results: [] });
  });
});

describe('an input that is wrong', () => {
  const cases = [
    { field: 'prompt', values: [undefined, null, '', '  ', 'x'.repeat(32_001), 3, true, ['a'], {}] },
    { field: 'aspect_ratio', values: ['21:9', '16/9', 'auto', 1, {}] },
    { field: 'resolution', values: ['1MP', '8 MP', 1, {}] },
    { field: 'width', values: [255, 2049, 300.5, 'wide', {}] },
    { field: 'height', values: [255, 2049, -256, 'high', []] },
    { field: 'steps', values: [0, 51, 1.5, 'many', {}] },
    { field: 'guidance', values: [1.4, 10.1, 'much', {}] },
    { field: 'seed', values: [-2, 2 ** 32, 1.5, 'abc', {}] },
    { field: 'safety_tolerance', values: [0, 6, 2.5, 'low'] },
    { field: 'prompt_upsampling', values: ['maybe', 2, {}] },
    { field: 'output_format', values: ['jpeg', 'gif', 'WEBP', 3] },
    { field: 'output_quality', values: [-1, 101, 50.5, 'best'] },
    {
      field: 'input_images',
      values: [3, {}, [3], ['not a picture'], ['ftp://example.com/a.png'], Array(11).fill('x')],
    },
  ].flatMap(({ field, values }) => values.map((value) => ({ field, value })));

  it.each(cases)('is named: $field for $value', async ({ field, value }) => {
    const response = await predict({ prompt: 'replicate: wrong', aspect_ratio: 'custom', [field]: value });
    expect(response.status).toBe(422);
    const problem = await response.json<Problem>();
    expect(problem).toMatchObject({ title: 'Input validation failed', status: 422 });
    expect(problem.detail).toMatch(new RegExp(`^- input\\.${field}[.:\\d]`));
    expect(problem.invalid_fields[0]?.field).toMatch(new RegExp(`^input\\.${field}(\\.0)?$`));
  });

  it('is named with all the others', async () => {
    const problem = await (await predict({ prompt: 3, steps: 0, guidance: 99 })).json<Problem>();
    expect(problem.invalid_fields.map(({ field }) => field)).toEqual(['input.prompt', 'input.steps', 'input.guidance']);
    expect(problem.detail.split('\n').slice(0, -1)).toHaveLength(3);
  });
});

describe('a body that is wrong', () => {
  const input = { prompt: 'replicate: body' };
  const send = (json: unknown, path = `models/${model}/predictions`) => call(`${replicateBase}/${path}`, { json });

  it.each([
    { name: 'no input', json: { version: 'hidden' }, field: 'input' },
    { name: 'an input that is text', json: { input: 'a cat' }, field: 'input' },
    { name: 'a webhook that is no URL', json: { input, webhook: 'here' }, field: 'webhook' },
    { name: 'a webhook that is private', json: { input, webhook: 'https://10.0.0.1/' }, field: 'webhook' },
    { name: 'unknown events', json: { input, webhook_events_filter: ['end'] }, field: 'webhook_events_filter.0' },
    { name: 'no list of events', json: { input, webhook_events_filter: 'start' }, field: 'webhook_events_filter' },
  ])('is refused for $name', async ({ json, field }) => {
    const response = await send(json);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ invalid_fields: [{ field, description: expect.any(String) }] });
  });

  it('is refused for a misspelt field beside input, as Replicate does, without its value', async () => {
    const response = await send({ inptu: { prompt: 'a private cat' } });
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toContain('additional property \\"inptu\\" is not allowed');
    expect(text).not.toContain('private');
  });

  it('is refused without a version where the path names no model', async () => {
    const response = await send({ input }, 'predictions');
    expect(await response.json()).toMatchObject({ status: 422, invalid_fields: [{ field: 'version' }] });
  });

  it.each(['', '{', 'null', '[]', '"text"'])('is refused where it is %o', async (body) => {
    const response = await call(`${replicateBase}/predictions`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ title: 'Input validation failed', detail: expect.any(String) });
  });

  it('is refused in another content type', async () => {
    const response = await call(`${replicateBase}/predictions`, {
      body: 'a=b',
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ status: 415, detail: expect.stringContaining('application/json') });
  });
});

describe('what is not there', () => {
  it.each([
    { method: 'PUT', path: 'predictions', status: 405 },
    { method: 'DELETE', path: 'predictions/a', status: 405 },
    { method: 'GET', path: 'predictions/a/cancel', status: 405 },
    { method: 'GET', path: 'predictions/a', status: 404 },
    { method: 'POST', path: 'predictions/a/cancel', status: 404 },
    { method: 'GET', path: 'files/a', status: 404 },
    { method: 'GET', path: 'models/stability-ai/sdxl', status: 404 },
    { method: 'GET', path: `models/${model}/versions/${'a'.repeat(64)}`, status: 404 },
    { method: 'GET', path: 'trainings', status: 404 },
    { method: 'GET', path: 'predictions?cursor=%00', status: 422 },
    { method: 'GET', path: 'predictions?created_after=yesterday', status: 422 },
  ])('$method $path is a $status', async ({ method, path, status }) => {
    const response = await call(`${replicateBase}/${path}`, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect(response.headers.has('allow')).toBe(status === 405);
  });
});

describe('every fault', () => {
  it.each(Object.keys(faultTable) as FaultCode[])('has a title, a detail and its status: %s', (code) => {
    const fault = new Fault(code, 'A sentence.', { cause: new Error('secret') });
    const { status, body } = replicate.encodeFault(fault, 'request-1');
    expect(status).toBe(code === 'invalid_request' ? 422 : faultTable[code].status);
    expect(body).toMatchObject({
      status,
      title: expect.stringMatching(/^[A-Z]/),
      detail: expect.stringContaining('A s'),
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('tells when a throttled request may be sent again', () => {
    const { body } = replicate.encodeFault(new Fault('rate_limited', 'Slow.', { retryAfterSeconds: 0.4 }), 'request-1');
    expect(body).toMatchObject({
      retry_after: 1,
      detail: 'Request was throttled. Expected available in 1 second. Slow.',
    });
  });
});
