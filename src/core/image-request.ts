import * as z from 'zod';
import { isJsonObject, isWellFormed, type JsonObject } from './json';

/** What FLUX.2 [flex] takes, whoever asks. A dialect may be narrower, never wider. */
export const limits = {
  promptCharacters: 32_000,
  edgePixels: { min: 64, max: 4096 },
  /** Four binary megapixels: 2048×2048 is the largest square. */
  areaPixels: 4 * 1024 * 1024,
  steps: { min: 1, max: 50 },
  guidance: { min: 1.5, max: 10 },
  seed: { min: 0, max: 2 ** 32 - 1 },
  safetyTolerance: { min: 0, max: 5 },
  references: 10,
  referenceBytes: 20 * 1024 * 1024,
  /** A decoded reference may have this many pixels, so that a small file cannot unpack into a huge picture. */
  referencePixels: 64 * 1024 * 1024,
  picturesPerOrder: 10,
} as const;

export const modelId = 'flux-2-flex';

/** Every spelling of the model's name that vendors and clients use. */
const modelNames: ReadonlySet<string> = new Set([
  'flux-2-flex',
  'flux.2-flex',
  'flux.2 [flex]',
  'flux-2 [flex]',
  'black-forest-labs/flux-2-flex',
  'black-forest-labs/flux.2-flex',
  'bfl/flux-2-flex',
  'fal-ai/flux-2-flex',
  'bfl:6@1',
]);

/** Whether a caller's model name means FLUX.2 [flex]. */
export function isKnownModel(name: string): boolean {
  return modelNames.has(name.trim().toLowerCase());
}

/** A reference picture by the digest of its bytes, with what its header says. */
export const referenceSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentType: z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif']),
  width: z.int().positive(),
  height: z.int().positive(),
  sizeBytes: z.int().positive(),
});
export type Reference = z.infer<typeof referenceSchema>;

/** An object as `JSON.parse` read it, with every key: `z.record` would leave out one that is `__proto__`. */
export const promptSchema = z.union([
  z.string(),
  z.custom<JsonObject>((value) => isJsonObject(value) && isWellFormed(value)).meta({ type: 'object' }),
]);
export type Prompt = z.infer<typeof promptSchema>;

/**
 * The canonical picture request: every default filled in, size resolved, references hashed, seed drawn.
 * `width` and `height` are the exact size asked for; vendors render the next multiple of 16 (see `renderSize`).
 */
export const imageRequestSchema = z.object({
  namespace: z.string(),
  model: z.literal(modelId),
  prompt: promptSchema,
  references: z.array(referenceSchema).max(limits.references).readonly(),
  width: z.int().min(limits.edgePixels.min).max(limits.edgePixels.max),
  height: z.int().min(limits.edgePixels.min).max(limits.edgePixels.max),
  steps: z.int().min(limits.steps.min).max(limits.steps.max),
  guidance: z.number().min(limits.guidance.min).max(limits.guidance.max),
  seed: z.int().min(limits.seed.min).max(limits.seed.max),
  promptUpsampling: z.boolean(),
  safetyTolerance: z.int().min(limits.safetyTolerance.min).max(limits.safetyTolerance.max),
});
export type ImageRequest = Readonly<z.infer<typeof imageRequestSchema>>;

/** How many characters a prompt has as a person counts them: a pair of surrogates is one. */
export function promptLength(prompt: Prompt): number {
  let length = 0;
  for (const _ of promptText(prompt)) length += 1;
  return length;
}

/** The prompt as the text that vendors take: a JSON prompt is sent as its JSON. */
export function promptText(prompt: Prompt): string {
  return typeof prompt === 'string' ? prompt : JSON.stringify(prompt);
}
