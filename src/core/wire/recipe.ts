import * as z from 'zod';
import { type ImageRequest, imageRequestSchema } from '../image-request';

const { prompt, width, height, steps, guidance, seed, promptUpsampling, safetyTolerance } = imageRequestSchema.shape;

const referenceSchema = z.object({ sha256: z.string(), content_type: z.string(), width: z.int(), height: z.int() });

/** What a picture was asked for with, every default filled in: enough to ask for it again. */
export const shownRecipeSchema = z.object({
  prompt,
  references: z.array(referenceSchema).readonly(),
  ...{ width, height, steps, guidance, seed },
  prompt_upsampling: promptUpsampling,
  safety_tolerance: safetyTolerance,
});
export type WireRecipe = z.output<typeof shownRecipeSchema>;

export function wireRecipe(request: ImageRequest): WireRecipe {
  return {
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
  };
}
