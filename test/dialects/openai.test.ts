import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { readPng } from '../providers/sandbox/read-png';
import { bytesAt, call, origin } from '../support/front-door';
import { fingerprintOf, firstBytes, firstUrl, generate, generated, picturesIn } from '../support/openai-caller';

describe('generations', () => {
  it('answer one PNG by its URL, as aigateway does', async () => {
    const before = Math.floor(Date.now() / 1000);
    const response = await generate({ prompt: 'openai: one', model: 'black-forest-labs/flux-2-flex' });
    const body = await picturesIn(response);
    expect(body.data).toEqual([{ url: expect.stringContaining(`${origin}/images/`), seed: expect.any(Number) }]);
    expect(body).toMatchObject({ output_format: 'png', size: '64x64' });
    expect(body.created).toBeGreaterThanOrEqual(before);
    expect(body.created).toBeLessThanOrEqual(Date.now() / 1000 + 1);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(probePicture(await bytesAt(firstUrl(body)))).toMatchObject({ format: 'png', width: 64, height: 64 });
  });

  it('tell in their headers what the API has no field for', async () => {
    const response = await generate({ prompt: 'openai: headers', seed: 99 });
    const { headers } = response;
    expect(headers.get('x-fluxgate-seed')).toBe('99');
    expect(headers.get('x-fluxgate-fingerprint')).toMatch(/^[0-9a-f]{64}$/);
    expect(headers.get('x-fluxgate-source')).toBe('bought');
    expect(headers.get('x-fluxgate-provider')).toBe('sandbox');
    expect(headers.get('x-fluxgate-sandbox')).toBe('true');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const task = await call(`/v1/tasks/${headers.get('x-fluxgate-task')}`);
    expect(await task.json()).toMatchObject({ status: 'ready', seed: 99 });
  });

  it('of n pictures have consecutive seeds, and the first is the one asked for alone', async () => {
    const { data } = await generated({ prompt: 'openai: three', seed: 41, n: 3 });
    expect(data.map((picture) => picture.seed)).toEqual([41, 42, 43]);
    expect(new Set(data.map((picture) => picture.url)).size).toBe(3);
    expect(firstUrl(await generated({ prompt: 'openai: three', seed: 41 }))).toBe(data[0]?.url);
    expect(firstUrl(await generated({ prompt: 'openai: three', seed: 43 }))).toBe(data[2]?.url);
  });

  it('of n pictures turn over at the last seed', async () => {
    const { data } = await generated({ prompt: 'openai: over', seed: 2 ** 32 - 1, n: 2 });
    expect(data.map((picture) => picture.seed)).toEqual([2 ** 32 - 1, 0]);
  });

  it('give the same bytes by URL and in the answer', async () => {
    const body = { prompt: 'openai: delivery', seed: 1 };
    const byUrl = await generated({ ...body, response_format: 'url' });
    const inline = await generated({ ...body, response_format: 'b64_json' });
    expect(inline.data).toEqual([{ b64_json: expect.not.stringContaining('data:'), seed: 1 }]);
    expect(firstBytes(inline)).toEqual(await bytesAt(firstUrl(byUrl)));
  });

  it('give n pictures in the answer, each its own', async () => {
    const { data } = await generated({
      prompt: 'openai: inline',
      seed: 5,
      n: 2,
      response_format: 'b64_json',
      size: '96x64',
    });
    const pngs = await Promise.all(data.map(({ b64_json }) => readPng(Uint8Array.fromBase64(b64_json ?? ''))));
    expect(pngs.map(({ width, height }) => [width, height])).toEqual([
      [96, 64],
      [96, 64],
    ]);
    expect(data[0]?.b64_json).not.toBe(data[1]?.b64_json);
  });

  it('answer for a stored picture without another purchase', async () => {
    const body = { prompt: 'openai: hit', seed: 8, response_format: 'b64_json' };
    const first = await generate(body);
    const second = await generate(body);
    expect([first, second].map((response) => response.headers.get('x-fluxgate-source'))).toEqual(['bought', 'hit']);
    expect(firstBytes(await picturesIn(second))).toEqual(firstBytes(await picturesIn(first)));
  });
});

describe('formats', () => {
  const cases = [
    { output_format: 'png', format: 'png', extension: 'png' },
    { output_format: 'jpeg', format: 'jpeg', extension: 'jpg' },
    { output_format: 'jpg', format: 'jpeg', extension: 'jpg' },
    { output_format: 'webp', format: 'webp', extension: 'webp' },
    { output_format: 'avif', format: 'avif', extension: 'avif' },
  ];
  it.each(cases)(
    '$output_format has the exact size, inline and by URL',
    async ({ output_format, format, extension }) => {
      const body = { prompt: 'openai: formats', seed: 1, size: '200x140', output_format };
      const inline = firstBytes(await generated({ ...body, response_format: 'b64_json' }));
      expect(probePicture(inline)).toMatchObject({ format, width: 200, height: 140, isComplete: true });
      const url = firstUrl(await generated(body));
      expect(new URL(url).pathname).toMatch(new RegExp(`\\.${extension}$`));
      expect(await bytesAt(url)).toEqual(inline);
    },
  );

  it('that are no multiple of 16 are cut from the middle of what was rendered, not scaled', async () => {
    const size = { prompt: 'openai: "CROP" cut', seed: 1 };
    const whole = await readPng(
      firstBytes(await generated({ ...size, size: '1008x704', response_format: 'b64_json' })),
    );
    const cut = await readPng(firstBytes(await generated({ ...size, size: '1000x700', response_format: 'b64_json' })));
    expect([cut.width, cut.height]).toEqual([1000, 700]);
    const places = Array.from({ length: 2000 }, (_, index) => ({ x: (index * 37) % 1000, y: (index * 83) % 700 }));
    const differing = places.filter(({ x, y }) => cut.at(x, y) !== whole.at(x + 4, y + 2));
    expect(differing).toEqual([]);
    expect(new Set(places.map(({ x, y }) => cut.at(x, y))).size).toBeGreaterThan(3);
  });
});

describe('sizes', () => {
  const reference = pictureBytes('png').toBase64();
  const cases = [
    { name: 'nothing', body: {}, size: '1024x1024' },
    { name: 'auto', body: { size: 'auto' }, size: '1024x1024' },
    { name: 'width and height', body: { width: 128, height: 96 }, size: '128x96' },
    { name: 'a size before all else', body: { size: '96x96', width: 96, aspect_ratio: '1:2' }, size: '96x96' },
    { name: 'an aspect ratio', body: { aspect_ratio: '2:3' }, size: '832x1248' },
    { name: 'a reference', body: { aspect_ratio: 'match_input_image', input_image: reference }, size: '656x400' },
  ];
  it.each(cases)('are taken from $name', async ({ name, body, size }) => {
    const answer = await generated({ prompt: `openai size: ${name}`, size: undefined, ...body });
    expect(answer.size).toBe(size);
    const probe = probePicture(await bytesAt(firstUrl(answer)));
    expect(`${probe?.width}x${probe?.height}`).toBe(size);
  });
});

describe('the fields of the model', () => {
  const base = { prompt: 'openai: fields', seed: 1 };
  const defaults = { steps: 4, guidance: 5, prompt_upsampling: true, safety_tolerance: 2 };
  const changes = [
    { steps: 9 },
    { guidance: 2 },
    { seed: 2 },
    { aspect_ratio: '16:9', size: undefined },
    { prompt_upsampling: false },
    { safety_tolerance: 5 },
    { moderation: 'low' },
    { input_image: pictureBytes('png').toBase64() },
    { input_images: [pictureBytes('jpeg').toBase64(), pictureBytes('gif').toBase64()] },
  ];
  it.each(changes)('change the picture: %o', async (change) => {
    const [one, other] = await Promise.all([
      generate({ ...base, ...defaults }),
      generate({ ...base, ...defaults, ...change }),
    ]);
    await picturesIn(other);
    const isOnlyModeration = 'moderation' in change;
    expect(fingerprintOf(other) === fingerprintOf(one)).toBe(isOnlyModeration);
  });

  it('have their documented defaults', async () => {
    const explicit = await generate({ ...base, steps: 50, guidance: 5, prompt_upsampling: true, safety_tolerance: 2 });
    expect(fingerprintOf(await generate({ ...base, steps: undefined }))).toBe(fingerprintOf(explicit));
    const nulls = {
      steps: null,
      guidance: null,
      prompt_upsampling: null,
      safety_tolerance: null,
      n: null,
      model: null,
    };
    expect(fingerprintOf(await generate({ ...base, ...nulls }))).toBe(fingerprintOf(explicit));
  });

  it('let moderation decide where no safety tolerance is given', async () => {
    const low = await generate({ ...base, moderation: 'low' });
    expect(fingerprintOf(low)).toBe(fingerprintOf(await generate({ ...base, safety_tolerance: 5 })));
  });

  it("and OpenAI's own that decide nothing leave the picture the same", async () => {
    const idle = {
      user: 'someone',
      quality: 'high',
      style: 'vivid',
      background: 'opaque',
      partial_images: 0,
      stream: false,
    };
    expect(fingerprintOf(await generate({ ...base, ...idle }))).toBe(fingerprintOf(await generate(base)));
  });

  it('make one picture of one reference, however it is sent', async () => {
    const bytes = pictureBytes('png').toBase64();
    const forms = [
      { input_image: bytes },
      { input_images: [bytes] },
      { input_image: [`data:image/png;base64,${bytes}`] },
    ];
    const prints = await Promise.all(forms.map(async (form) => fingerprintOf(await generate({ ...base, ...form }))));
    expect(new Set(prints).size).toBe(1);
  });

  it("are the same picture as in BFL's own API", async () => {
    const here = await generate({ prompt: 'openai: both', seed: 6 });
    const json = { prompt: 'openai: both', seed: 6, steps: 4, width: 64, height: 64 };
    expect(fingerprintOf(await call('/v1/flux-2-flex', { json }))).toBe(fingerprintOf(here));
  });
});

describe('models', () => {
  it('are listed', async () => {
    const list = await (await call('/v1/models')).json<{ object: string; data: readonly object[] }>();
    expect(list.object).toBe('list');
    expect(list.data).toMatchObject([
      { id: 'black-forest-labs/flux-2-flex', object: 'model', created: expect.any(Number) },
    ]);
  });

  it.each(['black-forest-labs/flux-2-flex', 'black-forest-labs%2Fflux-2-flex', 'flux-2-flex', 'bfl/FLUX-2-flex'])(
    'are found as %s',
    async (id) => {
      const response = await call(`/v1/models/${id}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ id: 'black-forest-labs/flux-2-flex', object: 'model' });
    },
  );

  it.each(['gpt-image-1', 'black-forest-labs/flux-2-pro', 'a/b/c', '%00', '%E0%A4%A'])(
    'are not found as %s',
    async (id) => {
      const response = await call(`/v1/models/${id}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        error: { type: 'not_found', code: 'model_not_found', param: 'model' },
      });
    },
  );

  it('are known by every spelling in a request', async () => {
    const names = ['flux-2-flex', 'flux.2-flex', 'FLUX.2-flex', 'black-forest-labs/FLUX.2-flex', 'bfl:6@1'];
    const prints = await Promise.all(
      names.map(async (model) => fingerprintOf(await generate({ prompt: 'openai: spelling', seed: 1, model }))),
    );
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(prints).size).toBe(1);
  });
});
