import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { expirePictures } from '../../src/storage/expire-pictures';
import { PictureClaims } from '../../src/storage/picture-claims';
import { PictureFiles } from '../../src/storage/picture-files';
import { PictureRegister } from '../../src/storage/picture-register';
import { addAccount } from '../support/accounts';
import { administered } from '../support/admin-caller';
import { call } from '../support/front-door';
import { purchase, record } from '../support/ledger-rows';
import { fingerprintOf, generate } from '../support/openai-caller';
import { objectsOf, renderRow } from '../support/stored-objects';

const parts = {
  register: new PictureRegister(env.LEDGER),
  claims: new PictureClaims(env.LEDGER),
  files: new PictureFiles(env.PICTURES),
};
const dayMs = 86_400_000;

/** A picture that is in the ledger, with a rendition, and as old as a test wants it. */
async function stored(prompt: string, { key = env.DEV_API_KEY, ageDays = 0 } = {}): Promise<string> {
  const fingerprint = fingerprintOf(await generate({ prompt, seed: 1 }, { key }));
  await (await call(`/images/${fingerprint}.webp?w=48`)).arrayBuffer();
  await renderRow(fingerprint);
  const statement = 'UPDATE renders SET stored_at = stored_at - ?2 WHERE fingerprint = ?1';
  await env.LEDGER.prepare(statement)
    .bind(fingerprint, ageDays * dayMs)
    .run();
  return fingerprint;
}

const pinOf = (fingerprint: string, method = 'PUT', key: string | null = env.DEV_API_KEY) =>
  call(`/v1/pins/${fingerprint}`, { method, key });
const expire = (retentionDays: number, most?: number) =>
  expirePictures(parts, { retentionDays, now: Date.now(), ...(most === undefined ? {} : { most }) });

describe('a pin', () => {
  it('is made, listed and taken off by the account that bought the picture', async () => {
    const key = await addAccount('pins-own');
    const fingerprint = await stored('pins: own', { key });
    const { sha256 } = await renderRow(fingerprint);
    const pinned = await pinOf(fingerprint, 'PUT', key);
    expect(pinned.status).toBe(200);
    const pin = { object: 'pin', fingerprint, sha256, pinned_at: expect.stringMatching(/Z$/) };
    const answer = await pinned.json();
    expect(answer).toEqual(pin);
    expect(await (await pinOf(fingerprint, 'PUT', key)).json()).toEqual(answer);
    const list = await call('/v1/pins', { key });
    expect(list.headers.get('cache-control')).toBe('private, no-store');
    expect(await list.json()).toEqual({ object: 'list', data: [answer], next: null });
    expect((await pinOf(fingerprint, 'DELETE', key)).status).toBe(204);
    expect(await (await call('/v1/pins', { key })).json()).toEqual({ object: 'list', data: [], next: null });
    expect((await pinOf(fingerprint, 'DELETE', key)).status).toBe(404);
  });

  it('is nobody else’s to make, see or take off', async () => {
    const [key, other] = [await addAccount('pins-mine'), await addAccount('pins-theirs')];
    const fingerprint = await stored('pins: mine', { key });
    await pinOf(fingerprint, 'PUT', key);
    expect((await pinOf(fingerprint, 'PUT', other)).status).toBe(404);
    expect((await pinOf(fingerprint, 'DELETE', other)).status).toBe(404);
    expect(await (await call('/v1/pins', { key: other })).json()).toMatchObject({ data: [] });
    expect((await renderRow(fingerprint)).pinned_at).not.toBeNull();
  });

  it('is anybody’s who bought the picture again, and the picture is kept while one of them pins it', async () => {
    const [key, other] = [await addAccount('pins-first'), await addAccount('pins-again')];
    const fingerprint = await stored('pins: bought again', { key, ageDays: 31 });
    expect((await pinOf(fingerprint, 'PUT', other)).status).toBe(404);
    const bought = { accountId: 'pins-again', fingerprint };
    await record(purchase({ ...bought, outcome: 'failed' }));
    expect((await pinOf(fingerprint, 'PUT', other)).status).toBe(404);
    await record(purchase(bought));
    expect((await pinOf(fingerprint, 'DELETE', other)).status).toBe(404);
    expect((await pinOf(fingerprint, 'PUT', other)).status).toBe(200);
    expect((await pinOf(fingerprint, 'PUT', key)).status).toBe(200);
    expect((await pinOf(fingerprint, 'DELETE', key)).status).toBe(204);
    await expire(30);
    expect((await objectsOf(fingerprint)).length).toBeGreaterThan(0);
    expect(await (await call('/v1/pins', { key: other })).json()).toMatchObject({ data: [{ fingerprint }] });
    expect((await pinOf(fingerprint, 'DELETE', other)).status).toBe(204);
    await expire(30);
    expect(await objectsOf(fingerprint)).toEqual([]);
  });

  it('of a picture that was purged is gone with it', async () => {
    const key = await addAccount('pins-purged');
    const fingerprint = await stored('pins: purged', { key });
    await pinOf(fingerprint, 'PUT', key);
    await administered(`pictures/${fingerprint}`, { method: 'DELETE' });
    await stored('pins: purged', { key });
    expect(await (await call('/v1/pins', { key })).json()).toMatchObject({ data: [] });
    expect((await renderRow(fingerprint)).pinned_at).toBeNull();
  });

  it('is one of many, a page at a time', async () => {
    const key = await addAccount('pins-many');
    const fingerprints = Array.from({ length: 105 }, (_, index) => index.toString(16).padStart(64, 'f'));
    const statements = [
      `INSERT INTO renders (fingerprint, account_id, stored_at, provider, sha256, width, height, seed, pinned_at)
        SELECT value, 'pins-many', 1, 'sandbox', 'x', 1, 1, 1, 1 FROM json_each(?1)`,
      "INSERT INTO pins SELECT 'pins-many', value, 1 FROM json_each(?1)",
    ];
    await env.LEDGER.batch(
      statements.map((statement) => env.LEDGER.prepare(statement).bind(JSON.stringify(fingerprints))),
    );
    const page = async (query: string) =>
      await (await call(`/v1/pins${query}`, { key })).json<{ data: { fingerprint: string }[]; next: string | null }>();
    const first = await page('');
    const second = await page(`?cursor=${first.next}`);
    expect([first.data.length, second.data.length, second.next]).toEqual([100, 5, null]);
    expect([...first.data, ...second.data].map(({ fingerprint }) => fingerprint)).toEqual(fingerprints.toSorted());
  });

  it.each(['x', 'A'.repeat(64), '0'.repeat(63), '%00', "'%20OR%201=1--"])('of %s is refused', async (fingerprint) => {
    for (const method of ['PUT', 'DELETE']) expect((await pinOf(fingerprint, method)).status).toBe(400);
    expect((await call(`/v1/pins?cursor=${fingerprint}`)).status).toBe(400);
  });

  it('needs a key, a picture, and a method that there is', async () => {
    const nothing = '0'.repeat(64);
    for (const method of ['PUT', 'DELETE']) {
      expect((await pinOf(nothing, method, null)).status).toBe(401);
      expect((await pinOf(nothing, method, 'fg_wrong')).status).toBe(401);
      expect((await pinOf(nothing, method)).status).toBe(404);
    }
    expect((await call('/v1/pins', { key: null })).status).toBe(401);
    expect((await pinOf(nothing, 'POST')).headers.get('allow')).toBe('PUT, DELETE');
    expect((await call('/v1/pins', { method: 'POST' })).status).toBe(405);
    expect((await call('/v1/pins?page=2')).status).toBe(400);
  });
});

describe('the retention of pictures', () => {
  it('deletes what is old and not pinned, with all its files, and keeps its row', async () => {
    const [old, young, pinned] = await Promise.all([
      stored('retention: old', { ageDays: 31 }),
      stored('retention: young', { ageDays: 29 }),
      stored('retention: pinned', { ageDays: 400 }),
    ]);
    await pinOf(pinned);
    expect(await expire(0)).toBe(0);
    expect(await objectsOf(old)).toHaveLength(3);
    expect(await expire(30)).toBe(1);
    expect(await objectsOf(old)).toEqual([]);
    expect(await renderRow(old)).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    for (const kept of [young, pinned]) expect(await objectsOf(kept)).toHaveLength(3);
    expect(await expire(30)).toBe(0);
  });

  it('leaves what it took to be made again, which is compared with the first time', async () => {
    const fingerprint = await stored('retention: again', { ageDays: 31 });
    expect(await expire(30)).toBe(1);
    const again = await generate({ prompt: 'retention: again', seed: 1 });
    expect(again.headers.get('x-fluxgate-determinism')).toBe('rerendered');
    await renderRow(fingerprint, ({ rerendered_at }) => rerendered_at !== null);
    expect(await renderRow(fingerprint)).toMatchObject({ expired_at: null });
    expect(await expire(30)).toBe(0);
    expect((await call(`/images/${fingerprint}.png`)).status).toBe(200);
  });

  it('takes the oldest first, and a bounded number at a time', async () => {
    const [older, oldest] = [
      await stored('retention: older', { ageDays: 50 }),
      await stored('retention: oldest', { ageDays: 60 }),
    ];
    expect(await expire(30, 1)).toBe(1);
    expect([(await objectsOf(oldest)).length, (await objectsOf(older)).length]).toEqual([0, 3]);
    expect(await expire(30)).toBe(1);
  });

  it('goes on where it was cut off', async () => {
    const fingerprint = await stored('retention: cut off', { ageDays: 31 });
    const files = { remove: () => Promise.reject(new Error('no bucket today')) } as unknown as PictureFiles;
    const broken = expirePictures({ ...parts, files }, { retentionDays: 30, now: Date.now() });
    await expect(broken).rejects.toThrow('no bucket today');
    expect((await renderRow(fingerprint)).expired_at).toBeNull();
    expect(await expire(30)).toBe(1);
    expect(await objectsOf(fingerprint)).toEqual([]);
  });
});
