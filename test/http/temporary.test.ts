import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { Signatures } from '../../src/storage/signatures';
import { sealTemporaryUrl, temporaryUrlSeconds } from '../../src/storage/temporary-url';
import { made } from '../support/bfl-caller';
import { bytesAt, call, origin } from '../support/front-door';

const signatures = new Signatures(env.SIGNING_SECRET);
const get = (url: string, headers: Record<string, string> = {}) =>
  call(url.slice(origin.length), { key: null, headers });

let lasting = '';
beforeAll(async () => {
  lasting = (await made({ prompt: 'a picture for a while', seed: 1 })).sample;
});

describe('a temporary URL', () => {
  it('answers the bytes of the lasting one, for as long as it says', async () => {
    const response = await get(
      await sealTemporaryUrl(signatures, lasting, { now: Date.now(), seconds: temporaryUrlSeconds }),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(await bytesAt(lasting));
    const age = Number(/^private, max-age=(\d+)$/.exec(response.headers.get('cache-control') ?? '')?.[1]);
    expect(age).toBeGreaterThan(temporaryUrlSeconds - 30);
    expect(age).toBeLessThanOrEqual(temporaryUrlSeconds);
    expect(response.headers.get('cache-tag')).toBeNull();
  });

  it('does what the lasting one does: ranges, conditions, renditions, HEAD', async () => {
    const url = await sealTemporaryUrl(signatures, lasting, { now: Date.now(), seconds: temporaryUrlSeconds });
    const part = await get(url, { range: 'bytes=0-3' });
    expect([part.status, new Uint8Array(await part.arrayBuffer()).toHex()]).toEqual([206, '89504e47']);
    const same = await get(url, { 'if-none-match': part.headers.get('etag') ?? '' });
    expect(same.status).toBe(304);
    const small = await get(
      await sealTemporaryUrl(signatures, `${lasting}?w=32`, { now: Date.now(), seconds: temporaryUrlSeconds }),
    );
    expect(small.status).toBe(200);
    const head = await call(url.slice(origin.length), { method: 'HEAD', key: null });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('answers no longer once it has expired', async () => {
    const almost = Date.now() - (temporaryUrlSeconds - 5) * 1000;
    expect(
      (await get(await sealTemporaryUrl(signatures, lasting, { now: almost, seconds: temporaryUrlSeconds }))).status,
    ).toBe(200);
    const past = Date.now() - temporaryUrlSeconds * 1000;
    const response = await get(
      await sealTemporaryUrl(signatures, lasting, { now: past, seconds: temporaryUrlSeconds }),
    );
    expect(response.status).toBe(403);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
  });

  it.each([
    { name: 'a later end', alter: (url: string) => url.replace(/expires=\d+/, 'expires=9999999999') },
    { name: 'a word more', alter: (url: string) => `${url}&width=32` },
    { name: 'the names of its words in capitals', alter: (url: string) => url.replace('signature=', 'SIGNATURE=') },
    { name: 'another size', alter: (url: string) => url.replace('?', '?w=32&') },
    { name: 'another format', alter: (url: string) => url.replace('.png', '.jpg') },
    { name: 'another picture', alter: (url: string) => url.replace(/[0-9a-f]{64}/, '0'.repeat(64)) },
    { name: 'another signature', alter: (url: string) => url.replace(/signature=./, 'signature=~') },
    { name: 'no signature', alter: (url: string) => url.replace(/&signature=.*/, '') },
    { name: 'nothing at all', alter: (url: string) => url.replace(/\?.*/, '') },
  ])('answers nothing with $name', async ({ alter }) => {
    const response = await get(
      alter(await sealTemporaryUrl(signatures, lasting, { now: Date.now(), seconds: temporaryUrlSeconds })),
    );
    expect(response.status).toBe(403);
  });

  it.each([
    {
      name: 'its signature twice',
      alter: (url: string) => `${url}&${/signature=.*/.exec(url)?.[0]}`,
      field: 'signature',
    },
    { name: 'another signature after its own', alter: (url: string) => `${url}&signature=x`, field: 'signature' },
    {
      name: 'its signature spelled otherwise, too',
      alter: (url: string) => `${url}&%73ignature=x`,
      field: 'signature',
    },
    {
      name: 'another end before it',
      alter: (url: string) => url.replace('?', '?expires=9999999999&'),
      field: 'expires',
    },
    { name: 'two sizes', alter: (url: string) => `${url}&w=32&w=32`, field: 'w' },
  ])('answers nothing with $name, as links do', async ({ alter, field }) => {
    const sealed = await sealTemporaryUrl(signatures, lasting, { now: Date.now(), seconds: temporaryUrlSeconds });
    const response = await get(alter(sealed));
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(`${field}: expected once`)]);
  });

  it('answers 404 for a picture that is not there, and takes no other method', async () => {
    const gone = lasting.replace(/[0-9a-f]{64}/, '0'.repeat(64));
    const url = await sealTemporaryUrl(signatures, gone, { now: Date.now(), seconds: temporaryUrlSeconds });
    expect((await get(url)).status).toBe(404);
    expect((await call(url.slice(origin.length), { method: 'DELETE' })).status).toBe(405);
  });
});
