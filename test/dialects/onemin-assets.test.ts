import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type PictureName, pictureBytes } from '../fixtures/pictures/picture-bytes';
import { bytesAt, call, origin } from '../support/front-door';

interface Asset {
  readonly asset: { readonly key: string; readonly location: string; readonly metadata: object };
  readonly fileContent: { readonly path: string };
}
interface Answer {
  readonly aiRecord: {
    readonly type: string;
    readonly aiRecordDetail: {
      readonly promptObject: Readonly<Record<string, unknown>>;
      readonly resultObject: readonly string[];
    };
    readonly temporaryUrl: string;
  };
}

type Content = string | Blob;

async function upload(parts: Readonly<Record<string, Content | Content[]>>, key: string | null = env.DEV_API_KEY) {
  const form = new FormData();
  for (const [name, values] of Object.entries(parts)) for (const value of [values].flat()) form.append(name, value);
  const encoded = new Response(form);
  const headers = new Headers({ 'content-type': encoded.headers.get('content-type') ?? '' });
  if (key !== null) headers.set('api-key', key);
  const body = await encoded.arrayBuffer();
  return await call('/api/assets', { body, headers: Object.fromEntries(headers), key: null });
}
const picture = (name: PictureName, type: string) => new File([pictureBytes(name)], `my ${name}.${type}`);

async function edited(imageUrl: unknown): Promise<Response> {
  const promptObject = { imageUrl, prompt: '1min: edited', seed: 1, steps: 6, aspect_ratio: '1:1' };
  const json = { type: 'IMAGE_EDITOR', model: 'black-forest-labs/flux-2-flex', promptObject };
  return await call('/api/features', { json });
}

describe('an asset', () => {
  it('is answered with every field of the documentation', async () => {
    const response = await upload({ asset: picture('png', 'png') });
    expect(response.status).toBe(200);
    const path = expect.stringMatching(/^uploads\/[0-9a-f]{64}\.png$/);
    const field = { fieldname: 'asset', originalname: 'my png.png', encoding: '7bit', mimetype: 'image/png' };
    expect(await response.json()).toEqual({
      asset: {
        ...field,
        size: pictureBytes('png').length,
        bucket: 'uploads',
        key: path,
        acl: 'private',
        contentType: 'image/png',
        contentDisposition: null,
        contentEncoding: null,
        storageClass: 'STANDARD',
        serverSideEncryption: null,
        metadata: field,
        location: expect.stringMatching(new RegExp(`^${origin}/uploads/[0-9a-f]{64}\\.png$`)),
        etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      },
      fileContent: {
        uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
        path,
        type: 'png',
        name: expect.stringMatching(/^[0-9a-f]{64}\.png$/),
        content: '',
        status: 'ACTIVE',
        metadata: { token: 0, character: 0 },
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    });
  });

  it('is what is edited: by its path, its key with a slash, its location, or as a data URL', async () => {
    const { asset, fileContent } = await (await upload({ asset: picture('jpeg', 'jpg') })).json<Asset>();
    expect(await bytesAt(asset.location)).toEqual(pictureBytes('jpeg'));
    const dataUrl = `data:image/jpeg;base64,${pictureBytes('jpeg').toBase64()}`;
    const results = await Promise.all(
      [fileContent.path, `/${asset.key}`, asset.location, dataUrl, [fileContent.path]].map(async (imageUrl) => {
        const { aiRecord } = await (await edited(imageUrl)).json<Answer>();
        const { promptObject, resultObject } = aiRecord.aiRecordDetail;
        expect([aiRecord.type, promptObject.imageUrl]).toEqual(['IMAGE_EDITOR', imageUrl]);
        return resultObject[0];
      }),
    );
    expect(new Set(results).size).toBe(1);
  });

  it('may be one of several', async () => {
    const names = ['png', 'gif'] as const;
    const paths = await Promise.all(
      names.map(async (name) => (await (await upload({ asset: picture(name, name) })).json<Asset>()).fileContent.path),
    );
    const prints = await Promise.all(
      [paths, paths.toReversed(), paths[0]].map(async (imageUrl) =>
        (await edited(imageUrl)).headers.get('x-fluxgate-fingerprint'),
      ),
    );
    expect(new Set(prints).size).toBe(3);
  });

  it('may be what was made before: by the path of its result, or by its temporary URL', async () => {
    const { fileContent } = await (await upload({ asset: picture('webpLossy', 'webp') })).json<Asset>();
    const { aiRecord } = await (await edited(fileContent.path)).json<Answer>();
    const again = [aiRecord.aiRecordDetail.resultObject[0], aiRecord.temporaryUrl];
    const prints = await Promise.all(
      again.map(async (imageUrl) => {
        const response = await edited(imageUrl);
        expect(response.status).toBe(200);
        return response.headers.get('x-fluxgate-fingerprint');
      }),
    );
    expect(new Set(prints).size).toBe(1);
    const altered = `${aiRecord.temporaryUrl.slice(0, -1)}~`;
    expect((await edited(altered)).status).toBe(400);
  });
});

describe('an asset that is refused', () => {
  it.each([
    { name: 'no file', parts: {} },
    { name: 'text in its place', parts: { asset: 'text' } },
    { name: 'a file under another name', parts: { file: picture('png', 'png') } },
    { name: 'two files', parts: { asset: [picture('png', 'png'), picture('jpeg', 'jpg')] } },
    { name: 'no picture', parts: { asset: new File(['hello'], 'a.png') } },
    { name: 'an AVIF', parts: { asset: picture('avif', 'avif') } },
  ])('names the field: $name', async ({ parts }) => {
    const response = await upload(parts);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errorCode: 'INVALID_REQUEST', error: { field: 'asset' } });
  });

  it('is no form, or has no key', async () => {
    expect((await call('/api/assets', { json: {} })).status).toBe(415);
    expect((await upload({ asset: picture('png', 'png') }, null)).status).toBe(401);
  });
});

describe('a path that is not ours', () => {
  it.each([
    'development/images/2025_12_04_18_10_29_882_cat.png',
    'images/cat.png',
    `uploads/${'0'.repeat(64)}.png`,
    `temporary/${'0'.repeat(64)}.png?expires=9999999999&signature=x`,
    '../etc/passwd.png',
    'http://127.0.0.1/health',
    'ftp://example.com/a.png',
  ])('is refused by its field: %s', async (imageUrl) => {
    const response = await edited(imageUrl);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { field: 'promptObject.imageUrl' } });
  });
});
