import * as z from 'zod';
import { determinisms } from '../core/determinism';
import { imageRequestSchema } from '../core/image-request';

/** The namespace whose pictures everybody may see. */
export const publicNamespace = 'public';

/** What is known of a stored picture, small enough to stand beside every object of it. Times in milliseconds. */
export const pictureFactsSchema = z.object({
  /** Whose picture it is; objects from before there were private ones say nothing. */
  namespace: z.string().default(publicNamespace),
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
  /** A placeholder and the dominant colour (src/core/glimpse.ts); absent where the picture could not be looked at. */
  thumbhash: z.string().optional(),
  color: z.string().optional(),
  determinism: z.enum(determinisms).default('pinned'),
});
export type PictureFacts = Readonly<z.infer<typeof pictureFactsSchema>>;

/** The sidecar of a picture: what it was made from, by whom, at what price. Everything needed to make it again. */
export const recipeSchema = z.object({
  fingerprint: z.string(),
  request: imageRequestSchema,
  facts: pictureFactsSchema,
});
export type Recipe = Readonly<z.infer<typeof recipeSchema>>;
