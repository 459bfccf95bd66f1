/** What became of the copies at the edge. `absent`: there is no cache in front of this Worker, as locally. */
export type EdgePurge = 'purged' | 'absent' | 'failed';

interface EdgeCache {
  purge(options: { readonly tags: string[] }): Promise<{ readonly success: boolean }>;
}

/**
 * Removes a picture's copies from Workers Cache, where every answer about it has its tag.
 * Source: https://developers.cloudflare.com/workers/cache/
 */
export async function purgeEdge(executionContext: object, fingerprint: string): Promise<EdgePurge> {
  const cache: unknown = Reflect.get(executionContext, 'cache');
  if (!isEdgeCache(cache)) return 'absent';
  try {
    return (await cache.purge({ tags: [`picture-${fingerprint}`] })).success ? 'purged' : 'failed';
  } catch (thrown) {
    console.warn(JSON.stringify({ event: 'edge-purge-failed', fingerprint, cause: String(thrown) }));
    return 'failed';
  }
}

function isEdgeCache(cache: unknown): cache is EdgeCache {
  return typeof cache === 'object' && cache !== null && 'purge' in cache && typeof cache.purge === 'function';
}
