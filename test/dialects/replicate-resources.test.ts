import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { addAccount } from '../support/accounts';
import { bytesAt, call, origin } from '../support/front-door';
import { model, type Prediction, predict, predicted, replicateBase, smallInput } from '../support/replicate-caller';

interface StoredFile {
  readonly id: string;
  readonly urls: { readonly get: string };
}
interface Page {
  readonly next: string | null;
  readonly results: readonly Prediction[];
}

function upload(content: Uint8Array<ArrayBuffer> | string, name = 'content') {
  const form = new FormData();
  if (typeof content === 'string') form.append(name, content);
  else form.append(name, new Blob([content], { type: 'image/png' }), 'picture.png');
  form.append('metadata', new Blob(['{"customer_reference_id":123}'], { type: 'application/json' }));
  return call(`${replicateBase}/files`, { body: form });
}

describe('files', () => {
  it('are told with every field, and read again the same', async () => {
    const bytes = pictureBytes('png');
    const response = await upload(bytes);
    expect(response.status).toBe(201);
    const file = await response.json<StoredFile>();
    expect(file).toEqual({
      id: expect.any(String),
      name: 'picture.png',
      content_type: 'image/png',
      size: bytes.length,
      etag: expect.any(String),
      checksums: { sha256: await sha256Hex(bytes) },
      metadata: {},
      created_at: expect.stringMatching(/Z$/),
      expires_at: null,
      urls: { get: `${origin}/uploads/${file.id}` },
    });
    expect(await (await call(`${replicateBase}/files/${file.id}`)).json()).toEqual(file);
    expect(await bytesAt(file.urls.get)).toEqual(bytes);
  });

  it('are the same input as their bytes in a data URL', async () => {
    const bytes = pictureBytes('jpeg');
    const { urls } = await (await upload(bytes)).json<StoredFile>();
    const dataUrl = `data:image/jpeg;base64,${bytes.toBase64()}`;
    const shown = [urls.get, dataUrl].map(async (url) => {
      const input = { prompt: 'replicate: files sandbox:moderated-request', input_images: [url], seed: 1 };
      return (await predict(input)).headers.get('x-fluxgate-fingerprint');
    });
    expect(new Set(await Promise.all(shown)).size).toBe(1);
  });

  it.each([
    { name: 'text in place of a file', send: () => upload('text') },
    { name: 'a file under another name', send: () => upload(pictureBytes('png'), 'file') },
    { name: 'a file that is no picture', send: () => upload('not a picture'.repeat(9), 'other') },
    { name: 'bytes that are no picture', send: () => upload(new Uint8Array(99)) },
  ])('are refused, by the name of the field: $name', async ({ send }) => {
    const response = await send();
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ invalid_fields: [{ field: 'content' }] });
  });
});

describe('references', () => {
  const ten = (['png', 'jpeg', 'webpLossy', 'gif'] as const).map((name) => pictureBytes(name).toBase64());

  it('may be ten, and keep their order', async () => {
    const input_images = [...ten, ...ten, ...ten.slice(0, 2)];
    const { input } = await predicted({ prompt: 'replicate: ten', input_images });
    const types = (input.input_images as string[]).map((url) => url.split('.').at(-1));
    expect(types).toEqual(['png', 'jpg', 'webp', 'gif', 'png', 'jpg', 'webp', 'gif', 'png', 'jpg']);
    for (const url of input.input_images as string[]) expect((await bytesAt(url)).length).toBeGreaterThan(0);
  });

  it('may be a picture that was made here', async () => {
    const { output } = await predicted({ prompt: 'replicate: original' });
    const edited = await predicted({ prompt: 'replicate: edited', input_images: [output] });
    expect(edited.status).toBe('succeeded');
  });

  it('may not be a picture that would be here, and is not', async () => {
    const input = { prompt: 'replicate: lost', input_images: [`${origin}/images/${'0'.repeat(64)}.png`] };
    const refused = await call(`${replicateBase}/models/${model}/predictions`, { json: { input } });
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('no such picture here')]);
  });
});

describe('the model', () => {
  it('is told with the schema that requests are checked by', async () => {
    const response = await call(`${replicateBase}/models/${model}`);
    const object = await response.json<{ latest_version: { openapi_schema: { components: { schemas: unknown } } } }>();
    expect(object).toMatchObject({ owner: 'black-forest-labs', name: 'flux-2-flex', visibility: 'public' });
    expect(object.latest_version.openapi_schema.components.schemas).toMatchObject({
      Output: { type: 'string', format: 'uri' },
      Input: {
        required: ['prompt'],
        properties: {
          steps: { default: 30, minimum: 1, maximum: 50 },
          guidance: { default: 4.5, minimum: 1.5, maximum: 10 },
          safety_tolerance: { default: 2, minimum: 1, maximum: 5 },
          output_format: { default: 'webp', enum: ['webp', 'jpg', 'png'] },
          output_quality: { default: 80, minimum: 0, maximum: 100 },
          resolution: { default: '1 MP', 'x-order': 3 },
        },
      },
    });
  });

  it('is listed, alone and with its one version', async () => {
    const [models, versions, version] = await Promise.all(
      ['models', `models/${model}/versions`, `models/${model}/versions/hidden`].map(async (path) =>
        (await call(`${replicateBase}/${path}`)).json(),
      ),
    );
    expect(models).toMatchObject({ next: null, results: [{ name: 'flux-2-flex' }] });
    expect(versions).toEqual({ previous: null, next: null, results: [version] });
    expect(version).toMatchObject({ id: 'hidden', created_at: expect.any(String), cog_version: expect.any(String) });
  });
});

describe('the list', () => {
  it('has the predictions that bought a picture, newest first, page by page', async () => {
    const key = await addAccount('replicate-list');
    const prompts = Array.from({ length: 51 }, (_, index) => `replicate list ${index} sandbox:error`);
    for (const prompt of prompts) await predict({ ...smallInput, prompt }, { key });
    const page = async (path: string) => (await call(path, { key })).json<Page>();
    const first = await page(`${replicateBase}/predictions`);
    const shown = first.results.map(({ input }) => input.prompt);
    expect(shown).toEqual(prompts.toReversed().slice(0, 50));
    expect(first.results[0]).toMatchObject({ status: 'failed', urls: { get: expect.stringContaining(origin) } });
    expect(first.next).toMatch(new RegExp(`^${origin}${replicateBase}/predictions\\?cursor=`));
    const next = new URL(first.next ?? '');
    const second = await page(next.pathname + next.search);
    expect(second.results.map(({ input }) => input.prompt)).toEqual([prompts[0]]);
    expect(second.next).toBeNull();
  });

  it('may be cut by time and source', async () => {
    const key = await addAccount('replicate-times');
    const { created_at } = await predicted({ prompt: 'replicate: times sandbox:error' }, { key });
    const countFor = async (query: Record<string, string>) =>
      (await (await call(`${replicateBase}/predictions?${new URLSearchParams(query)}`, { key })).json<Page>()).results
        .length;
    expect(await countFor({ created_after: created_at })).toBe(1);
    expect(await countFor({ created_before: created_at })).toBe(0);
    expect(await countFor({ created_before: '2999-01-01T00:00:00Z' })).toBe(1);
    expect(await countFor({ source: 'web' })).toBe(0);
  });
});

describe('the stream of a prediction', () => {
  const read = async (id: string) => {
    const response = await call(`${replicateBase}/predictions/${id}/stream`, { key: null });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    return await response.text();
  };

  it('needs no key, and ends with the output and done', async () => {
    const { id } = await predicted({ prompt: 'replicate: stream' }, { headers: { prefer: '' } });
    const text = await read(id);
    expect(text).toMatch(/event: output\nid: 2000\ndata: http:\/\/127\.0\.0\.1\/images\/.+\n\n/);
    expect(text).toMatch(/event: done\nid: 2000\ndata: \{\}\n\n$/);
  });

  it.each([
    {
      trigger: 'sandbox:error',
      end: /event: error\n.+\ndata: \{"detail":".+"\}\n\nevent: done\n.+\ndata: \{"reason":"error"\}/,
    },
    { trigger: 'sandbox:never', end: /event: done\n.+\ndata: \{"reason":"canceled"\}/ },
  ])('tells how $trigger ended', async ({ trigger, end }) => {
    const { id } = await predicted({ prompt: `replicate stream ${trigger}` }, { headers: { prefer: '' } });
    const reading = read(id);
    if (trigger === 'sandbox:never') await call(`${replicateBase}/predictions/${id}/cancel`, { method: 'POST' });
    expect(await reading).toMatch(end);
  });
});

describe('the page of a prediction', () => {
  it('leads a browser to the picture once there is one', async () => {
    const { output, urls } = await predicted({ prompt: 'replicate: page' });
    const response = await exports.default.fetch(new Request(urls.web, { redirect: 'manual' }));
    expect([response.status, response.headers.get('location')]).toEqual([303, output]);
    const pending = await predicted({ prompt: 'replicate: page sandbox:never' }, { headers: { prefer: '' } });
    const shown = await call(new URL(pending.urls.web).pathname, { key: null });
    expect([shown.status, (await shown.json<Prediction>()).id]).toEqual([200, pending.id]);
  });
});

describe('the secret of webhooks', () => {
  it("is the account's own, and always the same", async () => {
    const other = await addAccount('replicate-secret');
    const read = async (key?: string) =>
      (await call(`${replicateBase}/webhooks/default/secret`, key === undefined ? {} : { key })).json<{
        key: string;
      }>();
    const { key } = await read();
    expect(key).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(await read()).toEqual({ key });
    expect(await read(other)).not.toEqual({ key });
  });
});
