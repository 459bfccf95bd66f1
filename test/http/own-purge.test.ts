import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { AccountObjectBase } from '../../src/accounts/account-object';
import { app } from '../../src/app';
import { PictureClaims } from '../../src/storage/picture-claims';
import { addAccount, addKey, idOfKey, purchasesOf } from '../support/accounts';
import { administered } from '../support/admin-caller';
import { call, origin } from '../support/front-door';
import { purchase, record } from '../support/ledger-rows';
import { fingerprintOf, generate } from '../support/openai-caller';
import { lose, objectsOf, renderRow } from '../support/stored-objects';

/** A picture with a rendition, once the ledger has it. */
async function stored(prompt: string, key: string): Promise<string> {
  const print = fingerprintOf(await generate({ prompt, seed: 1 }, { key }));
  await (await call(`/images/${print}.webp?w=48`, { key: null })).arrayBuffer();
  await renderRow(print);
  return print;
}

const purge = (print: string, key: string | null, headers: Readonly<Record<string, string>> = {}) =>
  call(`/v1/pictures/${print}`, { method: 'DELETE', key, headers });
const rowOf = (print: string) =>
  env.LEDGER.prepare('SELECT account_id FROM renders WHERE fingerprint = ?1').bind(print).first();

/** What is told to who may not, once it is seen that nothing is gone. */
async function refusedWith(status: number, print: string, answer: Response): Promise<string> {
  const { error } = await answer.json<{ error: { message: string } }>();
  expect([answer.status, (await objectsOf(print)).length >= 2]).toEqual([status, true]);
  return error.message;
}

interface Entry {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: object;
}
const entriesOf = async (print: string) =>
  (await administered<{ data: Entry[] }>('audit?limit=200')).data.filter(({ target }) => target === print);

describe('an account deletes a picture of its own', () => {
  it('for good: its files, its row and its pin, and the audit log names the key', async () => {
    const key = await addAccount('purge-own');
    const print = await stored('purge: own', key);
    await call(`/v1/pins/${print}`, { method: 'PUT', key });
    const files = await objectsOf(print);
    expect(files).toHaveLength(3);
    const answer = await purge(print, key);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    const purged = await answer.json<{ bytes: number; edge_cache: string }>();
    expect(purged).toMatchObject({ object: 'purge', fingerprint: print, objects: 3 });
    expect(purged.bytes).toBeGreaterThan(100);
    expect(['absent', 'purged']).toContain(purged.edge_cache);
    expect([await objectsOf(print), await rowOf(print)]).toEqual([[], null]);
    expect((await call(`/images/${print}.png`, { key: null })).status).toBe(404);
    expect(await (await call('/v1/pins', { key })).json()).toMatchObject({ data: [] });
    expect(await purchasesOf(print)).toHaveLength(1);
    const details = { account: 'purge-own', objects: 3, bytes: purged.bytes };
    const entry = { actor: await idOfKey(key), action: 'picture.purge', target: print, details };
    expect(await entriesOf(print)).toMatchObject([entry]);
  });

  it('once: the second time it is not there', async () => {
    const key = await addAccount('purge-twice');
    const print = await stored('purge: twice', key);
    const answers = [await purge(print, key), await purge(print, key)];
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    expect(await entriesOf(print)).toHaveLength(1);
  });

  it('once, though it is asked ten times at once', async () => {
    const key = await addAccount('purge-at-once');
    const print = await stored('purge: at once', key);
    const answers = await Promise.all(Array.from({ length: 10 }, () => purge(print, key)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(statuses.filter((status) => ![200, 404, 409].includes(status))).toEqual([]);
    expect([await objectsOf(print), await rowOf(print)]).toEqual([[], null]);
  });

  it('in its private namespace, though the operator had it made again', async () => {
    const key = await addAccount('purge-private', { visibility: 'private' });
    const other = await addAccount('purge-other');
    const print = await stored('purge: private', key);
    await administered(`pictures/${print}/rerender`, { json: {} });
    expect((await purge(print, other)).status).toBe(404);
    expect((await purge(print, key)).status).toBe(200);
    expect(await objectsOf(print)).toEqual([]);
  });

  it('and can buy it again: it is no purchase of others then', async () => {
    const [key, other] = [await addAccount('purge-first'), await addAccount('purge-later')];
    const print = await stored('purge: bought by one, then by another', key);
    expect((await purge(print, key)).status).toBe(200);
    expect(await stored('purge: bought by one, then by another', other)).toBe(print);
    expect(await refusedWith(403, print, await purge(print, key))).toContain('bought this picture first');
    expect((await purge(print, other)).status).toBe(200);
  });

  it('again where the cache at the edge failed, until its copies are gone', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const key = await addAccount('purge-edge', { visibility: 'private' });
    const print = await stored('purge: left at the edge', key);
    const refused = { success: false, errors: [{ code: 1134, message: 'Too many purges' }] };
    const purgeAt = async (outcome: CachePurgeResult) => {
      const context = Object.assign(createExecutionContext(), { cache: { purge: async () => outcome } });
      const headers = { authorization: `Bearer ${key}` };
      const request = new Request(`${origin}/v1/pictures/${print}`, { method: 'DELETE', headers });
      const answer = await app.fetch(request, env, context);
      return [answer.status, (await answer.json<{ edge_cache?: string }>()).edge_cache];
    };
    expect(await purgeAt(refused)).toEqual([200, 'failed']);
    expect(await objectsOf(print)).toEqual([]);
    expect(await purgeAt({ success: true, errors: [] })).toEqual([200, 'purged']);
    expect(await purgeAt({ success: true, errors: [] })).toEqual([404, undefined]);
    vi.restoreAllMocks();
  });

  it('whose files are lost: its row goes', async () => {
    const key = await addAccount('purge-lost');
    const print = await stored('purge: lost', key);
    await lose(print);
    expect((await purge(print, key)).status).toBe(200);
    expect(await rowOf(print)).toBeNull();
  });
});

describe('nobody deletes a picture', () => {
  it('with a key that may only read, one of a web page, one of links, a revoked one, or none', async () => {
    const key = await addAccount('purge-keys');
    const print = await stored('purge: keys', key);
    const site = 'https://shop.example';
    const reader = await addKey('purge-keys', { scopes: ['read'] });
    const admin = await addKey('purge-keys', { scopes: ['admin'] });
    const page = await addKey('purge-keys', { kind: 'pub', scopes: ['generate', 'read'], origins: [site] });
    const link = await addKey('purge-keys', { kind: 'link' });
    const revoked = await addKey('purge-keys', { revokedAt: Date.now() - 1 });
    const expired = await addKey('purge-keys', { expiresAt: Date.now() - 1 });
    expect(await refusedWith(403, print, await purge(print, reader))).toContain('the scope generate');
    expect(await refusedWith(403, print, await purge(print, admin))).toContain('the scope generate');
    expect(await refusedWith(403, print, await purge(print, page, { origin: site }))).toContain('a secret key');
    for (const wrong of [link, revoked, expired, 'fg_live_guessed', null])
      await refusedWith(401, print, await purge(print, wrong));
  });

  it('with a key that was revoked through the front door a moment ago', async () => {
    const key = await addAccount('purge-revoked');
    const print = await stored('purge: revoked', key);
    await administered(`keys/${await idOfKey(key)}`, { method: 'DELETE' });
    await refusedWith(401, print, await purge(print, key));
  });

  it('of another private account: it is as though there were none', async () => {
    const owner = await addAccount('purge-recluse', { visibility: 'private' });
    const other = await addAccount('purge-stranger', { visibility: 'private' });
    const print = await stored('purge: nobody else’s', owner);
    const told = await refusedWith(404, print, await purge(print, other));
    const asked = vi.spyOn(AccountObjectBase.prototype, 'openTasks');
    const unknown = await purge('0'.repeat(64), other);
    const askedForUnknown = asked.mock.calls.length;
    await refusedWith(404, print, await purge(print, other));
    // What takes longer tells as much as what is said.
    expect([askedForUnknown, asked.mock.calls.length]).toEqual([1, 2]);
    vi.restoreAllMocks();
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { message: told } }]);
  });

  it('that another account bought, though everybody may see it', async () => {
    const [owner, other] = [await addAccount('purge-buyer'), await addAccount('purge-viewer')];
    const print = await stored('purge: seen by all', owner);
    await generate({ prompt: 'purge: seen by all', seed: 1 }, { key: other });
    expect(await refusedWith(403, print, await purge(print, other))).toContain('bought this picture first');
  });

  it('that another account bought again', async () => {
    const [owner, other] = [await addAccount('purge-earlier'), await addAccount('purge-again')];
    const print = await stored('purge: bought again', owner);
    await lose(print);
    await stored('purge: bought again', other);
    await renderRow(print, ({ rerendered_at: again }) => again !== null);
    expect(await refusedWith(409, print, await purge(print, owner))).toContain('another account bought it too');
    await refusedWith(403, print, await purge(print, other));
  });

  it('that another account pins, until it does not', async () => {
    const [owner, other] = [await addAccount('purge-unpinned'), await addAccount('purge-pinner')];
    const print = await stored('purge: pinned', owner);
    const accountId = 'purge-pinner';
    // A purchase from before an earlier purge gives the right to pin, and none to the picture.
    await record(purchase({ accountId, fingerprint: print, settledAt: 1_000 }));
    expect((await call(`/v1/pins/${print}`, { method: 'PUT', key: other })).status).toBe(200);
    expect(await refusedWith(409, print, await purge(print, owner))).toContain('another account pinned it');
    await call(`/v1/pins/${print}`, { method: 'DELETE', key: other });
    expect((await purge(print, owner)).status).toBe(200);
  });

  it('that another account pins, or orders anew, just before it is claimed', async () => {
    const [owner, other] = [await addAccount('purge-outrun'), await addAccount('purge-quick')];
    const claim = PictureClaims.prototype.claim;
    const between = (work: () => Promise<unknown>) =>
      vi.spyOn(PictureClaims.prototype, 'claim').mockImplementationOnce(async function (this: PictureClaims, ...given) {
        await work();
        return await claim.apply(this, given);
      });
    const pinned = await stored('purge: pinned in between', owner);
    await record(purchase({ accountId: 'purge-quick', fingerprint: pinned, settledAt: 1_000 }));
    between(() => call(`/v1/pins/${pinned}`, { method: 'PUT', key: other }));
    expect(await refusedWith(409, pinned, await purge(pinned, owner))).toContain('another account pinned it');
    const bought = await stored('purge: bought in between', owner);
    between(async () => {
      await lose(bought);
      await stored('purge: bought in between', other);
      await renderRow(bought, ({ rerendered_at: again }) => again !== null);
    });
    expect(await refusedWith(409, bought, await purge(bought, owner))).toContain('another account bought it too');
    vi.restoreAllMocks();
    await call(`/v1/pins/${pinned}`, { method: 'DELETE', key: other });
    expect((await purge(pinned, owner)).status).toBe(200);
  });

  it('while it is being made', async () => {
    const [owner, other] = [await addAccount('purge-hasty'), await addAccount('purge-curious')];
    const body = { prompt: 'sandbox:slow purge: under way', seed: 1, width: 64, height: 64, steps: 4 };
    const ordered = await call('/v1/flux-2-flex', { json: body, key: owner });
    const print = fingerprintOf(ordered);
    const { id } = await ordered.json<{ id: string }>();
    expect(print).toMatch(/^[0-9a-f]{64}$/);
    const early = await purge(print, owner);
    expect([early.status, await early.text()]).toEqual([409, expect.stringContaining('just being made')]);
    expect((await purge(print, other)).status).toBe(404);
    await call(`/v1/tasks/${id}`, { method: 'DELETE', key: owner });
  });

  it('while it is being made again', async () => {
    const key = await addAccount('purge-made-again');
    const print = await stored('purge: being made again', key);
    const claim = await new PictureClaims(env.LEDGER).claim(print, 'rerender', Date.now());
    expect(await refusedWith(409, print, await purge(print, key))).toContain('made again');
    await claim?.release();
    expect((await purge(print, key)).status).toBe(200);
  });

  it.each(['x', 'A'.repeat(64), '0'.repeat(63), `${'0'.repeat(64)}.png`, '%00', "'--"])(
    'by the name %s',
    async (name) => {
      expect((await purge(name, env.DEV_API_KEY)).status).toBe(400);
    },
  );

  it('by another method', async () => {
    const answer = await call(`/v1/pictures/${'0'.repeat(64)}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'DELETE']);
  });
});
