import { Fault } from './fault';
import {
  type ImageRequest,
  imageRequestSchema,
  limits,
  modelId,
  type Prompt,
  promptLength,
  promptText,
  type Reference,
} from './image-request';
import { isJsonObject, isWellFormed, isWithinDepth, maximumJsonDepth } from './json';
import type { PictureOrder } from './order';
import { parse } from './parse';
import { resolveSize } from './size';

/** What an order needs from outside itself to become canonical. */
export interface Resolution {
  readonly namespace: string;
  readonly references: readonly Reference[];
  readonly seed: number;
}

/**
 * The canonical request of an order: size resolved, references by digest, seed drawn.
 * @throws Fault `invalid_request` naming the field and what is accepted.
 */
export function canonicalise(picture: PictureOrder, resolution: Resolution): ImageRequest {
  const size = resolveSize(picture.size, resolution.references);
  return parse(imageRequestSchema, {
    namespace: resolution.namespace,
    model: modelId,
    prompt: picture.prompt,
    references: resolution.references,
    width: size.width,
    height: size.height,
    steps: picture.steps,
    guidance: picture.guidance,
    seed: resolution.seed,
    promptUpsampling: picture.promptUpsampling,
    safetyTolerance: picture.safetyTolerance,
  });
}

/** The seeds of `count` pictures: the first, then one more each, turning over at 2^32. */
export function seedsOf(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (first + index) % (limits.seed.max + 1));
}

/**
 * Reads a prompt: text, or a JSON object (FLUX.2's structured prompt). It reaches the provider as it was sent.
 * @throws Fault naming `field` when it is empty, too long, not well-formed, or nests too deep.
 */
export function readPrompt(prompt: unknown, field: readonly (string | number)[] = ['prompt']): Prompt {
  if (typeof prompt !== 'string' && !isJsonObject(prompt)) {
    throw Fault.ofField(field, 'expected text or a JSON object.');
  }
  if (!isWithinDepth(prompt)) throw Fault.ofField(field, `may nest at most ${maximumJsonDepth} levels deep.`);
  if (!isWellFormed(prompt)) {
    throw Fault.ofField(
      field,
      'expected well-formed Unicode, without lone surrogates, and numbers of at most 1.8e308.',
    );
  }
  checkLength(prompt, field);
  return prompt;
}

function checkLength(prompt: Prompt, field: readonly (string | number)[]): void {
  const text = promptText(prompt);
  const isEmpty = typeof prompt === 'string' ? prompt.trim() === '' : Object.keys(prompt).length === 0;
  if (isEmpty) throw Fault.ofField(field, `expected 1 to ${limits.promptCharacters} characters; it is empty.`);
  // Counted only where it can matter.
  if (text.length > limits.promptCharacters && promptLength(prompt) > limits.promptCharacters)
    throw Fault.ofField(field, `expected 1 to ${limits.promptCharacters} characters.`);
}
