import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { call } from '../support/front-door';
import { model, type Prediction, replicateBase } from '../support/replicate-caller';

describe("the vendor's samples", () => {
  afterEach(() => vi.restoreAllMocks());

  it('run a model and wait for it', async () => {
    const response = await call(`${replicateBase}/models/${model}/predictions`, {
      body: '{"input": {"prompt": "Write a short poem about the weather."}}',
      headers: { prefer: 'wait', 'content-type': 'application/json' },
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ status: 'succeeded', output: expect.stringMatching(/\.webp\?/) });
  });

  it('name every input, and a webhook', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response());
    const input =
      '{"prompt":"sandbox:moderated-request","input_images":[],"aspect_ratio":"1:1","resolution":"1 MP","steps":30,' +
      '"guidance":4.5,"seed":1,"safety_tolerance":2,"prompt_upsampling":true,"output_format":"webp","output_quality":80}';
    const response = await call(`${replicateBase}/models/${model}/predictions`, {
      body: `{"input":${input},"webhook":"https://example.com/my-webhook","webhook_events_filter":["start", "completed"]}`,
      headers: { prefer: 'wait=60', 'content-type': 'application/json' },
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ input: { steps: 30, seed: 1, width: 1024 } });
  });

  it('create a prediction and cancel it, without a body or its type', async () => {
    const created = await call(`${replicateBase}/models/${model}/predictions`, {
      body: '{\n "input": {\n "prompt": "a video that may take a while to generate sandbox:never"\n }\n }',
      headers: { 'content-type': 'application/json' },
    });
    const { id } = await created.json<Prediction>();
    const response = await call(`${replicateBase}/predictions/${id}/cancel`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ id, status: 'canceled' });
  });

  it('upload a file with the Token scheme, its metadata as a text', async () => {
    const { DEV_API_KEY } = env;
    const form = new FormData();
    form.append('content', new Blob([pictureBytes('webpLossy')], { type: 'image/webp' }), 'example.webp');
    form.append('metadata', '{"customer_reference_id": 123}');
    const headers = { authorization: `Token ${DEV_API_KEY}` };
    const response = await call(`${replicateBase}/files`, { body: form, headers, key: null });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ name: 'example.webp', content_type: 'image/webp' });
  });

  it('ask for predictions by version', async () => {
    const version = '4139a7655e86b5d2f51450b52491369ec5b1250ff9af033f5de28cd121c24906';
    const response = await call(`${replicateBase}/predictions`, {
      body: `{"version": "${version}", "input": {"prompt": "sandbox:moderated-request"}}`,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(201);
  });
});
