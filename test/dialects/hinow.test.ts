import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { bytesAt, call, origin } from '../support/front-door';
import { imagesIn, order, ordered, printOf } from '../support/hinow-caller';

const model = 'black-forest-labs/flux-2-flex';
const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${env.DEV_API_KEY}` };

describe("the page's samples", () => {
  it('work: curl with every parameter as text', async () => {
    const body = `{
    "model": "black-forest-labs/flux-2-flex",
    "prompt": "A beautiful sunset over mountains",
    "parameters": {
      "aspect_ratio": "1:1",
      "num_inference_steps": "25",
      "guidance_scale": "2.0",
      "output_format": "jpeg"
    }
  }`;
    const response = await call('/v1/images', { headers, body, key: null });
    expect(response.status).toBe(200);
    const { urls } = await imagesIn(response);
    expect(probePicture(await bytesAt(urls[0] ?? ''))).toMatchObject({ format: 'jpeg', width: 1024, height: 1024 });
    expect(await recipeAt(response)).toMatchObject({
      prompt: 'A beautiful sunset over mountains',
      ...{ steps: 25, guidance: 2, width: 1024, height: 1024, prompt_upsampling: true, safety_tolerance: 2 },
    });
  });

  it('work: a model and a prompt alone', async () => {
    const body = `{
  "model": "black-forest-labs/flux-2-flex",
  "prompt": "Your image description here"
}
              `;
    const response = await call('/v1/images', { headers, body, key: null });
    const { urls } = await imagesIn(response);
    expect(urls).toEqual([expect.stringMatching(/\.jpg$/)]);
    expect(await recipeAt(response)).toMatchObject({ steps: 50, guidance: 5, width: 1024, height: 1024 });
  });
});

describe('an answer', () => {
  it('is an envelope of absolute URLs, the model and the provider', async () => {
    const response = await order('hinow: answer', { seed: 1 });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-fluxgate-seed')).toBe('1');
    expect(await response.json()).toEqual({
      data: { urls: [expect.stringContaining(`${origin}/images/`)], model, provider: 'sandbox' },
      success: true,
    });
  });

  it('has as many URLs as were asked for, of the seeds that follow each other', async () => {
    const { urls } = await ordered('hinow: three', { seed: 40, n: '3' });
    expect(new Set(urls).size).toBe(3);
    expect(await ordered('hinow: three', { seed: '41' })).toMatchObject({ urls: [urls[1]] });
  });

  it('draws a seed where none is given', async () => {
    const seeds = await Promise.all(
      [{}, { seed: null }, { seed: -1 }].map(async (parameters) => {
        const response = await order('hinow: no seed', parameters);
        return response.headers.get('x-fluxgate-seed');
      }),
    );
    expect(new Set(seeds).size).toBe(3);
  });
});

describe('a parameter', () => {
  const base = { seed: 7 };
  it.each([
    { num_inference_steps: 25 },
    { guidance_scale: 3.5 },
    { seed: 8 },
    { width: 80 },
    { height: 80 },
    { image: pictureBytes('png').toBase64() },
  ])('is part of the picture: %o', async (change) => {
    const prints = await Promise.all([
      printOf('hinow: fields', base),
      printOf('hinow: fields', { ...base, ...change }),
    ]);
    expect(prints[0]).not.toBe(prints[1]);
  });

  it.each([{ output_format: 'png' }, { quality: 'hd' }, { style: 'vivid' }, { strength: 0.3 }])(
    'is not part of the picture: %o',
    async (change) => {
      expect(await printOf('hinow: fields', { ...base, ...change })).toBe(await printOf('hinow: fields', base));
    },
  );

  it('takes its default when it is absent or null', async () => {
    const names = ['num_inference_steps', 'guidance_scale', 'output_format', 'aspect_ratio', 'n', 'size', 'image'];
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    const explicit = { num_inference_steps: 50, guidance_scale: 5, output_format: 'jpeg', n: 1 };
    const absent = await ordered('hinow: defaults', base);
    expect(await ordered('hinow: defaults', { ...base, ...nulls })).toEqual(absent);
    expect(await ordered('hinow: defaults', { ...base, ...explicit })).toEqual(absent);
  });

  it('may be text or a number', async () => {
    const texts = { num_inference_steps: '30', guidance_scale: '7.5', seed: '7', width: '64', height: '64', n: '1' };
    const numbers = { num_inference_steps: 30, guidance_scale: 7.5, seed: 7, width: 64, height: 64, n: 1 };
    expect(await printOf('hinow: texts', texts)).toBe(await printOf('hinow: texts', numbers));
  });

  it('may stand beside the prompt, and in parameters it wins', async () => {
    const parameters = { width: 64, height: 64, num_inference_steps: '40', seed: 2 };
    const flat = await call('/v1/images', { json: { prompt: 'hinow: flat', ...parameters } });
    const nested = await call('/v1/images', { json: { prompt: 'hinow: flat', num_inference_steps: 25, parameters } });
    expect(await imagesIn(flat)).toEqual(await imagesIn(nested));
  });

  it('keeps to its format', async () => {
    const [jpeg, png] = await Promise.all(
      ['jpeg', 'png'].map(
        async (format) => (await ordered('hinow: format', { seed: 1, output_format: format })).urls[0],
      ),
    );
    expect(probePicture(await bytesAt(jpeg ?? ''))).toMatchObject({ format: 'jpeg', width: 64 });
    expect(probePicture(await bytesAt(png ?? ''))).toMatchObject({ format: 'png', width: 64 });
  });
});

describe('a size', () => {
  it.each([
    { aspect_ratio: '1:1', size: [1024, 1024] },
    { aspect_ratio: '4:3', size: [1184, 880] },
    { aspect_ratio: '3:4', size: [880, 1184] },
    { aspect_ratio: '16:9', size: [1360, 768] },
    { aspect_ratio: '9:16', size: [768, 1360] },
    { aspect_ratio: '3:2', size: [1248, 832] },
    { aspect_ratio: '2:3', size: [832, 1248] },
  ])('of $aspect_ratio is one megapixel', async ({ aspect_ratio, size }) => {
    const response = await order('hinow: aspect', { aspect_ratio, width: null, height: null });
    await imagesIn(response);
    expect(await recipeAt(response)).toMatchObject({ width: size[0], height: size[1] });
  });

  it('in pixels is exact, and wins over an aspect ratio, which the answer tells', async () => {
    const response = await order('hinow: pixels', { width: 100, height: 70, aspect_ratio: '16:9' });
    const { urls } = await imagesIn(response);
    expect(probePicture(await bytesAt(urls[0] ?? ''))).toMatchObject({ width: 100, height: 70 });
    expect(response.headers.get('x-fluxgate-notes')).toContain('aspect_ratio');
  });

  it('may be one text, as the first SDK sends it, or one edge alone', async () => {
    const text = await order('hinow: size', { size: '96x64', width: null, height: null });
    const edge = await order('hinow: size', { width: 96, height: null });
    expect(await recipeAt(text)).toMatchObject({ width: 96, height: 64 });
    expect(await recipeAt(edge)).toMatchObject({ width: 96, height: 1024 });
    expect(edge.headers.get('x-fluxgate-notes')).toBeNull();
  });

  it("is the first reference's where none is given", async () => {
    const { urls } = await ordered('hinow: original', { width: 112, height: 80 });
    const response = await order('hinow: edited', { image_url: urls[0], width: null, height: null });
    expect(await recipeAt(response)).toMatchObject({ width: 112, height: 80 });
  });
});

describe('references', () => {
  const png = pictureBytes('png').toBase64();
  it('go by any of their names, one alone or in a list', async () => {
    const names = ['images', 'image', 'input_images', 'input_image', 'image_urls', 'image_url'];
    const forms = names.flatMap((name) => [{ [name]: png }, { [name]: [`data:image/png;base64,${png}`] }]);
    const prints = await Promise.all(forms.map((form) => printOf('hinow: names', { seed: 1, ...form })));
    expect(new Set(prints).size).toBe(1);
    expect(prints[0]).not.toBe(await printOf('hinow: names', { seed: 1 }));
  });

  it('may be eight, in their order', async () => {
    const kinds = ['png', 'jpeg', 'webpLossy', 'gif', 'pngAlpha', 'pngPalette', 'jpegExif', 'webpLossless'] as const;
    const images = kinds.map((kind) => pictureBytes(kind).toBase64());
    const prints = [images, images.toReversed()].map((list) => printOf('hinow: eight', { seed: 1, images: list }));
    expect(new Set(await Promise.all(prints)).size).toBe(2);
  });

  it.each([{ images: Array(9).fill(png) }, { images: Array(8).fill(png), image: png }])(
    'are refused from the ninth on',
    async (parameters) => {
      const response = await order('hinow: nine', parameters);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/^images?: .* 8 /) } });
    },
  );
});

describe('the picture', () => {
  it("is that of BFL's API with the same parameters", async () => {
    const json = { prompt: 'hinow: both', seed: 6, steps: 30, guidance: 7.5, width: 64, height: 64 };
    const there = await call('/v1/flux-2-flex', { json });
    expect(there.headers.get('x-fluxgate-fingerprint')).toBe(
      await printOf('hinow: both', { seed: 6, num_inference_steps: '30', guidance_scale: '7.5' }),
    );
  });

  it.each([{ scene: 'café ☕', colors: ['#ff8800'] }, 'плакат — 猫 🐈 #00FFAA'])(
    'has its prompt untouched: %o',
    async (prompt) => {
      const response = await order(prompt);
      await imagesIn(response);
      expect(await recipeAt(response)).toMatchObject({ prompt });
    },
  );

  it('has the same model by every spelling', async () => {
    const statuses = ['flux-2-flex', 'black-forest-labs/FLUX.2-flex', 'bfl/flux-2-flex'].map(
      async (name) => (await call('/v1/images', { json: { model: name, prompt: 'x', size: '64x64' } })).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 200]);
  });
});

async function recipeAt(response: Response): Promise<object> {
  const sidecar = await call(`/images/${response.headers.get('x-fluxgate-fingerprint')}.json`, { key: null });
  const { recipe } = await sidecar.json<{ recipe: object }>();
  return recipe;
}
