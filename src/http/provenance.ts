import type { Json } from '../core/json';
import type { Recipe } from '../storage/recipe';

/** What who may see a picture may know of it: its recipe, and where it came from. Not who ordered it. */
export function provenanceOf({ fingerprint, request, facts }: Recipe, urls: Readonly<Record<string, string>>): Json {
  return {
    fingerprint,
    model: request.model,
    recipe: {
      prompt: request.prompt,
      references: request.references.map((reference) => ({
        sha256: reference.sha256,
        content_type: reference.contentType,
        width: reference.width,
        height: reference.height,
      })),
      width: request.width,
      height: request.height,
      steps: request.steps,
      guidance: request.guidance,
      seed: request.seed,
      prompt_upsampling: request.promptUpsampling,
      safety_tolerance: request.safetyTolerance,
    },
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
