import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint';
import { purchasesOf } from '../support/accounts';
import { fingerprintIn, made, submit } from '../support/bfl-caller';
import { call } from '../support/front-door';
import { fingerprintOf, generate } from '../support/openai-caller';
import { lose, renderRow } from '../support/stored-objects';
import { taskAt } from '../support/task-caller';

const determinismIn = (response: Response) => response.headers.get('x-fluxgate-determinism');
const masterOf = async (fingerprint: string) => {
  const response = await call(`/images/${fingerprint}.png`, { key: null });
  const sha256 = await sha256Hex(new Uint8Array(await response.arrayBuffer()));
  return { determinism: determinismIn(response), sha256 };
};

/** A picture that was bought and lost. */
async function lost(body: object): Promise<{ fingerprint: string; sha256: string }> {
  const response = await generate(body);
  expect(determinismIn(response)).toBe('pinned');
  const fingerprint = fingerprintOf(response);
  const { sha256 } = await masterOf(fingerprint);
  await renderRow(fingerprint);
  await lose(fingerprint);
  expect((await call(`/images/${fingerprint}.png`, { key: null })).status).toBe(404);
  return { fingerprint, sha256 };
}

describe('a picture that was lost and is asked for again', () => {
  it('is made again, is the same, and says so wherever it is told of', async () => {
    const body = { prompt: 'lost: again', seed: 3 };
    const { fingerprint, sha256 } = await lost(body);
    const again = await generate(body);
    expect([fingerprintOf(again), determinismIn(again)]).toEqual([fingerprint, 'rerendered']);
    expect(again.headers.get('x-fluxgate-source')).toBe('bought');
    expect(await masterOf(fingerprint)).toEqual({ determinism: 'rerendered', sha256 });
    const recipe = await call(`/images/${fingerprint}.json`);
    expect(await recipe.json()).toMatchObject({ determinism: 'rerendered', master: { sha256 } });
    const hit = await generate(body);
    expect([hit.headers.get('x-fluxgate-source'), determinismIn(hit)]).toEqual(['hit', 'rerendered']);
    const task = await taskAt(again.headers.get('x-fluxgate-task') ?? '');
    expect(task.picture).toMatchObject({ determinism: 'rerendered' });
  });

  it('is compared with the first time although it was purged, row and all', async () => {
    const body = { prompt: 'purged: again', seed: 4 };
    const first = await generate(body);
    const fingerprint = fingerprintOf(first);
    const { sha256 } = await masterOf(fingerprint);
    for (let times = 0; times < 2; times += 1) {
      await renderRow(fingerprint);
      expect((await call(`/v1/admin/pictures/${fingerprint}`, { method: 'DELETE' })).status).toBe(200);
      expect(determinismIn(await generate(body))).toBe('rerendered');
    }
    expect(await masterOf(fingerprint)).toEqual({ determinism: 'rerendered', sha256 });
    await renderRow(fingerprint);
    await call(`/v1/admin/pictures/${fingerprint}`, { method: 'DELETE' });
    await env.LEDGER.prepare("UPDATE removed_pictures SET sha256 = 'other' WHERE fingerprint = ?1")
      .bind(fingerprint)
      .run();
    expect(determinismIn(await generate(body))).toBe('differs');
  });

  it('is a second purchase, and the row keeps the first digest', async () => {
    const body = { prompt: 'lost: rows', seed: 3 };
    const { fingerprint, sha256 } = await lost(body);
    const first = await renderRow(fingerprint);
    expect(first).toMatchObject({ sha256, last_sha256: null, rerendered_at: null });
    await generate(body);
    const row = await renderRow(fingerprint, ({ rerendered_at }) => rerendered_at !== null);
    expect(row).toMatchObject({ sha256, last_sha256: sha256, stored_at: first.stored_at });
    expect(row.rerendered_at).toBeGreaterThan(first.stored_at);
    const rows = await purchasesOf(fingerprint);
    expect(rows.map((purchase) => [purchase.outcome, purchase.spent_micros])).toEqual([
      ['ready', 50_000],
      ['ready', 50_000],
    ]);
  });

  it('is the same in another dialect', async () => {
    const picture = { prompt: 'lost: dialects', seed: 3, guidance: 4, steps: 5, prompt_upsampling: false };
    const first = fingerprintIn((await made(picture)).sample);
    const { sha256 } = await masterOf(first);
    await renderRow(first);
    await lose(first);
    expect(fingerprintOf(await generate(picture))).toBe(first);
    expect(await masterOf(first)).toEqual({ determinism: 'rerendered', sha256 });
    await renderRow(first, ({ rerendered_at }) => rerendered_at !== null);
    await lose(first);
    const third = await submit(picture);
    await taskAt((await third.json<{ id: string }>()).id);
    expect(await masterOf(first)).toEqual({ determinism: 'rerendered', sha256 });
  });

  it('is told to differ where it does', async () => {
    const body = { prompt: 'lost: differs', seed: 3 };
    const { fingerprint, sha256 } = await lost(body);
    await env.LEDGER.prepare("UPDATE renders SET sha256 = 'another' WHERE fingerprint = ?1").bind(fingerprint).run();
    expect(determinismIn(await generate(body))).toBe('differs');
    expect(await masterOf(fingerprint)).toEqual({ determinism: 'differs', sha256 });
    const row = await renderRow(fingerprint, ({ rerendered_at }) => rerendered_at !== null);
    expect(row).toMatchObject({ sha256: 'another', last_sha256: sha256 });
  });

  it('is stored all the same where nobody can tell', async () => {
    const body = { prompt: 'lost: unverified', seed: 3 };
    const { fingerprint, sha256 } = await lost(body);
    const { prepare } = env.LEDGER;
    const spy = vi.spyOn(Object.getPrototypeOf(env.LEDGER), 'prepare').mockImplementation(function (
      this: D1Database,
      statement: unknown,
    ) {
      if (String(statement).includes('AS firstDigest')) throw new Error('no ledger today');
      return prepare.call(this, String(statement));
    });
    try {
      expect(determinismIn(await generate(body))).toBe('unverified');
    } finally {
      spy.mockRestore();
    }
    expect(await masterOf(fingerprint)).toEqual({ determinism: 'unverified', sha256 });
  });
});

describe('a picture of which only a rendition was lost', () => {
  it('stays as it is, and costs nothing', async () => {
    const fingerprint = fingerprintOf(await generate({ prompt: 'lost: a rendition', seed: 3 }));
    const get = () => call(`/images/${fingerprint}.webp`, { key: null });
    const first = await get();
    await env.PICTURES.delete(`pictures/${fingerprint}/whole.webp`);
    const second = await get();
    expect(determinismIn(second)).toBe('pinned');
    expect(await second.arrayBuffer()).toEqual(await first.arrayBuffer());
    await renderRow(fingerprint);
    expect(await purchasesOf(fingerprint)).toHaveLength(1);
  });
});
