import type { Accepts, Json, JsonObject, RecipeField, RequestRecipe } from '../site-facts';
import type { PictureSettings } from './picture-settings';

/** A request in the words of a dialect, or why it has none for this picture. */
export type Composition =
  | {
      readonly kind: 'request';
      readonly recipe: RequestRecipe;
      readonly body: JsonObject;
      /** What this dialect decides by itself about the file; the picture is the same. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'impossible'; readonly reasons: readonly string[] };

/** Writes a picture in a dialect, by the recipe of the route that fits it. */
export function composeRequest(recipes: readonly RequestRecipe[], picture: PictureSettings): Composition {
  const hasReferences = picture.references.length > 0;
  const fitting = recipes.find(({ references }) =>
    hasReferences ? references !== null : references?.isRequired !== true,
  );
  if (fitting === undefined) return { kind: 'impossible', reasons: ['it takes no references'] };
  const reasons = [
    ...promptReasons(fitting, picture),
    ...sizeReasons(fitting, picture),
    ...referenceReasons(fitting, picture),
    ...essentials.flatMap((name) => fieldReasons(fitting, name, valuesOf(picture)[name])),
  ];
  if (reasons.length > 0) return { kind: 'impossible', reasons };
  const { body, notes } = bodyOf(fitting, picture);
  return { kind: 'request', recipe: fitting, body, notes };
}

const essentials = ['seed', 'steps', 'guidance', 'prompt_upsampling', 'safety_tolerance'] as const;
const ofTheFile = ['format', 'quality'] as const;

type Name = (typeof essentials)[number] | (typeof ofTheFile)[number] | 'prompt';

function valuesOf(picture: PictureSettings): Readonly<Record<Name, Json>> {
  return {
    prompt: picture.prompt,
    seed: picture.seed,
    steps: picture.steps,
    guidance: picture.guidance,
    prompt_upsampling: picture.promptUpsampling,
    safety_tolerance: picture.safetyTolerance,
    format: picture.format,
    quality: picture.quality,
  };
}

function bodyOf(recipe: RequestRecipe, picture: PictureSettings): { body: JsonObject; notes: readonly string[] } {
  const values = valuesOf(picture);
  const names: readonly Name[] = recipe.isConversation ? essentials : ['prompt', ...essentials];
  const parts: Part[] = recipe.isConversation ? [conversation(picture)] : [];
  for (const name of names) {
    const field = fieldNamed(recipe, name);
    if (field !== undefined) parts.push({ path: field.path, value: values[name] });
  }
  parts.push(...sizeParts(recipe, picture), ...referenceParts(recipe, picture));
  const file = fileParts(recipe, picture);
  return { body: [...parts, ...file.parts].reduce(put, recipe.fixed), notes: file.notes };
}

interface Part {
  readonly path: readonly string[];
  readonly value: Json;
}

function conversation({ prompt, references }: PictureSettings): Part {
  const text = typeof prompt === 'string' ? prompt : JSON.stringify(prompt);
  const pictures = references.map((url) => ({ type: 'image_url', image_url: { url } }));
  const content = pictures.length === 0 ? text : [{ type: 'text', text }, ...pictures];
  return { path: ['messages'], value: [{ role: 'user', content }] };
}

function sizeParts({ size }: RequestRecipe, { width, height }: PictureSettings): Part[] {
  if (size.kind === 'text') return [{ path: size.path, value: `${width}x${height}` }];
  if (size.kind === 'choices') {
    return [...(size.choices.find((choice) => choice.width === width && choice.height === height)?.set ?? [])];
  }
  return [
    { path: size.width, value: width },
    { path: size.height, value: height },
  ];
}

function referenceParts({ references: rule, isConversation }: RequestRecipe, { references }: PictureSettings): Part[] {
  if (rule === null || isConversation || references.length === 0) return [];
  const [first = [], ...others] = rule.paths;
  if (others.length === 0) return [{ path: first, value: references }];
  return references.map((value, index) => ({ path: rule.paths[index] ?? first, value }));
}

/** The file's format and quality: what the dialect cannot say of them changes no picture, so it is told, not refused. */
function fileParts(recipe: RequestRecipe, picture: PictureSettings): { parts: Part[]; notes: string[] } {
  const parts: Part[] = [];
  const notes: string[] = [];
  const format = fieldNamed(recipe, 'format');
  const spelling = [picture.format, ...(picture.format === 'jpeg' ? ['jpg'] : [])].find((word) =>
    takes(format?.accepts, word),
  );
  if (format !== undefined && spelling !== undefined) parts.push({ path: format.path, value: spelling });
  else
    notes.push(
      `${recipe.title} has no ${picture.format} (${wordsOf(format?.accepts)}): the file comes in its own default format.`,
    );
  const quality = fieldNamed(recipe, 'quality');
  if (picture.format === 'png') return { parts, notes };
  if (quality !== undefined) parts.push({ path: quality.path, value: picture.quality });
  else notes.push(`${recipe.title} has no quality setting: the encoder chooses.`);
  return { parts, notes };
}

function promptReasons({ isConversation }: RequestRecipe, { prompt }: PictureSettings): string[] {
  return isConversation && typeof prompt !== 'string' ? ['its prompts are text: it takes no JSON prompt'] : [];
}

function sizeReasons({ size }: RequestRecipe, { width, height }: PictureSettings): string[] {
  if (size.kind === 'text') return [];
  if (size.kind === 'pixels') {
    const isWithin = [width, height].every((edge) => edge >= size.min && edge <= size.max);
    return isWithin ? [] : [`its width and height are ${size.min} to ${size.max} pixels, not ${width} × ${height}`];
  }
  if (size.choices.some((choice) => choice.width === width && choice.height === height)) return [];
  const words = size.choices.map((choice) => `${choice.width}×${choice.height}`).join(', ');
  return [`it has no size of ${width}×${height}, only ${words}`];
}

function referenceReasons({ references: rule }: RequestRecipe, { references }: PictureSettings): string[] {
  const most = rule?.most ?? 0;
  return references.length > most ? [`it takes at most ${most} references, not ${references.length}`] : [];
}

function fieldReasons(recipe: RequestRecipe, name: Name, value: Json): string[] {
  const field = fieldNamed(recipe, name);
  const words = name.replaceAll('_', ' ');
  if (field === undefined) return [`it has no ${words}`];
  return takes(field.accepts, value) ? [] : [`its ${words} is ${wordsOf(field.accepts)}, not ${String(value)}`];
}

function fieldNamed({ fields }: RequestRecipe, name: Name): RecipeField | undefined {
  return fields.find(({ canonical }) => canonical === name);
}

function takes(accepts: Accepts | undefined, value: Json): boolean {
  if (accepts === undefined) return false;
  if (accepts.kind === 'any') return true;
  if (accepts.kind === 'choices') return accepts.values.some((choice) => choice === value);
  return typeof value === 'number' && value >= accepts.min && value <= accepts.max;
}

function wordsOf(accepts: Accepts | undefined): string {
  if (accepts === undefined || accepts.kind === 'any') return 'nothing to choose';
  if (accepts.kind === 'range') return `${accepts.min} to ${accepts.max}`;
  return [...new Set(accepts.values.map(String))].join(', ');
}

function put(body: JsonObject, { path, value }: Part): JsonObject {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return { ...body, [name]: value };
  const inner = body[name];
  return { ...body, [name]: put(isObject(inner) ? inner : {}, { path: rest, value }) };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
