import type { CreateOperation, Dialect } from '../core/dialect';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import { jsonSchemaOf } from './openapi';
import { type AnswerRule, type Manner, manners } from './request-manners';
import { type Leaf, leavesOf, listIn, objectIn } from './schema-leaves';
import { type SizeRule, sizeRuleOf } from './size-rules';

/** What a field takes. */
export type Accepts =
  | { readonly kind: 'any' }
  | { readonly kind: 'range'; readonly min: number; readonly max: number }
  | { readonly kind: 'choices'; readonly values: readonly (string | number)[] };

/** A field of the canonical request, by its place in a dialect's body. */
export interface RecipeField {
  readonly canonical: string;
  readonly path: readonly string[];
  readonly accepts: Accepts;
}

/** How the references of a picture are sent: in a list, or each in a field of its own. */
export interface ReferenceRule {
  readonly paths: readonly (readonly string[])[];
  readonly most: number;
  readonly isRequired: boolean;
}

/**
 * How to write any picture as a request of one dialect: plain data from the schemas that requests are checked with, so
 * that a page can write requests as they are typed, and say what the dialect has no words for.
 */
export interface RequestRecipe {
  readonly dialect: string;
  readonly title: string;
  readonly documentation: string;
  readonly path: string;
  readonly key: { readonly header: string; readonly scheme: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly fixed: JsonObject;
  readonly fields: readonly RecipeField[];
  readonly size: SizeRule;
  readonly references: ReferenceRule | null;
  readonly isConversation: boolean;
  readonly answer: AnswerRule;
}

/** The recipes of every dialect, those without references first. */
export function requestRecipes(dialects: readonly Dialect[]): RequestRecipe[] {
  return dialects.flatMap((dialect) => {
    const manner = manners[dialect.id];
    return manner === undefined ? [] : recipesOf(dialect, manner);
  });
}

function recipesOf(dialect: Dialect, manner: Manner): RequestRecipe[] {
  const makers = dialect.operations.filter((operation) => operation.kind === 'create');
  const first = makers.slice(0, 1);
  const chosen = manner.paths === undefined ? first : makers.filter(({ path }) => manner.paths?.includes(path));
  return chosen.flatMap((operation) =>
    variantsOf(jsonSchemaOf(operation.schema)).map((schema) => recipeOf(dialect, operation, { manner, schema })),
  );
}

/** The schema itself, or each of those that it is one of. */
function variantsOf(schema: JsonObject): JsonObject[] {
  const choices = [schema.oneOf, schema.anyOf].find(Array.isArray);
  return choices === undefined ? [schema] : choices.filter(isJsonObject);
}

function recipeOf(
  dialect: Dialect,
  operation: CreateOperation,
  { manner, schema }: { manner: Manner; schema: JsonObject },
): RequestRecipe {
  const leaves = leavesOf(schema, []);
  const fixed = { ...constantsOf(schema), ...manner.fixed };
  const { isConversation = false } = manner;
  return {
    dialect: dialect.id,
    title: dialect.title,
    documentation: dialect.documentation,
    path: operation.path.replace(':owner', 'black-forest-labs').replace(':name', 'flux-2-flex'),
    key: keyOf(dialect),
    headers: manner.headers ?? {},
    fixed,
    fields: scalars.flatMap((canonical) => fieldOf(canonical, leaves)),
    size: sizeRuleOf(operation, leaves, { sizeText: manner.sizeText ?? null, fixed, isConversation }),
    references: isConversation
      ? { paths: [['messages']], most: mostOfAll, isRequired: false }
      : referencesOf(leaves, schema),
    isConversation,
    answer: manner.answer,
  };
}

const scalars = ['prompt', 'seed', 'steps', 'guidance', 'prompt_upsampling', 'safety_tolerance', 'format', 'quality'];
const mostOfAll = 10;

function constantsOf(schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const constants = Object.entries(properties).flatMap(([name, property]) =>
    isJsonObject(property) && property.const !== undefined ? [[name, property.const] as const] : [],
  );
  return Object.fromEntries(constants);
}

/** The field of that very name where there are several, such as a switch beside a scale. */
function fieldOf(canonical: string, leaves: readonly Leaf[]): RecipeField[] {
  const found = leaves.filter((leaf) => leaf.canonical === canonical);
  const field = found.find(({ path }) => path.at(-1) === canonical) ?? found[0];
  return field === undefined ? [] : [{ canonical, path: field.path, accepts: acceptsOf(field.schema) }];
}

function acceptsOf(schema: JsonObject): Accepts {
  const { minimum: min, maximum: max } = schema;
  if (Array.isArray(schema.enum)) return { kind: 'choices', values: schema.enum.filter(isWord) };
  return typeof min === 'number' && typeof max === 'number' ? { kind: 'range', min, max } : { kind: 'any' };
}

const isWord = (value: Json) => typeof value === 'string' || typeof value === 'number';

/** A list where there is one; else all the fields that hold one picture each. */
function referencesOf(leaves: readonly Leaf[], schema: JsonObject): ReferenceRule | null {
  const found = leaves.filter(({ canonical }) => canonical === 'references');
  const lists = found.filter((leaf) => listIn(leaf.schema) !== null);
  const list = lists.find(({ path }) => path.at(-1)?.endsWith('s')) ?? lists[0];
  if (list === undefined)
    return found.length === 0 ? null : { paths: found.map(({ path }) => path), most: found.length, isRequired: false };
  const most = listIn(list.schema)?.maxItems;
  const owner = list.path.slice(0, -1).reduce<JsonObject>(propertyOf, schema);
  const isRequired = Array.isArray(owner.required) && owner.required.includes(list.path.at(-1) ?? '');
  return { paths: [list.path], most: typeof most === 'number' ? most : mostOfAll, isRequired };
}

function propertyOf(schema: JsonObject, name: string): JsonObject {
  const property = isJsonObject(schema.properties) ? schema.properties[name] : undefined;
  return (isJsonObject(property) ? objectIn(property) : null) ?? {};
}

/** The way to send a key that the dialect's own callers use: found by trying each, its own header first. */
function keyOf({ credential }: Dialect): RequestRecipe['key'] {
  const tries = [
    { header: 'API-KEY', scheme: '' },
    { header: 'Authorization', scheme: 'Key ' },
    { header: 'Authorization', scheme: 'Bearer ' },
    { header: 'x-key', scheme: '' },
  ];
  const found = tries.find(({ header, scheme }) => credential(new Headers({ [header]: `${scheme}key` })) === 'key');
  if (found === undefined) throw new Error('A dialect takes its key in none of the known ways.');
  return found;
}
