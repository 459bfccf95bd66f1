import type { CreateOperation, Dialect } from '../core/dialect';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import { type Manner, manners } from './request-manners';
import { type Leaf, leavesOf, listIn, objectIn, variantsOf } from './schema-leaves';
import { sizeRuleOf } from './size-rules';
import { jsonSchemaOf } from './wire-schema';

/**
 * How to write any picture as a request of each dialect, those without references first: plain data from the schemas that
 * requests are checked with. What shows it says what it takes of it: `RequestRecipe` of the pages.
 */
export function requestRecipes(dialects: readonly Dialect[]) {
  return dialects.flatMap((dialect) => {
    const manner = manners[dialect.id];
    return manner === undefined ? [] : recipesOf(dialect, manner);
  });
}

function recipesOf(dialect: Dialect, manner: Manner) {
  const makers = dialect.operations.filter((operation) => operation.kind === 'create');
  const first = makers.slice(0, 1);
  const chosen = manner.paths === undefined ? first : makers.filter(({ path }) => manner.paths?.includes(path));
  return chosen.flatMap((operation) =>
    variantsOf(jsonSchemaOf(operation.schema)).map((schema) => recipeOf(dialect, operation, { manner, schema })),
  );
}

function recipeOf(
  dialect: Dialect,
  operation: CreateOperation,
  { manner, schema }: { manner: Manner; schema: JsonObject },
) {
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
function fieldOf(canonical: string, leaves: readonly Leaf[]) {
  const found = leaves.filter((leaf) => leaf.canonical === canonical);
  const field = found.find(({ path }) => path.at(-1) === canonical) ?? found[0];
  return field === undefined ? [] : [{ canonical, path: field.path, accepts: acceptsOf(field.schema) }];
}

function acceptsOf(schema: JsonObject) {
  const { minimum: min, maximum: max } = schema;
  if (Array.isArray(schema.enum)) return { kind: 'choices', values: schema.enum.filter(isWord) } as const;
  return typeof min === 'number' && typeof max === 'number'
    ? ({ kind: 'range', min, max } as const)
    : ({ kind: 'any' } as const);
}

const isWord = (value: Json) => typeof value === 'string' || typeof value === 'number';

/** A list where there is one; else all the fields that hold one picture each. */
function referencesOf(leaves: readonly Leaf[], schema: JsonObject) {
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
function keyOf({ credential }: Dialect) {
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
