import { afterEach, expect, it, vi } from 'vitest';
import { purgeEdge } from '../../src/http/admin/edge-cache';

const print = 'b'.repeat(64);

afterEach(() => vi.restoreAllMocks());

it('removes a picture from the cache in front of the Worker by its tag', async () => {
  const purge = vi.fn(async (_options: object) => ({ success: true, errors: [] }));
  expect(await purgeEdge({ cache: { purge } }, print)).toBe('purged');
  expect(purge.mock.calls).toEqual([[{ tags: [`picture-${print}`] }]]);
});

it('says so where the cache refuses, or is away, or is not there', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(await purgeEdge({ cache: { purge: async () => ({ success: false }) } }, print)).toBe('failed');
  const away = async () => {
    throw new Error('The cache is away.');
  };
  expect(await purgeEdge({ cache: { purge: away } }, print)).toBe('failed');
  expect(warn).toHaveBeenCalledTimes(1);
  expect(await purgeEdge({}, print)).toBe('absent');
});
