import type { WirePurge } from '../core/wire/administration';

/** What became of the copies at the edge, as the answer and the audit tell it. */
export type EdgePurge = Pick<WirePurge, 'edge_cache' | 'edge_cache_message'>;

/**
 * Removes a picture's copies from Workers Cache, where every answer about it has its tag. What cannot be removed is
 * served for a day at most: see `publicly` in src/http/stored-picture.ts.
 * Source: https://developers.cloudflare.com/workers/cache/purge/
 */
export async function purgeEdge(executionContext: object, fingerprint: string): Promise<EdgePurge> {
  const cache: unknown = Reflect.get(executionContext, 'cache');
  if (!isEdgeCache(cache)) return absent;
  const tags = [`picture-${fingerprint}`];
  const refusal = await cache.purge({ tags }).then(refusalOf, (thrown: unknown) => String(thrown));
  if (refusal === null) return purged;
  console.warn(JSON.stringify({ event: 'edge-purge-failed', fingerprint, cause: refusal }));
  return {
    edge_cache: 'failed',
    edge_cache_message: `Copies at the edge were not removed, and are served for up to a day: ${refusal} The same request again tries it again.`,
  };
}

const absent: EdgePurge = {
  edge_cache: 'absent',
  edge_cache_message: 'No cache stands in front of this Worker: there were no copies at the edge to remove.',
};
const purged: EdgePurge = {
  edge_cache: 'purged',
  edge_cache_message: 'Copies at the edge are removed; browsers that have the picture keep it.',
};

/** Why the cache did not do it, in its own words; null: it did. */
function refusalOf({ success, errors }: CachePurgeResult): string | null {
  if (success) return null;
  return `${errors.map(({ code, message }) => `${message} (${code})`).join(', ') || 'no reason was given'}.`;
}

/** Locally there is none, or one without this method. */
function isEdgeCache(cache: unknown): cache is CacheContext {
  return typeof cache === 'object' && cache !== null && 'purge' in cache && typeof cache.purge === 'function';
}
