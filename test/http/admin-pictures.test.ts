import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint';
import type { ImageRequest } from '../../src/core/image-request';
import { squareMegapixel } from '../../src/core/price';
import { PictureClaims } from '../../src/storage/picture-claims';
import { PictureFiles } from '../../src/storage/picture-files';
import { PictureStore } from '../../src/storage/picture-store';
import { addAccount, purchasesOf } from '../support/accounts';
import { admin, administered, allPages } from '../support/admin-caller';
import { fingerprintIn, made, submitted } from '../support/bfl-caller';
import { changeProvider } from '../support/changed-provider';
import { afterSeconds } from '../support/clock';
import { bytesAt, call, origin } from '../support/front-door';
import { taskAt } from '../support/task-caller';

interface Rerender {
  readonly task: string;
  readonly before_sha256: string;
  readonly after_sha256: string;
  readonly same: boolean;
}
const store = new PictureStore(env.PICTURES);

afterEach(() => {
  vi.restoreAllMocks();
});

const urlOf = (print: string, extension = 'png') => `${origin}/images/${print}.${extension}`;
const statusOf = async (print: string) => (await call(`/images/${print}.png`, { key: null })).status;
const keysOf = async (print: string) => {
  const { objects } = await env.PICTURES.list({ prefix: `pictures/${print}/` });
  return objects.map(({ key }) => key.slice(`pictures/${print}/`.length)).toSorted();
};
const rowOf = (print: string) =>
  env.LEDGER.prepare('SELECT account_id, sha256 FROM renders WHERE fingerprint = ?1').bind(print).first();
const rerender = (print: string, json: object = {}) => administered<Rerender>(`pictures/${print}/rerender`, { json });

async function storedPicture(prompt: string, key?: string): Promise<string> {
  const { sample } = await made({ prompt, seed: 1 }, key === undefined ? {} : { key });
  return fingerprintIn(sample);
}

/** A picture in the store whose recipe ends otherwise than it did. */
async function pictureThatFails(prompt: string): Promise<string> {
  const like = await storedPicture('something that can be made');
  const master = await store.master(like);
  const facts = await store.facts(like);
  if (master === null || facts === null) throw new Error('The picture is not stored.');
  const request: ImageRequest = { ...squareMegapixel, prompt, width: 64, height: 64 };
  const print = await fingerprint(request);
  await store.putMaster(print, new Uint8Array(await master.arrayBuffer()), facts);
  await store.putRecipe({ fingerprint: print, request, facts });
  return print;
}

describe('a purge', () => {
  it('removes every file of the picture and its line, but nothing of the ledger; twice is once', async () => {
    const print = await storedPicture('to be purged');
    const other = await storedPicture('to be kept');
    await bytesAt(`${urlOf(print, 'webp')}?w=64`);
    const files = await keysOf(print);
    expect(files.length).toBeGreaterThan(2);
    const purged = await administered(`pictures/${print}`, { method: 'DELETE' });
    expect(purged).toMatchObject({ object: 'purge', fingerprint: print, objects: files.length });
    expect(purged.bytes).toBeGreaterThan(100);
    expect(['absent', 'purged']).toContain(purged.edge_cache);
    expect([await keysOf(print), await rowOf(print), await statusOf(print)]).toEqual([[], null, 404]);
    expect(await purchasesOf(print)).toHaveLength(1);
    expect(await statusOf(other)).toBe(200);
    const again = await administered(`pictures/${print}`, { method: 'DELETE' });
    expect(again).toMatchObject({ objects: 0, bytes: 0 });
  });

  it('is refused while the picture is being made, in words, and leaves its render alone', async () => {
    const key = await addAccount('purge-under-way');
    const { id } = await submitted({ prompt: 'to be purged too early sandbox:slow', seed: 1 }, { key });
    const { fingerprint: print } = await taskAt(id, 'rendering', { key });
    const answer = await admin(`pictures/${print}`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([409, '5']);
    expect(await answer.json()).toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('made') },
    });
    expect((await afterSeconds(21, () => taskAt(id, 'ready', { key }))).status).toBe('ready');
    expect(await administered(`pictures/${print}`, { method: 'DELETE' })).toMatchObject({ objects: 2 });
    expect([await keysOf(print), await rowOf(print), await statusOf(print)]).toEqual([[], null, 404]);
  });

  it('is not the end: the same request buys the same picture again', async () => {
    const print = await storedPicture('to be bought again');
    const bytes = await bytesAt(urlOf(print));
    await administered(`pictures/${print}`, { method: 'DELETE' });
    expect(await storedPicture('to be bought again')).toBe(print);
    expect(await bytesAt(urlOf(print))).toEqual(bytes);
    expect(await purchasesOf(print)).toHaveLength(2);
  });
});

describe('a rerender', () => {
  it('makes the same picture from its recipe, and is paid by the account that bought it first', async () => {
    const key = await addAccount('rerender-first');
    const print = await storedPicture('once more', key);
    const bytes = await bytesAt(urlOf(print));
    const files = await keysOf(print);
    const { task, before_sha256: before, after_sha256: after, same } = await rerender(print);
    expect([same, before === after, task.length > 20]).toEqual([true, true, true]);
    expect(await bytesAt(urlOf(print))).toEqual(bytes);
    expect((await keysOf(print)).filter((name) => name.startsWith('replaced/'))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['master', 'recipe.json']));
    const accounts = (await purchasesOf(print)).map(({ account_id: account }) => account);
    expect(accounts).toEqual(['rerender-first', 'rerender-first']);
    const [entry] = await allPages<{ action: string; target: string }>('audit', 1);
    expect(entry).toMatchObject({ action: 'picture.rerender', target: print });
  });

  it('is paid by another account where one is named, whose limits hold', async () => {
    await addAccount('rerender-payer');
    await addAccount('rerender-broke', { limits: { isPrepaid: true } });
    const print = await storedPicture('paid by another');
    const bytes = await bytesAt(urlOf(print));
    expect((await admin(`pictures/${print}/rerender`, { json: { account: 'rerender-broke' } })).status).toBe(402);
    expect(await bytesAt(urlOf(print))).toEqual(bytes);
    await rerender(print, { account: 'rerender-payer' });
    expect((await purchasesOf(print)).map(({ account_id: account }) => account).toSorted()).toEqual([
      'development',
      'rerender-payer',
    ]);
  });

  it('tells when the picture is another one, and keeps the old file', async () => {
    const print = await storedPicture('not the same');
    const facts = await store.facts(print);
    if (facts === null) throw new Error('The picture is not stored.');
    const old = new TextEncoder().encode('what a vendor delivered in earlier days');
    const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', old)).toHex();
    const recipe = await store.recipe(print);
    await env.PICTURES.delete(`pictures/${print}/master`);
    await store.putMaster(print, Uint8Array.from(old), { ...facts, sha256 });
    if (recipe !== null) await store.putRecipe({ ...recipe, facts: { ...facts, sha256 } });
    await env.LEDGER.prepare('UPDATE renders SET sha256 = ?2 WHERE fingerprint = ?1').bind(print, sha256).run();
    expect(await rerender(print)).toMatchObject({ before_sha256: sha256, after_sha256: facts.sha256, same: false });
    expect(await rowOf(print)).toMatchObject({ sha256 });
    const kept = await env.PICTURES.get(`pictures/${print}/replaced/${sha256}/master`);
    expect(await kept?.text()).toBe('what a vendor delivered in earlier days');
    await administered(`pictures/${print}`, { method: 'DELETE' });
    expect(await keysOf(print)).toEqual([]);
  });

  it.each(['sandbox:error', 'sandbox:refused', 'sandbox:moderated-output', 'sandbox:unknown'])(
    'that ends with %s leaves every file as it was',
    async (trigger) => {
      const print = await pictureThatFails(`${trigger} again`);
      const [bytes, files] = [await bytesAt(urlOf(print)), await keysOf(print)];
      const response = await admin(`pictures/${print}/rerender`, { json: {} });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect([await bytesAt(urlOf(print)), await keysOf(print)]).toEqual([bytes, files]);
      expect(await statusOf(print)).toBe(200);
    },
  );

  it('is handed out as it is until the new one takes its place', async () => {
    const print = await storedPicture('handed out meanwhile');
    const [bytes, files] = [await bytesAt(urlOf(print)), await keysOf(print)];
    const seen: unknown[] = [];
    await changeProvider(print, ({ submit }) => ({
      submit: async (...given) => {
        seen.push(await statusOf(print), await keysOf(print));
        return await submit(...given);
      },
    }));
    expect(await rerender(print)).toMatchObject({ same: true });
    expect(seen).toEqual([200, files]);
    expect(await bytesAt(urlOf(print))).toEqual(bytes);
    const told = await store.facts(print);
    expect(told).toMatchObject({ determinism: 'rerendered' });
  });

  it('stores nothing where the picture was deleted meanwhile, as after a crash', async () => {
    const print = await storedPicture('deleted meanwhile');
    await changeProvider(print, ({ submit }) => ({
      submit: async (...given) => {
        await new PictureFiles(env.PICTURES).remove(print);
        return await submit(...given);
      },
    }));
    expect((await admin(`pictures/${print}/rerender`, { json: {} })).status).toBeGreaterThanOrEqual(400);
    expect(await keysOf(print)).toEqual([]);
  });

  it('of a private picture is paid by its own account alone, as who pays can see it', async () => {
    const key = await addAccount('rerender-private', { visibility: 'private' });
    await addAccount('rerender-curious');
    const ordered = await call('/v1/images/generations', { json: { prompt: 'nobody else’s', seed: 1 }, key });
    const print = /[0-9a-f]{64}/.exec(await ordered.text())?.[0] ?? '';
    const refused = await admin(`pictures/${print}/rerender`, { json: { account: 'rerender-curious' } });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('private')]);
    expect(await rerender(print)).toMatchObject({ same: true });
    expect((await purchasesOf(print)).map(({ account_id: account }) => account)).toEqual([
      'rerender-private',
      'rerender-private',
    ]);
  });

  it('is one purchase, however many ask for it at once', async () => {
    const print = await storedPicture('made again by ten at once');
    const bytes = await bytesAt(urlOf(print));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => admin(`pictures/${print}/rerender`, { json: {} })),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    await expect.poll(async () => (await purchasesOf(print)).length).toBe(2);
    expect(await bytesAt(urlOf(print))).toEqual(bytes);
    expect((await keysOf(print)).filter((key) => key.startsWith('replaced/'))).toEqual([]);
    expect((await admin(`pictures/${print}/rerender`, { method: 'POST' })).status).toBe(200);
    expect(await purchasesOf(print)).toHaveLength(3);
  });

  it('is free again for the next one after it was refused', async () => {
    const print = await storedPicture('refused, then made again');
    expect((await admin(`pictures/${print}/rerender`, { json: { account: 'nobody' } })).status).toBe(404);
    expect(await rerender(print)).toMatchObject({ same: true });
  });

  it('of which the service died leaves the picture to others after a while', async () => {
    const claims = new PictureClaims(env.LEDGER);
    const claimAt = (at: number) => claims.claim(print, 'rerender', at);
    const print = await storedPicture('claimed, and never let go');
    const now = Date.now();
    const first = await claimAt(now);
    expect(first).not.toBeNull();
    expect(await claimAt(now + 60_000)).toBeNull();
    expect((await admin(`pictures/${print}/rerender`, { json: {} })).status).toBe(409);
    const late = await Promise.all([claimAt(now + 90_000), claimAt(now + 90_000)]);
    expect(late.filter((claim) => claim !== null)).toHaveLength(1);
    await first?.release();
    expect((await admin(`pictures/${print}/rerender`, { json: {} })).status).toBe(409);
    for (const claim of late) await claim?.release();
    expect(await rerender(print)).toMatchObject({ same: true });
  });

  it('is refused for what does not exist', async () => {
    const print = await storedPicture('exists');
    expect((await admin(`pictures/${'0'.repeat(64)}/rerender`, { json: {} })).status).toBe(404);
    expect((await admin(`pictures/${print}/rerender`, { json: { account: 'nobody' } })).status).toBe(404);
    expect((await admin(`pictures/${print}/rerender`, { json: { seed: 2 } })).status).toBe(400);
    const unknown = await admin(`pictures/${'0'.repeat(64)}`, { method: 'DELETE' });
    expect([unknown.status, await unknown.json()]).toMatchObject([
      404,
      { error: { code: 'not_found', message: 'There is no such picture.' } },
    ]);
    for (const name of ['x', `${print}.png`, print.toUpperCase()])
      expect((await admin(`pictures/${name}`, { method: 'DELETE' })).status).toBe(400);
    expect(await statusOf(print)).toBe(200);
  });
});
