import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { addAccount } from '../support/accounts';
import { administered } from '../support/admin-caller';
import { fingerprintIn, made, submit } from '../support/bfl-caller';
import { call } from '../support/front-door';
import { purchasesBy } from '../support/link';
import { differencesFound } from '../support/reconciled';
import { objectsOf, renderRow } from '../support/stored-objects';

async function loseBucket(): Promise<void> {
  for (;;) {
    const { objects } = await env.PICTURES.list();
    if (objects.length === 0) return;
    await env.PICTURES.delete(objects.map(({ key }) => key));
  }
}

describe('a bucket that was lost', () => {
  it('is noted, and each picture is bought once more when somebody asks for it next', async () => {
    const key = await addAccount('keeper');
    const body = { prompt: 'restore: picture', seed: 1 };
    const print = fingerprintIn((await made(body, { key })).sample);
    await made({ ...body, seed: 2 }, { key });
    const row = await renderRow(print);
    await call(`/v1/pins/${print}`, { method: 'PUT', key });
    await loseBucket();
    const kinds = async () => (await differencesFound()).differences.map(({ kind }) => kind).toSorted();
    expect(await kinds()).toEqual(['no_master', 'no_master', 'no_recipe', 'no_recipe']);

    expect(await administered('restore/missing', { json: {} })).toMatchObject({ checked: 2, restored: 2, next: null });
    expect(await kinds()).toEqual([]);
    const again = await made(body, { key });
    expect(fingerprintIn(again.sample)).toBe(print);
    expect((await call(new URL(again.sample).pathname, { key: null })).status).toBe(200);
    expect(await purchasesBy('keeper')).toBe(3);
    const hit = await submit(body, { key });
    expect(hit.headers.get('x-fluxgate-source')).toBe('hit');
    const after = await renderRow(print, ({ rerendered_at }) => rerendered_at !== null);
    expect([after.sha256, after.expired_at]).toEqual([row.sha256, null]);
    await expect.poll(kinds, { timeout: 10_000 }).toEqual([]);
  });

  it('loses no picture that is there to its restoring', async () => {
    const print = fingerprintIn((await made({ prompt: 'restore: kept', seed: 1 })).sample);
    await renderRow(print);
    const objects = await objectsOf(print);
    expect(await administered('restore/missing', { json: {} })).toMatchObject({ restored: 0 });
    expect([await objectsOf(print), (await renderRow(print)).expired_at]).toEqual([objects, null]);
  });

  it('is missed where half of a picture is gone: its recipe', async () => {
    const key = await addAccount('halves');
    const body = { prompt: 'restore: half', seed: 1 };
    const print = fingerprintIn((await made(body, { key })).sample);
    await renderRow(print);
    await env.PICTURES.delete(`pictures/${print}/recipe.json`);
    expect(await administered('restore/missing', { json: {} })).toMatchObject({ restored: 1 });
    expect(fingerprintIn((await made(body, { key })).sample)).toBe(print);
    expect((await submit(body, { key })).headers.get('x-fluxgate-source')).toBe('hit');
  });
});
