import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { readPng } from '../providers/sandbox/read-png';
import { purchasesOf } from '../support/accounts';
import { ended as endedBfl, fingerprintIn, submitted as submittedBfl } from '../support/bfl-caller';
import {
  callFal,
  fingerprintOf,
  imageIn,
  made,
  model,
  okay,
  type Result,
  resultOf,
  run,
  type Submitted,
  submit,
  submitted,
} from '../support/fal-caller';
import { bytesAt, origin } from '../support/front-door';

/** The sample of fal's page, for the waiting API and for the queue: only host and key are others. */
const sample = `{
     "prompt": "A high-quality 3D render of a cute fluffy monster eating a giant donut; the fur simulation is incredibly detailed, the donut glaze is sticky and reflective, bright daylight lighting, shallow depth of field."
   }`;
const wholeSample = `{
  "prompt": "A high-quality 3D render of a cute fluffy monster eating a giant donut; the fur simulation is incredibly detailed, the donut glaze is sticky and reflective, bright daylight lighting, shallow depth of field.",
  "image_size": "landscape_4_3",
  "enable_prompt_expansion": true,
  "safety_tolerance": "2",
  "enable_safety_checker": true,
  "output_format": "jpeg",
  "guidance_scale": 3.5,
  "num_inference_steps": 28
}`;
const json = { 'content-type': 'application/json' };
const base64 = (name: Parameters<typeof pictureBytes>[0]) => pictureBytes(name).toBase64();

describe('the samples of the page', () => {
  it('run as they stand', async () => {
    const response = await callFal(`/fal/run/${model}`, { method: 'POST', headers: json, body: sample });
    const result = await okay<Result>(response);
    expect(result).toEqual({
      images: [
        {
          url: `${origin}/images/${fingerprintOf(response)}.jpg`,
          content_type: 'image/jpeg',
          file_name: `${fingerprintOf(response)}.jpg`,
          width: 1024,
          height: 768,
        },
      ],
      seed: Number(response.headers.get('x-fluxgate-seed')),
    });
    expect((await bytesAt(imageIn(result).url)).slice(0, 3).toHex()).toBe('ffd8ff');
  });

  const asCurlSendsIt = { 'content-type': 'application/x-www-form-urlencoded' };
  it.each([json, asCurlSendsIt, {}])('go through the queue as they stand, as %o', async (headers) => {
    const body = new TextEncoder().encode(sample);
    const response = await callFal(`/fal/${model}`, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
    const result = await okay<Result>(await resultOf(await response.json<Submitted>()));
    expect(imageIn(result)).toMatchObject({ width: 1024, height: 768, content_type: 'image/jpeg' });
  });

  it('say the same with every default written out', async () => {
    const seeded = (text: string) => text.replace('{', '{"seed": 42,');
    const [short, whole] = await Promise.all(
      [sample, wholeSample].map((body) =>
        callFal(`/fal/run/${model}`, { method: 'POST', headers: json, body: seeded(body) }),
      ),
    );
    expect(short?.status).toBe(200);
    expect(await short?.json()).toEqual(await whole?.json());
  });
});

describe('defaults', () => {
  it.each([false, true])('are those of the page; in an edit: %s', async (isEdit) => {
    const image_urls = [base64('png')];
    const nothing = { image_size: undefined, num_inference_steps: undefined, output_format: undefined };
    const response = await run({ ...nothing, prompt: 'fal: defaults', image_urls }, { isEdit });
    const { content_type } = imageIn(await okay<Result>(response));
    expect(content_type).toBe('image/jpeg');
    const recipe = await callFal(`/images/${fingerprintOf(response)}.json`, { key: null });
    expect(await recipe.json()).toMatchObject({
      recipe: { steps: 28, guidance: 3.5, prompt_upsampling: true, safety_tolerance: 2 },
    });
  });
});

describe('sizes', () => {
  const cases: { image_size: unknown; size: number[] }[] = [
    { image_size: 'square_hd', size: [1024, 1024] },
    { image_size: 'square', size: [512, 512] },
    { image_size: 'portrait_4_3', size: [768, 1024] },
    { image_size: 'portrait_16_9', size: [576, 1024] },
    { image_size: 'landscape_4_3', size: [1024, 768] },
    { image_size: 'landscape_16_9', size: [1024, 576] },
    { image_size: null, size: [1024, 768] },
    { image_size: undefined, size: [1024, 768] },
    { image_size: { width: 100, height: 70 }, size: [100, 70] },
    { image_size: { width: '96', height: '64' }, size: [96, 64] },
    { image_size: { width: 96 }, size: [96, 512] },
    { image_size: {}, size: [512, 512] },
  ];
  it.each(cases)('$image_size is $size', async ({ image_size, size }) => {
    const image = imageIn(await made({ prompt: 'fal: sizes', image_size }));
    expect([image.width, image.height]).toEqual(size);
    const png = await readPng(await bytesAt(image.url));
    expect([png.width, png.height]).toEqual(size);
  });
});

describe('every parameter', () => {
  const base = {
    prompt: 'fal: parameters',
    seed: 11,
    guidance_scale: 3.5,
    safety_tolerance: '2',
    enable_prompt_expansion: true,
  };
  const changes = [
    { prompt: 'fal: another prompt' },
    { seed: 12 },
    { guidance_scale: 1.5 },
    { num_inference_steps: 3 },
    { safety_tolerance: '1' },
    { enable_safety_checker: false },
    { enable_prompt_expansion: false },
    { image_size: 'square' },
  ];
  it.each(changes)('is part of the picture: %o', async (change) => {
    const [one, other] = await Promise.all([submit(base), submit({ ...base, ...change })]);
    expect(fingerprintOf(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf(other)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(one));
  });

  const deliveries = [
    { output_format: 'jpeg' },
    { sync_mode: true },
    { num_images: 1 },
    { num_images: '1' },
    { safety_tolerance: 2 },
    { guidance_scale: '3.5', num_inference_steps: '2', seed: '11', enable_prompt_expansion: 'true' },
    { image_urls: [] },
    { acceleration: 'high', some_field: { fal: 'ignores' } },
    { guidance_scale: null, safety_tolerance: null, enable_prompt_expansion: null, enable_safety_checker: null },
  ];
  it.each(deliveries)('that says nothing of the picture leaves it the same: %o', async (change) => {
    const [one, other] = await Promise.all([submit(base), submit({ ...base, ...change })]);
    expect(other.status).toBe(200);
    expect(fingerprintOf(other)).toBe(fingerprintOf(one));
  });

  it('reaches the picture as the same value that BFL calls by another name', async () => {
    const references = [base64('png'), base64('jpeg')];
    const { id } = await submittedBfl({
      prompt: 'fal: as BFL',
      seed: 5,
      width: 96,
      height: 64,
      steps: 7,
      guidance: 4.5,
      prompt_upsampling: false,
      safety_tolerance: 5,
      output_format: 'jpeg',
      input_image: references[0],
      input_image_2: references[1],
    });
    const bought = (await endedBfl(id)).result?.sample ?? '';
    const response = await run(
      {
        prompt: 'fal: as BFL',
        seed: 5,
        image_size: { width: 96, height: 64 },
        num_inference_steps: 7,
        guidance_scale: 4.5,
        enable_prompt_expansion: false,
        enable_safety_checker: false,
        output_format: 'jpeg',
        image_urls: references,
      },
      { isEdit: true },
    );
    expect(imageIn(await okay<Result>(response)).url).toBe(bought);
    expect(response.headers.get('x-fluxgate-source')).toBe('hit');
    expect(await purchasesOf(fingerprintIn(bought))).toHaveLength(1);
  });

  it('that is understood otherwise than it was sent is told', async () => {
    const unchecked = await submit({ prompt: 'fal: notes', enable_safety_checker: false });
    expect(unchecked.headers.get('x-fluxgate-notes')).toContain('safety_tolerance 5');
    const dropped = await submit({ prompt: 'fal: notes', image_urls: [base64('png')] });
    expect(dropped.headers.get('x-fluxgate-notes')).toContain('image_urls was ignored');
    expect((await submit({ prompt: 'fal: notes' })).headers.get('x-fluxgate-notes')).toBeNull();
  });

  it('that is a JSON prompt reaches the picture untouched', async () => {
    const prompt = { scene: 'fal: a scene', colors: ['#FF0000', '#00ff00'], 場面: { ночь: 'ليل' } };
    const response = await submit({ prompt, seed: 1 });
    expect(fingerprintOf(await submit({ prompt: JSON.stringify(prompt), seed: 1 }))).toBe(fingerprintOf(response));
    await resultOf(await response.json<Submitted>());
    const recipe = await callFal(`/images/${fingerprintOf(response)}.json`, { key: null });
    expect(await recipe.json()).toMatchObject({ recipe: { prompt } });
  });
});

describe('both deliveries', () => {
  it('give the same picture, bought once', async () => {
    const input = { prompt: 'fal: both', seed: 3 };
    const result = await made(input);
    expect(await okay(await resultOf(await submitted(input)))).toEqual(result);
    expect(await purchasesOf(fingerprintIn(imageIn(result).url))).toHaveLength(1);
  });

  it('tell the seed that was drawn, and make the same picture when it is asked for', async () => {
    for (const seed of [undefined, null, -1]) {
      const first = await made({ prompt: `fal: drawn ${seed}`, seed });
      expect(await made({ prompt: `fal: drawn ${seed}`, seed: first.seed })).toEqual(first);
    }
  });
});
