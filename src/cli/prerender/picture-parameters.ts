import { createHash } from 'node:crypto';
import * as z from 'zod';

const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);

/** Which picture it is: each parameter that a page can name, none left to a default that may change. */
export const parametersSchema = z.strictObject({
  prompt: z.string().min(1).max(32_000),
  seed: wholeNumber(0, 2 ** 32 - 1),
  width: wholeNumber(64, 4096),
  height: wholeNumber(64, 4096),
  steps: wholeNumber(1, 50),
  guidance: z.number().min(1.5).max(10),
});
export type PictureParameters = z.infer<typeof parametersSchema>;

export const pictureFormats = ['png', 'jpeg', 'webp'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** What a `<flux-image>` orders in the browser where a page says nothing. */
export const usual = { width: 1024, height: 1024, steps: 50, guidance: 5, format: 'webp' } as const;

/** The seed of a prompt that was given none: the one that signed links and `<flux-image>` give it. */
export function seedOfPrompt(prompt: string): number {
  return createHash('sha256').update(`fluxgate:seed-of-prompt:v1\n${prompt}`).digest().readUInt32BE(0);
}

/** Equal for the same picture. */
export function parametersKey({ prompt, seed, width, height, steps, guidance }: PictureParameters): string {
  return JSON.stringify([prompt, seed, width, height, steps, guidance]);
}
