import { isJsonObject, type JsonObject } from '../core/json';

/** A property of a schema, however deep, with what it becomes. */
export interface Leaf {
  readonly path: readonly string[];
  readonly canonical: string;
  readonly schema: JsonObject;
}

/** The schema itself, or each of those that it is one of. */
export function variantsOf(schema: JsonObject): JsonObject[] {
  const choices = [schema.oneOf, schema.anyOf].find(Array.isArray);
  return choices === undefined ? [schema] : choices.filter(isJsonObject);
}

/** Every documented property of a schema by its own name, with those of the objects inside. */
export function leavesOf(schema: JsonObject, prefix: readonly string[]): Leaf[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return [];
    const path = [...prefix, name];
    const canonical = property['x-canonical'];
    const isOwnName = !('x-other-name-of' in property);
    const own = typeof canonical === 'string' && isOwnName ? [{ path, canonical, schema: property }] : [];
    const inner = objectIn(property);
    return inner === null ? own : [...own, ...leavesOf(inner, path)];
  });
}

/** An object's schema, also behind "or null". */
export function objectIn(property: JsonObject): JsonObject | null {
  if (isJsonObject(property.properties)) return property;
  const choices = [property.anyOf, property.oneOf].find(Array.isArray) ?? [];
  return choices.filter(isJsonObject).find((choice) => isJsonObject(choice.properties)) ?? null;
}

/** The list among what a property takes; null where it takes none. */
export function listIn(schema: JsonObject): JsonObject | null {
  if (schema.type === 'array') return schema;
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [];
  return (
    choices
      .filter(isJsonObject)
      .map(listIn)
      .find((list) => list !== null) ?? null
  );
}
