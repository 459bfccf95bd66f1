import type { ImageRequest } from './image-request';
import { canonicalJson, isJsonObject, isWellFormed, isWithinDepth, type Json } from './json';
import { renderSize } from './size';

/** Raised when what is hashed changes its meaning; older pictures then keep their own fingerprints. */
const keyVersion = 1;

/**
 * What "the same picture" means: SHA-256, in lower-case hex, over the RFC 8785 JSON of everything that decides the
 * pixels. Not over the dialect, the provider, the output format or the delivery. Published vectors are in
 * `test/core/fingerprint.vectors.json`.
 */
export async function fingerprint(request: ImageRequest): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(fingerprintText(request)));
  return toHex(new Uint8Array(digest));
}

/** The text that is hashed, for the curious and for the vectors. */
export function fingerprintText(request: ImageRequest): string {
  const size = renderSize(request);
  return canonicalJson({
    version: keyVersion,
    namespace: request.namespace,
    model: request.model,
    prompt: structuredPrompt(request.prompt),
    references: request.references.map((reference) => reference.sha256),
    width: size.width,
    height: size.height,
    steps: request.steps,
    guidance: request.guidance,
    seed: request.seed,
    prompt_upsampling: request.promptUpsampling,
    safety_tolerance: request.safetyTolerance,
  });
}

/**
 * Text that is a JSON object means that object: some APIs take a structured prompt as text alone. Text that RFC 8785 has
 * no form for stays text, or two different prompts could have one fingerprint.
 */
function structuredPrompt(prompt: ImageRequest['prompt']): Json {
  if (typeof prompt !== 'string' || !/^\s*\{/.test(prompt)) return prompt;
  try {
    const value: unknown = JSON.parse(prompt);
    return isJsonObject(value) && isWithinDepth(value) && isWellFormed(value) ? value : prompt;
  } catch {
    return prompt;
  }
}

/** The SHA-256 of bytes, in lower-case hex. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}
