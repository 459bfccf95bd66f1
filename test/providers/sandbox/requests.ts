import type { ImageRequest, Reference } from '../../../src/core/image-request';
import type { ProviderContext } from '../../../src/core/provider';

/** A small request, with what a test wants to be different. */
export function requestWith(changes: Partial<ImageRequest> = {}): ImageRequest {
  return {
    namespace: 'public',
    model: 'flux-2-flex',
    prompt: 'A lighthouse at dusk',
    references: [],
    width: 256,
    height: 256,
    steps: 20,
    guidance: 5,
    seed: 42,
    promptUpsampling: false,
    safetyTolerance: 2,
    ...changes,
  };
}

/** A context at a fixed time, with references by their digests and no network. */
export function contextAt(
  now: number,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map(),
): ProviderContext {
  return {
    now: () => now,
    fetch: () => Promise.reject(new Error('The sandbox has no network.')),
    readReference: async ({ sha256 }) => files.get(sha256) ?? Promise.reject(new Error(`No reference ${sha256}.`)),
  };
}

/** A reference of a size, with a digest of one repeated digit. */
export function referenceOf(digit: string, contentType: Reference['contentType'], edge: number): Reference {
  return { sha256: digit.repeat(64), contentType, width: edge, height: edge, sizeBytes: 1000 };
}
