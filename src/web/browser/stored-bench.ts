import { type Bench, emptyBench } from './bench-state';
import type { StoredRecipe } from './gateway';

/** The bench that a picture was made on, or would have been. */
export function benchOfRecipe({ recipe }: Pick<StoredRecipe, 'recipe'>): Bench {
  const isText = typeof recipe.prompt === 'string';
  return {
    ...emptyBench,
    promptText: typeof recipe.prompt === 'string' ? recipe.prompt : JSON.stringify(recipe.prompt, null, 2),
    isJson: !isText,
    references: recipe.references.map(
      ({ sha256, content_type: type }) => `${location.origin}/uploads/${sha256}.${type.replace(/^image\//, '')}`,
    ),
    width: recipe.width,
    height: recipe.height,
    steps: recipe.steps,
    guidance: recipe.guidance,
    seed: recipe.seed,
    isSeedLocked: true,
    promptUpsampling: recipe.prompt_upsampling,
    safetyTolerance: recipe.safety_tolerance,
  };
}
