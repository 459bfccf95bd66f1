import type { StoredRecipe } from './gateway';

/** One thing that recipes say, on both sides. */
export interface RecipeRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly isSame: boolean;
}

/** What two recipes say, in the order in which people ask for it. */
export function recipeRows(a: StoredRecipe, b: StoredRecipe): readonly RecipeRow[] {
  const [first, second] = [factsOf(a), factsOf(b)];
  return Object.keys(first).map((name) => {
    const [left, right] = [first[name] ?? '', second[name] ?? ''];
    return { name, a: left, b: right, isSame: left === right };
  });
}

function factsOf({ fingerprint, recipe, provenance, master }: StoredRecipe): Record<string, string> {
  return {
    Prompt: typeof recipe.prompt === 'string' ? recipe.prompt : JSON.stringify(recipe.prompt, null, 2),
    Steps: String(recipe.steps),
    Guidance: String(recipe.guidance),
    Seed: String(recipe.seed),
    'Prompt upsampling': recipe.prompt_upsampling ? 'on' : 'off',
    'Safety tolerance': String(recipe.safety_tolerance),
    Size: `${recipe.width} × ${recipe.height}`,
    References:
      recipe.references.length === 0 ? 'none' : recipe.references.map(({ sha256 }) => sha256.slice(0, 12)).join(', '),
    'Made by': provenance.sandbox ? `${provenance.provider} (placeholder)` : provenance.provider,
    'Made at': provenance.created_at.replace('T', ' ').slice(0, 19),
    Bytes: `sha256 ${master.sha256.slice(0, 12)}…`,
    Fingerprint: `${fingerprint.slice(0, 12)}…`,
  };
}
