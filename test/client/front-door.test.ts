import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client';
import { FluxgateError } from '../../src/client/fluxgate-error';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { call, origin } from '../support/front-door';

const sent: string[] = [];
const fetch = (url: string, init?: RequestInit) => {
  sent.push(`${init?.method ?? 'GET'} ${new URL(url).pathname}`);
  return exports.default.fetch(new Request(url, init as RequestInit<RequestInitCfProperties>));
};
const client = createClient({ baseUrl: origin, key: env.DEV_API_KEY, fetch });
const small = { width: 64, height: 64, steps: 4, promptUpsampling: false, format: 'png' } as const;

beforeEach(() => {
  sent.length = 0;
});

describe('a picture that is ordered', () => {
  it('is bought once, and comes with one request from then on', async () => {
    const bought = await client.generate({ prompt: 'client: once', ...small });
    expect(bought).toMatchObject({ width: 64, height: 64, contentType: 'image/png', source: 'bought', sandbox: true });
    expect(bought.determinism).toBe('pinned');
    sent.length = 0;
    const again = await client.generate({ prompt: 'client: once', ...small, seed: bought.seed });
    expect(sent).toEqual(['POST /v1/flux-2-flex']);
    const ofThePicture = ({ task: _, source: __, cost: ___, ...facts }: typeof again) => facts;
    expect(ofThePicture(again)).toEqual(ofThePicture(bought));
    expect(again).toMatchObject({ source: 'hit', thumbhash: expect.any(String), color: expect.stringMatching(/^#/) });
    expect(again.cost.actualMicros).toBe(bought.cost.actualMicros ?? bought.cost.quotedMicros);
  });

  it('gives its bytes', async () => {
    const picture = await client.generate({ prompt: 'client: bytes', ...small });
    const blob = await picture.blob();
    expect(blob.type).toBe('image/png');
    expect([...new Uint8Array(await blob.slice(1, 4).arrayBuffer())]).toEqual([...new TextEncoder().encode('PNG')]);
    expect(JSON.parse(JSON.stringify(picture))).toEqual({ ...picture });
  });

  it('takes a JSON prompt as it is', async () => {
    const prompt = { scene: 'a fox', color_palette: ['#FF6600'], subjects: [{ a_key: 1 }] };
    const picture = await client.generate({ prompt, ...small });
    const response = await fetch(`${origin}/images/${picture.fingerprint}.json`);
    expect(await response.text()).toContain('"a_key"');
  });

  it('is made of others, given as bytes, as a Blob or as a data URL', async () => {
    const bytes = pictureBytes('png');
    const dataUrl = `data:image/png;base64,${bytes.toBase64()}`;
    const options = { ...small, seed: 7 };
    const pictures = [
      await client.edit('client: edit', bytes, options),
      await client.edit('client: edit', [new Blob([bytes])], options),
      await client.edit('client: edit', [dataUrl], options),
    ];
    expect(new Set(pictures.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    const plain = await client.generate({ prompt: 'client: edit', ...options });
    expect(plain.fingerprint).not.toBe(pictures[0]?.fingerprint);
  });

  it.each([
    ['whole', 400, 240],
    ['cut off the grid of 16', 410, 230],
  ])(
    'has the srcset of the service where it is %s: each as wide as it says, and none of another shape',
    async (_, width, height) => {
      const order = { prompt: 'client: srcset', ...small, width, height, format: 'webp' } as const;
      const picture = await client.generate(order);
      const { picture: told } = await client.task(picture.task);
      expect(client.srcset(picture)).toBe(told?.srcset);
      const candidates = client.srcset(picture, [64, 90, 320, 1000]).split(', ');
      expect(candidates.map((candidate) => candidate.split(' ')[1])).toEqual(['64w', '96w', '320w', `${width}w`]);
      for (const candidate of candidates) {
        const [url = '', wide = ''] = candidate.split(' ');
        const probed = probePicture(new Uint8Array(await (await fetch(url)).arrayBuffer()));
        const high = Math.round((Number.parseInt(wide, 10) * height) / width);
        expect(probed).toMatchObject({ format: 'webp', width: Number.parseInt(wide, 10), height: high });
      }
    },
  );

  it('has a srcset in a quality that is on no ladder', async () => {
    const json = { prompt: 'client: quality', size: '410x230', seed: 7, output_format: 'webp', output_compression: 83 };
    const response = await call('/v1/images/generations', { json });
    const url = (await response.json<{ data: { url: string }[] }>()).data[0]?.url ?? '';
    expect(url).toContain('q=83&s=');
    const { picture } = await client.task(response.headers.get('x-fluxgate-task') ?? '');
    expect(client.srcset({ url, width: 410 })).toBe(picture?.srcset);
    expect((await fetch(picture?.srcset?.split(' ')[0] ?? '')).status).toBe(200);
    const finer = url.replace('q=83', 'q=84&w=160');
    expect((await fetch(finer)).status).toBe(400);
  });

  it('is had in any format and size', async () => {
    const { fingerprint } = await client.generate({ prompt: 'client: url', ...small });
    const response = await fetch(client.url(fingerprint, { format: 'webp', width: 30, quality: 77 }));
    const probed = probePicture(new Uint8Array(await response.arrayBuffer()));
    expect(probed).toMatchObject({ format: 'webp', width: 32, height: 32 });
  });
});

describe('what goes wrong', () => {
  const failure = async (call: Promise<unknown>) => {
    const thrown = await call.then(() => null).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(FluxgateError);
    return thrown as FluxgateError;
  };

  it('names the field, and is not worth a second try', async () => {
    const error = await failure(client.generate({ prompt: 'client: bad', steps: 99 }));
    expect(error).toMatchObject({ code: 'invalid_request', status: 422, isRetryable: false });
    expect(error.issues).toEqual([{ field: 'steps', message: 'expected a whole number from 1 to 50.' }]);
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent).toHaveLength(1);
  });

  it('is a key that is not valid, also where the API words it as forbidden', async () => {
    const stranger = createClient({ baseUrl: origin, key: 'fg_live_wrong', fetch });
    expect(await failure(stranger.generate('client: stranger'))).toMatchObject({ code: 'unauthenticated' });
    expect(await failure(stranger.usage())).toMatchObject({ code: 'unauthenticated', status: 401 });
    const nobody = createClient({ baseUrl: origin, fetch });
    expect(await failure(nobody.generate('client: nobody'))).toMatchObject({ code: 'unauthenticated' });
  });

  it('is a picture that was moderated', async () => {
    const error = await failure(client.generate({ prompt: 'client: sandbox:moderated-output', ...small }));
    expect(error).toMatchObject({ code: 'moderated_output', isRetryable: false });
    expect(error.taskId).not.toBeNull();
  });

  it('is a task that nobody knows', async () => {
    expect(await failure(client.task('no/such task'))).toMatchObject({ code: 'task_not_found', status: 404 });
  });
});

describe('a task', () => {
  it('is read, waited for and told event by event', async () => {
    const { task: id, url } = await client.generate({ prompt: 'client: task', ...small });
    const task = await client.task(id);
    expect(task).toMatchObject({ id, status: 'ready', progress: 1, cost: { quotedMicros: expect.any(Number) } });
    expect(await task.wait()).toMatchObject({ url, task: id });
    const told = [];
    for await (const state of task.events()) told.push(state.status);
    expect(told).toEqual(['ready']);
  });

  it('is cancelled', async () => {
    const stop = new AbortController();
    const waiting = client.generate(
      { prompt: 'client: sandbox:slow', ...small },
      { signal: stop.signal, cancelOnAbort: true, onProgress: () => stop.abort() },
    );
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent.at(-1)).toMatch(/^DELETE \/v1\/tasks\/.+/);
  });
});

describe('a quote', () => {
  it('tells the price, and buys nothing', async () => {
    const quote = await client.quote({ prompt: 'client: quote', ...small, seed: 3 });
    expect(quote).toMatchObject({
      pictures: [{ stored: false, provider: 'sandbox', parameters: { width: 64, steps: 4 } }],
    });
    expect(quote.totalMicros).toBeGreaterThan(0);
    await client.generate({ prompt: 'client: quote', ...small, seed: 3 });
    expect(await client.quote({ prompt: 'client: quote', ...small, seed: 3 })).toMatchObject({
      totalMicros: 0,
      pictures: [{ stored: true }],
    });
  });
});
