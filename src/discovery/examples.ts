import * as z from 'zod';
import type { Operation } from '../core/dialect';
import type { Json, JsonObject } from '../core/json';
import { isJsonObject } from '../core/json';

const samplePrompt = 'A poster that says "HELLO" in #ff6600';
const samplePicture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A small body that the operation's own schema accepts; null where it takes no JSON. */
export function operationExample(operation: Extract<Operation, { accepts: unknown }>): JsonObject | null {
  if (operation.kind !== 'create' || !operation.accepts.includes('json')) return null;
  const schema: Json = JSON.parse(
    JSON.stringify(z.toJSONSchema(operation.schema, { io: 'input', unrepresentable: 'any' })),
  );
  if (!isJsonObject(schema)) return null;
  const example = objectExample(firstObject(schema), null);
  return operation.path.endsWith('/edits') ? { ...example, image_url: samplePicture } : example;
}

function objectExample(schema: JsonObject, parent: string | null): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
  const names = new Set([...required, ...['model', 'prompt', 'seed'].filter((name) => name in properties)]);
  const entries = [...names].map((name) => [name, valueExample(name, properties[name] ?? {}, parent)] as const);
  return Object.fromEntries(entries);
}

function valueExample(name: string, schema: Json, parent: string | null): Json {
  if (name === 'prompt') return samplePrompt;
  if (name === 'model')
    return isJsonObject(schema) && typeof schema.const === 'string' ? schema.const : 'black-forest-labs/flux-2-flex';
  if (name === 'seed') return 7;
  if (/image|picture/i.test(name)) return isListSchema(schema) ? [samplePicture] : samplePicture;
  if (name === 'messages') return [{ role: 'user', content: samplePrompt }];
  if (!isJsonObject(schema)) return parent;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  return schema.type === 'object' || schema.properties !== undefined ? objectExample(schema, name) : samplePrompt;
}

/** An object's schema, or the first of several that would do. */
function firstObject(schema: JsonObject): JsonObject {
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [];
  return isJsonObject(schema.properties) ? schema : (choices.find(isJsonObject) ?? schema);
}

function isListSchema(schema: Json): boolean {
  if (!isJsonObject(schema)) return false;
  if (schema.type === 'array') return true;
  return [schema.anyOf, schema.oneOf].some((choices) => Array.isArray(choices) && choices.some(isListSchema));
}
