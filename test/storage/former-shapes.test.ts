import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { RenderRecord } from '../../src/renders/render-record';
import { addAccount } from '../support/accounts';
import { topUp } from '../support/admin-caller';
import { ended, fingerprintIn, submit, submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { bytesAt, call } from '../support/front-door';
import { rowsOf, whenSettled } from '../support/spending';
import { objectsOf } from '../support/stored-objects';
import { taskAt, taskOf } from '../support/task-caller';

/** What every version stored of a picture, the first one included. */
const firstFacts = [
  ...['provider', 'isSandbox', 'sha256', 'contentType', 'width', 'height', 'quotedMicros', 'actualMicros'],
  ...['inputMegapixels', 'outputMegapixels', 'startedAt', 'endedAt'],
];

/** Has a picture's objects be as the first version stored them: with fewer facts, and with nothing else beside the bytes. */
async function storeAsBefore(fingerprint: string): Promise<void> {
  for (const key of await objectsOf(fingerprint)) {
    const object = await env.PICTURES.get(key);
    if (object === null) throw new Error(`${key} is gone.`);
    const bytes = await object.arrayBuffer();
    const all: Record<string, unknown> = JSON.parse(object.customMetadata?.facts ?? '');
    const facts = Object.fromEntries(firstFacts.map((name) => [name, all[name]]));
    const isRecipe = key.endsWith('.json');
    const recipe = isRecipe ? JSON.parse(new TextDecoder().decode(bytes)) : null;
    await env.PICTURES.put(key, isRecipe ? JSON.stringify({ ...recipe, facts }) : bytes, {
      httpMetadata: { contentType: object.httpMetadata?.contentType ?? '' },
      customMetadata: { facts: JSON.stringify(facts) },
    });
  }
}

describe('a picture that the first version stored', () => {
  it('is served, made into renditions, told of, and hit', async () => {
    const order = { prompt: 'former shapes: a picture', seed: 1 };
    const { result } = await ended((await submitted(order)).id);
    const url = result?.sample ?? '';
    const before = await bytesAt(url);
    const fingerprint = fingerprintIn(url);
    await storeAsBefore(fingerprint);
    expect(await bytesAt(url)).toEqual(before);
    const rendition = await call(`/images/${fingerprint}.webp?w=32`, { key: null });
    expect([rendition.status, rendition.headers.get('x-fluxgate-width')]).toEqual([200, '32']);
    const recipe = await (await call(`/images/${fingerprint}.json`, { key: null })).json();
    expect(recipe).toMatchObject({ fingerprint, determinism: 'pinned' });
    const again = await submit(order);
    expect([again.status, again.headers.get('x-fluxgate-source')]).toEqual([200, 'hit']);
  });
});

/** A render's record without what came later than the rest, and with what there was then. */
function recordAsBefore(record: RenderRecord): object {
  const { buyer, past, phase } = record;
  const ending = 'ending' in phase ? { ending: { ...phase.ending, facts: undefined } } : {};
  return {
    ...record,
    members: 2,
    hitPriceMicros: undefined,
    buyer: { ...buyer, order: undefined },
    past: past.map(({ generation, ending: gone }) => ({ generation, ending: gone })),
    phase: { ...phase, ...ending },
  };
}

/** Has a render forget all but what an earlier version stored of it, as a deploy to the next one finds it. */
async function restartAsBefore(fingerprint: string): Promise<RenderRecord['phase']['name']> {
  const stub = env.RENDERS.getByName(fingerprint);
  const phase = await runInDurableObject(stub, (_, { storage }) => {
    const record = storage.kv.get<RenderRecord>('render');
    if (record === undefined) throw new Error('The render stored nothing.');
    storage.kv.put('render', JSON.parse(JSON.stringify(recordAsBefore(record))));
    return record.phase.name;
  });
  await runInDurableObject(stub, (_, state) => state.abort('restarted by a test')).catch(() => undefined);
  return phase;
}

describe('a render that an earlier version began', () => {
  it('goes on to its picture, which is paid for once', async () => {
    const account = 'former-render';
    const key = await addAccount(account);
    const { id } = await submitted({ prompt: 'former shapes: sandbox:slow', seed: 2 }, { key });
    const { fingerprint } = await taskAt(id, 'rendering', { key });
    expect(await restartAsBefore(fingerprint)).toBe('following');
    expect((await taskOf(id, { key })).status).toBe('rendering');
    expect((await afterSeconds(21, () => taskAt(id, 'ready', { key }))).status).toBe('ready');
    await whenSettled(account);
    expect(await rowsOf(account)).toMatchObject([{ outcome: 'ready' }]);
  });

  it('and failed is followed by another attempt, where somebody orders it again', async () => {
    const key = await addAccount('former-failed');
    const order = { prompt: 'former shapes: sandbox:error', seed: 4 };
    const { id } = await submitted(order, { key });
    const { fingerprint } = await taskAt(id, 'failed', { key });
    await whenSettled('former-failed');
    expect(await restartAsBefore(fingerprint)).toBe('ended');
    await taskAt((await submitted(order, { key })).id, 'failed', { key });
    await whenSettled('former-failed');
    expect(await rowsOf('former-failed')).toHaveLength(2);
    expect((await taskOf(id, { key })).status).toBe('failed');
  });
});

describe('the object of an account that an earlier version made', () => {
  it('gets the tables that it lacks, and keeps its balance and what it spent', async () => {
    const account = 'former-account';
    const key = await addAccount(account, { limits: { isPrepaid: true } });
    await topUp(account, 1_000_000);
    await taskAt((await submitted({ prompt: 'former shapes: paid', seed: 5 }, { key })).id, 'ready', { key });
    await whenSettled(account);
    const balance = async () => await (await call('/v1/balance', { key })).json();
    const before = await balance();
    const stub = env.ACCOUNTS.getByName(account);
    const first = ['reservations', 'settled', 'spent', 'drawn', 'claims', 'entries'];
    await runInDurableObject(stub, (_, { storage: { sql } }) => {
      const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").toArray();
      const later = tables.filter(({ name }) => !first.includes(name) && !name.startsWith('_'));
      expect(later.length).toBeGreaterThan(0);
      for (const { name } of later) sql.exec(`DROP TABLE ${name}`);
    });
    await runInDurableObject(stub, (_, state) => state.abort('restarted by a test')).catch(() => undefined);
    expect(await balance()).toEqual(before);
    await taskAt((await submitted({ prompt: 'former shapes: paid', seed: 6 }, { key })).id, 'ready', { key });
    await whenSettled(account);
    expect(await rowsOf(account)).toHaveLength(2);
  });
});
