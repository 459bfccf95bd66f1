import type { Json } from '../core/json';
import { wireRecipe } from '../core/wire/recipe';
import type { Recipe } from '../storage/recipe';

/** What who may see a picture may know of it: its recipe, and where it came from. Not who ordered it. */
export function provenanceOf({ fingerprint, request, facts }: Recipe, urls: Readonly<Record<string, string>>): Json {
  return {
    fingerprint,
    model: request.model,
    recipe: wireRecipe(request),
    provenance: {
      digital_source_type: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      provider: facts.provider,
      sandbox: facts.isSandbox,
      created_at: new Date(facts.endedAt).toISOString(),
    },
    determinism: facts.determinism,
    placeholder: { thumbhash: facts.thumbhash ?? null, color: facts.color ?? null },
    master: { sha256: facts.sha256, content_type: facts.contentType, width: facts.width, height: facts.height },
    urls,
  };
}
