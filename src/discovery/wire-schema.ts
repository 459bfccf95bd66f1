import * as z from 'zod';
import type { Dialect } from '../core/dialect';
import type { Json, JsonObject } from '../core/json';

/** The JSON Schema of what a caller may send, or of what is answered. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonObject {
  const { $schema: _, ...body } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(body));
}

/** Hono's `:id{.+}` as OpenAPI's `{id}`. */
export function wirePath(path: string): string {
  return path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}');
}

/** Which of the ways to send a key a dialect reads: found by trying each. */
export function securityOf(dialect: Dialect): Json[] {
  const tries: Readonly<Record<string, Headers>> = {
    bearer: new Headers({ authorization: 'Bearer key' }),
    token: new Headers({ authorization: 'Token key' }),
    falKey: new Headers({ authorization: 'Key key' }),
    xKey: new Headers({ 'x-key': 'key' }),
    apiKey: new Headers({ 'api-key': 'key' }),
  };
  return Object.entries(tries)
    .filter(([, headers]) => dialect.credential(headers) === 'key')
    .map(([name]) => ({ [name]: [] }));
}
