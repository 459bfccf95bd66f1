import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { callFal, type FalError, fingerprintOf, follow, okay, submit } from '../support/fal-caller';
import { bytesAt, call, origin } from '../support/front-door';

interface Promised {
  readonly upload_url: string;
  readonly file_url: string;
}
const initiate = '/fal/rest/storage/upload/initiate?storage_type=fal-cdn-v3';

async function promised(content_type = 'image/png'): Promise<Promised> {
  return await okay<Promised>(await callFal(initiate, { json: { content_type, file_name: 'a picture.png' } }));
}

function put(url: string, body: BodyInit, contentType: string | null = 'image/png'): Promise<Response> {
  const headers: Record<string, string> = contentType === null ? {} : { 'content-type': contentType };
  return follow(url, { method: 'PUT', body, headers, key: null });
}

describe('uploading', () => {
  it('is promised a place on our origin, takes the file there without a key, and serves it', async () => {
    const { upload_url, file_url } = await promised();
    expect([new URL(upload_url).origin, new URL(file_url).origin]).toEqual([origin, origin]);
    expect((await call(new URL(file_url).pathname, { key: null })).status).toBe(404);
    const response = await put(upload_url, pictureBytes('png'));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ access_url: file_url });
    expect(await bytesAt(file_url)).toEqual(pictureBytes('png'));
  });

  it.each(['png', 'jpeg', 'webpLossy', 'gif'] as const)('makes a reference of a file: %s', async (name) => {
    const { upload_url, file_url } = await promised('application/octet-stream');
    await put(upload_url, pictureBytes(name), 'application/octet-stream');
    const input = { prompt: 'fal: uploaded', seed: 1 };
    const byUrl = await submit({ ...input, image_urls: [file_url] }, { isEdit: true });
    const inline = await submit({ ...input, image_urls: [pictureBytes(name).toBase64()] }, { isEdit: true });
    expect(fingerprintOf(byUrl)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf(byUrl)).toBe(fingerprintOf(inline));
  });

  it('takes a file without a content type, as curl -T sends it', async () => {
    const { upload_url, file_url } = await promised();
    expect((await put(upload_url, pictureBytes('png'), null)).status).toBe(200);
    expect(await bytesAt(file_url)).toEqual(pictureBytes('png'));
  });

  it.each([
    { name: 'text', body: 'not a picture' },
    { name: 'a picture that is cut short', body: pictureBytes('png').slice(0, 900) },
  ])('refuses $name, and names the file', async ({ body }) => {
    const { upload_url, file_url } = await promised();
    const response = await put(upload_url, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc: ['body', 'file'] }] });
    expect((await call(new URL(file_url).pathname, { key: null })).status).toBe(404);
  });

  it.each(['text/plain', 'video/mp4', 'image/svg+xml', 3])('promises no place for %s', async (content_type) => {
    const response = await callFal(initiate, { json: { content_type, file_name: 'x' } });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc: ['body', 'content_type'] }] });
  });

  it('takes nothing at a place that was not promised', async () => {
    const { upload_url } = await promised();
    const [last = ''] = upload_url.slice(-1);
    const forged = upload_url.slice(0, -1) + (last === 'A' ? 'B' : 'A');
    for (const url of [forged, `${origin}/fal/rest/storage/files/nothing`]) {
      const response = await put(url, pictureBytes('png'));
      expect(response.status).toBe(403);
      expect(await response.json<FalError>()).toMatchObject({ detail: expect.any(String) });
    }
  });

  it('takes a file by PUT alone', async () => {
    const { upload_url } = await promised();
    const response = await follow(upload_url, { method: 'POST', body: pictureBytes('png'), key: null });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('PUT');
  });
});
