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

describe('every input', () => {
  const base = { prompt: `replicate: inputs ${undrawn}`, seed: 11 };
  const defaults = {
    ...{ input_images: [], aspect_ratio: '1:1', resolution: '1 MP', steps: 30, guidance: 4.5, safety_tolerance: 2 },
    ...{ prompt_upsampling: true, output_format: 'webp', output_quality: 80 },
  };
  const changes = [
    { prompt: `replicate: other ${undrawn}` },
    { seed: 12 },
    { aspect_ratio: '16:9' },
    { resolution: '2 MP' },
    { aspect_ratio: 'custom', width: 512, height: 1024 },
    { steps: 50 },
    { guidance: 5 },
    { safety_tolerance: 5 },
    { prompt_upsampling: false },
    { input_images: [pictureBytes('png').toBase64()] },
  ];
  it.each(changes)('is part of the picture: %o', async (change) => {
    expect(await fingerprintOf({ ...base, ...change })).not.toBe(await fingerprintOf(base));
  });

  it('that decides the file alone leaves the picture the same', async () => {
    const changed = { ...base, output_format: 'jpg', output_quality: 10 };
    expect(await fingerprintOf(changed)).toBe(await fingerprintOf(base));
  });

  it('takes its default where it is absent or null', async () => {
    const nulls = Object.fromEntries(Object.keys(defaults).map((name) => [name, null]));
    const absent = await fingerprintOf(base);
    expect(await fingerprintOf({ ...base, ...defaults })).toBe(absent);
    expect(await fingerprintOf({ ...base, ...nulls, width: null, height: null })).toBe(absent);
  });

  it('may be a number sent as text', async () => {
    const numbers = { ...base, steps: 12, guidance: 2.5, safety_tolerance: 1, prompt_upsampling: false };
    const texts = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
    expect(await fingerprintOf(texts)).toBe(await fingerprintOf(numbers));
  });

  it.each([
    { output_format: undefined, contentType: 'image/webp' },
    { output_format: 'jpg', contentType: 'image/jpeg' },
    { output_format: 'png', contentType: 'image/png' },
  ])('is delivered as $contentType for output_format $output_format', async ({ output_format, contentType }) => {
    const { output } = await predicted({ prompt: 'replicate: formats', seed: 1, output_format });
    const url = new URL(output ?? '');
    const picture = await call(url.pathname + url.search, { key: null });
    expect(picture.headers.get('content-type')).toBe(contentType);
  });

  it('is asked for in the quality that was sent, which is 80 where none was', async () => {
    const qualityOf = async (output_quality?: number) => {
      const input = { prompt: 'replicate: quality', seed: 1, output_format: 'jpg', output_quality };
      return new URL((await predicted(input)).output ?? '').searchParams.get('q');
    };
    expect(await Promise.all([qualityOf(), qualityOf(33), qualityOf(0)])).toEqual(['80', '33', '1']);
  });
});

describe('sizes', () => {
  const reference = pictureBytes('png').toBase64();
  const match = { aspect_ratio: 'match_input_image', input_images: [reference] };
  const cases = [
    { input: {}, size: [1024, 1024] },
    { input: { aspect_ratio: '16:9' }, size: [1360, 768] },
    { input: { aspect_ratio: '4:5' }, size: [912, 1152] },
    { input: { resolution: '0.5 MP' }, size: [720, 720] },
    { input: { resolution: '4 MP' }, size: [2048, 2048] },
    { input: { aspect_ratio: '16:9', resolution: '4 MP' }, size: [2048, 1152] },
    { input: { aspect_ratio: '9:16', resolution: '2 MP' }, size: [1088, 1936] },
    { input: { aspect_ratio: 'custom', width: 1000, height: 300 }, size: [1000, 300] },
    { input: { aspect_ratio: 'custom', width: 640 }, size: [640, 1024] },
    { input: { ...match, resolution: 'match_input_image' }, size: [928, 560] },
    { input: { ...match, resolution: '2 MP' }, size: [1872, 1120] },
    { input: { ...match, resolution: '4 MP' }, size: [2048, 1232] },
    { input: { ...match, aspect_ratio: '1:1', resolution: 'match_input_image' }, size: [720, 720] },
    { input: { aspect_ratio: 'match_input_image', resolution: 'match_input_image' }, size: [1024, 1024] },
    { input: { aspect_ratio: 'match_input_image', resolution: '0.5 MP' }, size: [720, 720] },
  ];
  it.each(cases)('$input gives $size', async ({ input, size }) => {
    const { input: shown } = await (await predict({ prompt: undrawn, ...input })).json<Prediction>();
    expect([shown.width, shown.height]).toEqual(size);
  });

  it("are a reference's own where they are from 0.5 to 4 MP", async () => {
    const { output } = await predicted({ prompt: 'replicate: own size', width: 1000, height: 700 });
    const like = { prompt: undrawn, input_images: [output], resolution: 'match_input_image' };
    const matched = await predict({ ...like, aspect_ratio: 'match_input_image' });
    expect((await matched.json<Prediction>()).input).toMatchObject({ width: 1000, height: 700 });
    const square = await predict({ ...like, aspect_ratio: '1:1' });
    expect((await square.json<Prediction>()).input).toMatchObject({ width: 832, height: 832 });
  });

  it('are delivered to the pixel', async () => {
    const { output } = await predicted({ prompt: 'replicate: to the pixel', width: 300, height: 259 });
    const png = await readPng(await bytesAt(output ?? ''));
    expect([png.width, png.height]).toEqual([300, 259]);
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
