import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { editSample, samplePicture } from '../fixtures/oxen/samples';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { submit } from '../support/bfl-caller';
import { requestOfCurl } from '../support/curl-sample';
import { bytesAt, type Call, call, origin } from '../support/front-door';

interface Images {
  readonly model: string;
  readonly created: number;
  readonly images: readonly { readonly url?: string; readonly b64_json?: string }[];
}

const small = { aspect_ratio: '1:1', resolution: '0.5 MP', num_inference_steps: 4 } as const;
const png = `data:image/png;base64,${pictureBytes('png').toBase64()}`;
const printOf = (response: Response) => response.headers.get('x-fluxgate-fingerprint');

const generate = (body: object, options: Call = {}) => call('/api/ai/images/generate', { json: body, ...options });
const edit = (body: object, options: Call = {}) => call('/api/ai/images/edit', { json: body, ...options });
async function imagesOf(response: Response): Promise<Images> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return await response.json<Images>();
}

/** The fingerprint of an order, without the picture: moderation refuses it before anything is drawn. */
async function ordered(body: object): Promise<string | null> {
  const json = { prompt: 'oxen: ordered sandbox:moderated-request', seed: 1, ...body };
  const response = await call('/api/ai/queue', { json });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return printOf(response);
}

/** The same, asked for in BFL's words with every value given. */
async function spelledOut(body: object): Promise<string | null> {
  const defaults = { width: 832, height: 1248, steps: 30, guidance: 2, safety_tolerance: 2, prompt_upsampling: true };
  const prompt = 'oxen: ordered sandbox:moderated-request';
  return printOf(await submit({ prompt, seed: 1, ...defaults, ...body }));
}

describe('the page’s own request', () => {
  it('makes a picture as it stands, but for the host, the key and the picture of theirs', async () => {
    const picture = (await imagesOf(await generate({ prompt: 'oxen: bloxy', ...small }))).images[0]?.url ?? '';
    const { method, url, headers, body } = requestOfCurl(editSample, { OXEN_API_KEY: env.DEV_API_KEY });
    const replaced = body?.replace(samplePicture, picture) ?? '';
    expect(replaced).toContain("Don't include its arms");
    const sent = { method, headers: Object.fromEntries(headers), body: replaced, key: null };
    const response = await call(url.pathname, sent);
    expect(await imagesOf(response)).toEqual({
      model: 'flux-2-flex',
      created: expect.any(Number),
      images: [{ url: expect.stringMatching(new RegExp(`^${origin}/images/[0-9a-f]{64}\\.webp\\?q=80$`)) }],
    });
  });
});

describe('delivery', () => {
  const body = { prompt: 'oxen: delivery', seed: 1, ...small };

  it('answers the model, the time and a URL of a WebP', async () => {
    const before = Math.floor(Date.now() / 1000);
    const answer = await imagesOf(await generate(body));
    expect(answer.created).toBeGreaterThanOrEqual(before);
    expect(answer.created).toBeLessThanOrEqual(Date.now() / 1000 + 1);
    const bytes = await bytesAt(answer.images[0]?.url ?? '');
    expect(new TextDecoder().decode(bytes.slice(8, 12))).toBe('WEBP');
  });

  it('answers the same bytes in base64 where they are asked for', async () => {
    const { images } = await imagesOf(await generate(body));
    const inline = await imagesOf(await generate({ ...body, response_format: 'b64_json' }));
    expect(inline.images).toEqual([{ b64_json: (await bytesAt(images[0]?.url ?? '')).toBase64() }]);
  });

  it.each([
    { output_format: 'jpg', extension: 'jpg', magic: 'ffd8ff' },
    { output_format: 'png', extension: 'png', magic: '89504e' },
  ])('delivers $output_format', async ({ output_format, extension, magic }) => {
    const [image] = (await imagesOf(await generate({ ...body, output_format }))).images;
    expect(new URL(image?.url ?? '').pathname).toMatch(new RegExp(`\\.${extension}$`));
    expect((await bytesAt(image?.url ?? '')).slice(0, 3).toHex()).toBe(magic);
  });

  it.each([
    { sent: 100, q: '100', note: null },
    { sent: undefined, q: '80', note: null },
    { sent: '33', q: '33', note: null },
    { sent: 0, q: '1', note: expect.stringContaining('output_quality: 0 was taken as 1') },
  ])('makes a file of the quality asked for: $sent', async ({ sent, q, note }) => {
    const response = await generate({ ...body, output_format: 'jpg', output_quality: sent });
    expect(response.headers.get('x-fluxgate-notes')).toEqual(note);
    const url = new URL((await imagesOf(response)).images[0]?.url ?? '');
    expect(url.searchParams.get('q')).toBe(q);
    expect((await bytesAt(url.href)).slice(0, 3).toHex()).toBe('ffd8ff');
  });

  it('makes several pictures of successive seeds', async () => {
    const { images } = await imagesOf(await generate({ ...body, n: 2 }));
    const second = await imagesOf(await generate({ ...body, seed: 2 }));
    expect(images).toHaveLength(2);
    expect(images[1]).toEqual(second.images[0]);
  });

  it.each(['/api/images/generate', '/api/images/edit'])('is the same on the older path %s', async (path) => {
    const json = { ...body, input_image: [png] };
    const older = await imagesOf(await call(path, { json }));
    expect(older.images).toEqual((await imagesOf(await edit(json))).images);
  });
});

describe('parameters', () => {
  it('have the page’s defaults, made explicit', async () => {
    expect(await ordered({})).toBe(await spelledOut({}));
    const nulls = { num_inference_steps: null, guidance: null, aspect_ratio: null, resolution: null, model: null };
    expect(await ordered({ ...nulls, disable_safety_checker: null })).toBe(await spelledOut({}));
  });

  it.each([
    { sent: { num_inference_steps: 1 }, meant: { steps: 1 } },
    { sent: { num_inference_steps: '50' }, meant: { steps: 50 } },
    { sent: { guidance: 10 }, meant: { guidance: 10 } },
    { sent: { guidance: '3.5' }, meant: { guidance: 3.5 } },
    { sent: { guidance: 0 }, meant: { guidance: 1.5 } },
    { sent: { seed: '7' }, meant: { seed: 7 } },
    { sent: { disable_safety_checker: true }, meant: { safety_tolerance: 5 } },
    { sent: { disable_safety_checker: 'false' }, meant: {} },
    { sent: { output_format: 'png', output_quality: 1, response_format: 'url' }, meant: {} },
    { sent: { target_namespace: 'somebody', shape: 'round' }, meant: {} },
    { sent: { model: 'black-forest-labs/flux-2-flex' }, meant: {} },
    { sent: { prompt: 'another sandbox:moderated-request' }, meant: { prompt: 'another sandbox:moderated-request' } },
    { sent: { input_image: png }, meant: { input_image: png } },
    { sent: { input_image: [png] }, meant: { input_image: png } },
    { sent: { aspect_ratio: '1:1' }, meant: { width: 1024, height: 1024 } },
    { sent: { aspect_ratio: '16:9' }, meant: { width: 1360, height: 768 } },
    { sent: { aspect_ratio: '9:16' }, meant: { width: 768, height: 1360 } },
    { sent: { aspect_ratio: '4:3' }, meant: { width: 1184, height: 880 } },
    { sent: { aspect_ratio: '3:4' }, meant: { width: 880, height: 1184 } },
    { sent: { aspect_ratio: '3:2' }, meant: { width: 1248, height: 832 } },
    { sent: { aspect_ratio: '1:1', resolution: '2 MP' }, meant: { width: 1456, height: 1456 } },
    { sent: { aspect_ratio: '1:1', resolution: '0.5 MP' }, meant: { width: 720, height: 720 } },
    { sent: { resolution: '2 MP' }, meant: { width: 1184, height: 1776 } },
    {
      sent: { aspect_ratio: 'match_input_image', input_image: png },
      meant: { input_image: png, width: 1328, height: 800 },
    },
    {
      sent: { aspect_ratio: 'match_input_image', resolution: '0.5 MP', input_image: png },
      meant: { input_image: png, width: 928, height: 560 },
    },
  ])('$sent is $meant', async ({ sent, meant }) => {
    expect(await ordered(sent)).toBe(await spelledOut(meant));
  });

  it('passes a JSON prompt on untouched', async () => {
    const prompt = { scene: 'sandbox:moderated-request', colours: ['#FF00AA'] };
    expect(await ordered({ prompt })).toBe(await spelledOut({ prompt }));
  });

  it('tells of guidance that is below the model’s least', async () => {
    const json = { prompt: 'oxen: notes sandbox:moderated-request', guidance: 1 };
    const told = await call('/api/ai/queue', { json });
    expect(told.headers.get('x-fluxgate-notes')).toContain('guidance: 1 was taken as 1.5');
    const silent = await call('/api/ai/queue', { json: { ...json, guidance: 1.5 } });
    expect(silent.headers.get('x-fluxgate-notes')).toBeNull();
  });

  it('takes ten pictures, and knows them by their order', async () => {
    const others = (['jpeg', 'webpLossy', 'gif', 'pngAlpha'] as const).map((name) => pictureBytes(name).toBase64());
    const ten = [png, ...others, png, ...others];
    const turned = ten.toReversed();
    expect(await ordered({ input_image: ten })).toEqual(expect.any(String));
    expect(await ordered({ input_image: ten })).not.toBe(await ordered({ input_image: turned }));
  });
});
