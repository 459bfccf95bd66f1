import * as z from 'zod';
import { imageRequestSchema } from '../core/image-request';

/** What is known of a stored picture, small enough to stand beside every object of it. Times in milliseconds. */
export const pictureFactsSchema = z.object({
  provider: z.string(),
  isSandbox: z.boolean(),
  /** Of the master's bytes. */
  sha256: z.string(),
  contentType: z.string(),
  /** The master's own size. */
  width: z.int(),
  height: z.int(),
  quotedMicros: z.int(),
  actualMicros: z.int().nullable(),
  inputMegapixels: z.number(),
  outputMegapixels: z.number(),
  startedAt: z.int(),
  endedAt: z.int(),
});
export type PictureFacts = Readonly<z.infer<typeof pictureFactsSchema>>;

/** The sidecar of a picture: what it was made from, by whom, at what price. Everything needed to make it again. */
export const recipeSchema = z.object({
  fingerprint: z.string(),
  request: imageRequestSchema,
  facts: pictureFactsSchema,
});
export type Recipe = Readonly<z.infer<typeof recipeSchema>>;
