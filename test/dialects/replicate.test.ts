import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { readPng } from '../providers/sandbox/read-png';
import { bytesAt, call, origin } from '../support/front-door';
import {
  ended,
  fingerprintOf,
  look,
  model,
  type Prediction,
  predict,
  predicted,
  replicateBase,
  smallInput,
} from '../support/replicate-caller';

const atOnce = { headers: { prefer: '' } };
/** Is refused before anything is drawn: enough where only the request matters. */
const undrawn = 'sandbox:moderated-request';

describe('a prediction', () => {
  it('is answered at once as starting, with every field, where no Prefer is sent', async () => {
    const response = await predict({ ...smallInput, prompt: 'replicate: at once' }, atOnce);
    expect(response.status).toBe(201);
    const prediction = await response.json<Prediction>();
    const get = `${origin}${replicateBase}/predictions/${prediction.id}`;
    expect(response.headers.get('location')).toBe(get);
    expect(prediction).toEqual({
      id: expect.stringMatching(/^[\w-]{1,128}$/),
      model: 'black-forest-labs/flux-2-flex',
      version: 'hidden',
      input: {
        prompt: 'replicate: at once',
        input_images: [],
        ...smallInput,
        guidance: 4.5,
        seed: expect.any(Number),
        safety_tolerance: 2,
        prompt_upsampling: true,
      },
      output: null,
      logs: expect.any(String),
      error: null,
      status: 'starting',
      source: 'api',
      data_removed: false,
      created_at: expect.stringMatching(/^\d{4}-.+Z$/),
      started_at: null,
      completed_at: null,
      metrics: {},
      urls: { get, cancel: `${get}/cancel`, stream: `${get}/stream`, web: `${origin}/replicate/p/${prediction.id}` },
    });
  });

  it('is answered with its picture where Prefer: wait is sent, and read again the same', async () => {
    const prediction = await predicted({ prompt: 'replicate: wait' });
    expect(prediction).toMatchObject({ status: 'succeeded', error: null, output: expect.any(String) });
    const { created_at, started_at, completed_at, metrics } = prediction;
    expect(Date.parse(started_at ?? '')).toBeGreaterThanOrEqual(Date.parse(created_at));
    expect(Date.parse(completed_at ?? '')).toBeGreaterThanOrEqual(Date.parse(started_at ?? ''));
    expect(metrics.total_time).toBeGreaterThanOrEqual(metrics.predict_time ?? Number.NaN);
    const png = await readPng(await bytesAt(prediction.output ?? ''));
    expect([png.width, png.height]).toEqual([256, 256]);
    expect(await look(prediction.id)).toMatchObject({
      id: prediction.id,
      output: prediction.output,
      status: 'succeeded',
    });
  });

  it('is starting, never processing, when the wait runs out; then processing when it is read', async () => {
    const response = await predict({ prompt: 'replicate: sandbox:never' }, { headers: { prefer: 'wait=1' } });
    expect(response.status).toBe(202);
    const { id, status } = await response.json<Prediction>();
    expect(status).toBe('starting');
    expect(await look(id)).toMatchObject({ status: 'processing', output: null, completed_at: null });
  });

  it('has succeeded at once where the picture is stored, waiting or not', async () => {
    const first = await predicted({ prompt: 'replicate: stored', seed: 1 });
    const response = await predict({ ...smallInput, prompt: 'replicate: stored', seed: 1 }, atOnce);
    expect(response.headers.get('x-fluxgate-source')).toBe('hit');
    expect(await response.json()).toMatchObject({ status: 'succeeded', output: first.output });
  });

  it.each([
    { prefer: 'respond-async', status: 'starting' },
    { prefer: 'respond-async, wait=10', status: 'succeeded' },
    { prefer: 'WAIT = "5"', status: 'succeeded' },
    { prefer: 'waiting', status: 'starting' },
  ])('understands Prefer: $prefer', async ({ prefer, status }) => {
    const input = { ...smallInput, prompt: `replicate: prefer ${prefer}` };
    const response = await predict(input, { headers: { prefer } });
    expect(await response.json()).toMatchObject({ status });
  });

  it('tells what was understood otherwise than it was sent', async () => {
    const headers = { prefer: 'wait=600', 'cancel-after': '5m' };
    const input = { prompt: undrawn, aspect_ratio: '1:1', width: 300, output_quality: 0 };
    const notes = (await predict(input, { headers })).headers.get('x-fluxgate-notes');
    for (const word of ['Cancel-After', 'wait: 600 was taken as 60', 'width', 'output_quality: 0 was taken as 1'])
      expect(notes).toContain(word);
    const silent = await predict({ prompt: undrawn });
    expect(silent.headers.get('x-fluxgate-notes')).toBeNull();
  });

  it('shows the seed and the progress in its logs', async () => {
    const { logs, input } = await predicted({ prompt: 'replicate: logs' });
    expect(logs).toContain(`Using seed: ${input.seed}`);
    expect(logs).toMatch(/^100%\|█{10}\| 100\/100$/m);
  });

  it('shows an input that makes the same picture again', async () => {
    const input = { prompt: { scene: 'replicate: again', hex: '#ff8800' }, aspect_ratio: '2:3', resolution: '0.5 MP' };
    const response = await predict({ ...input, input_images: [pictureBytes('gif').toBase64()], output_format: 'jpg' });
    const first = await response.json<Prediction>();
    expect(first.input).toMatchObject({ prompt: input.prompt, aspect_ratio: 'custom', output_format: 'jpg' });
    const again = await predict(first.input);
    expect(again.headers.get('x-fluxgate-source')).toBe('hit');
    expect((await again.json<Prediction>()).output).toBe(first.output);
  });

  it('ignores unknown inputs, and never shows them', async () => {
    const known = await fingerprintOf({ prompt: undrawn, seed: 1 });
    const response = await predict({ prompt: undrawn, seed: 1, go_fast: true, hf_token: 'hf_secret' });
    expect(response.headers.get('x-fluxgate-fingerprint')).toBe(known);
    const text = await response.text();
    expect(text).not.toContain('hf_');
    const { id } = JSON.parse(text) as Prediction;
    expect(JSON.stringify(await look(id))).not.toContain('hf_');
  });

  it('names the origin that the caller used in every URL', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', host: 'evil.example' };
    const { output, urls } = await predicted({ prompt: 'replicate: origin' }, { headers });
    for (const url of [output ?? '', ...Object.values(urls)]) expect(new URL(url).origin).toBe(origin);
  });
});

describe('the model', () => {
  const version = '74299cd6035253a57375293dfbde8479a401f7c53b9f2eefc7b3f321fb2d8cfe';
  const input = { prompt: `replicate: model ${undrawn}`, seed: 1 };
  const names = [model, 'hidden', version, `${model}:${version}`, `${model}:hidden`, 'flux.2-flex'];

  it.each(names)('is named by version: %s', async (name) => {
    const response = await call(`${replicateBase}/predictions`, { json: { version: name, input } });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-fluxgate-fingerprint')).toBe(await fingerprintOf(input));
  });

  it('is named by model, where no version is sent', async () => {
    expect((await call(`${replicateBase}/predictions`, { json: { model, input } })).status).toBe(201);
  });

  it.each(['meta/meta-llama-3-70b-instruct', 'a'.repeat(64), 'acme/flux-2-flex-clone:hidden'])(
    'is not found by version: %s',
    async (name) => {
      const response = await call(`${replicateBase}/predictions`, { json: { version: name, input } });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ status: 404, detail: expect.stringContaining(model) });
    },
  );

  it('is in the path, in all its spellings', async () => {
    const statusAt = async (name: string) =>
      (await call(`${replicateBase}/models/${name}/predictions`, { json: { input } })).status;
    const found = await Promise.all([model, 'black-forest-labs/flux.2-flex', 'fal-ai/flux-2-flex'].map(statusAt));
    expect(found).toEqual([201, 201, 201]);
    expect(await statusAt('stability-ai/sdxl')).toBe(404);
  });
});

describe('cancelling', () => {
  it('takes an empty body with a JSON content type, and ends the prediction as canceled', async () => {
    const { id } = await predicted({ prompt: 'replicate: cancel sandbox:never' }, atOnce);
    const path = `${replicateBase}/predictions/${id}/cancel`;
    const response = await call(path, { method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id, status: 'canceled', output: null, error: null });
    expect(await ended(id)).toMatchObject({ status: 'canceled', error: null });
  });

  it('leaves a prediction that has succeeded as it is', async () => {
    const { id, output } = await predicted({ prompt: 'replicate: cancel late' });
    const response = await call(`${replicateBase}/predictions/${id}/cancel`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ status: 'succeeded', output });
  });
});
