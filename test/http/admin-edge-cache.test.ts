import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app';
import { purgeEdge } from '../../src/http/edge-cache';
import { allPages } from '../support/admin-caller';
import { made } from '../support/bfl-caller';
import { call, origin } from '../support/front-door';

/** As the runtime's types have it: a fake that they do not fit would be one of another API. */
type Purge = CacheContext['purge'];

const print = 'b'.repeat(64);
const rateLimited: CachePurgeResult = { success: false, errors: [{ code: 1134, message: 'Too many purges' }] };
const away: Purge = async () => {
  throw new Error('The cache is away.');
};

afterEach(() => vi.restoreAllMocks());

describe('the purge of a picture at the edge', () => {
  it('removes a picture from the cache in front of the Worker by its tag', async () => {
    const purge = vi.fn<Purge>(async () => ({ success: true, errors: [] }));
    expect(await purgeEdge({ cache: { purge } }, print)).toMatchObject({ edge_cache: 'purged' });
    expect(purge.mock.calls).toEqual([[{ tags: [`picture-${print}`] }]]);
  });

  it('has the tag that every answer with the picture has', async () => {
    const { sample } = await made({ prompt: 'edge cache: tagged', seed: 1 });
    const purge = vi.fn<Purge>(async () => ({ success: true, errors: [] }));
    const path = sample.slice(origin.length);
    await purgeEdge({ cache: { purge } }, /[0-9a-f]{64}/.exec(path)?.[0] ?? '');
    for (const one of [path, `${path}?w=48`, path.replace(/\.\w+$/, '.json'), path.replace(/\.\w+$/, '.auto')]) {
      const tag = (await call(one, { key: null })).headers.get('cache-tag');
      expect(purge.mock.calls).toEqual([[{ tags: [tag] }]]);
    }
  });

  it.each<[string, Purge, string]>([
    ['refuses', async () => rateLimited, 'Too many purges (1134)'],
    ['refuses without a reason', async () => ({ success: false, errors: [] }), 'no reason was given'],
    ['is away', away, 'The cache is away.'],
  ])('is told as failed, and why, where the cache %s', async (_, purge, why) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { edge_cache, edge_cache_message: message } = await purgeEdge({ cache: { purge } }, print);
    expect(edge_cache).toBe('failed');
    expect(message).toContain(why);
    expect(message).toContain('up to a day');
    expect(warn.mock.calls).toEqual([[expect.stringContaining('"event":"edge-purge-failed"')]]);
  });

  it('is told as not there where there is no cache, or none that can be purged', async () => {
    for (const context of [{}, { cache: undefined }, { cache: {} }])
      expect(await purgeEdge(context, print)).toMatchObject({ edge_cache: 'absent' });
  });
});

describe('where the cache cannot be purged', () => {
  it('the answer of a purge says so, and so does the audit; the picture is gone all the same', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { sample } = await made({ prompt: 'edge cache: not removed', seed: 2 });
    const fingerprint = /[0-9a-f]{64}/.exec(sample)?.[0];
    const request = new Request(`${origin}/v1/admin/pictures/${fingerprint}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
    });
    const context = Object.assign(createExecutionContext(), { cache: { purge: async () => rateLimited } });
    const answer = await (await app.fetch(request, env, context)).json<Record<string, unknown>>();
    const told = { edge_cache: 'failed', edge_cache_message: expect.stringContaining('Too many purges (1134)') };
    expect(answer).toMatchObject({ object: 'purge', fingerprint, ...told });
    const [entry] = await allPages<{ details: object }>('audit', 1);
    expect(entry).toMatchObject({ action: 'picture.purge', target: fingerprint, details: told });
    expect((await call(sample.slice(origin.length), { key: null })).status).toBe(404);
  });
});
