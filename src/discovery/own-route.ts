import * as z from 'zod';
import type { Dialect } from '../core/dialect';
import type { Json, JsonObject } from '../core/json';
import { errorExamples } from './error-examples';
import { jsonSchemaOf, securityOf, wirePath } from './wire-schema';

/** A route of our own that belongs to no dialect's operations. */
export interface OwnRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Hono's path syntax, absolute. */
  readonly path: string;
  readonly summary: string;
  /** Which of {@link ownTags} it is among. */
  readonly tag: keyof typeof ownTags;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Whether it counts once however often it is sent under one `Idempotency-Key`. */
  readonly isNamed?: boolean;
  /** What a good answer holds; null: nothing. A text: its content type, where it is no JSON. */
  readonly answer: z.ZodType | string | null;
  /** 200 where absent. */
  readonly status?: number;
}

export const ownTags = {
  link: 'Pictures by signed links, for the src of an image; they need no key',
  account: 'What an account has and spends, with a key of its own',
  admin: "What runs the service, with a key of the scope admin or the operator's token",
} as const;

/** A page of a list. */
export function listOf(row: z.ZodType): z.ZodType {
  const next = z.string().nullable().optional().describe('The cursor of the next page; null at the end.');
  return z.object({ object: z.literal('list'), data: z.array(row), next });
}

/** Our own routes as OpenAPI's paths. `native` is the dialect that words their errors and takes their keys. */
export function ownPaths(routes: readonly OwnRoute[], native: Dialect): Record<string, Record<string, Json>> {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = wirePath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: ownOperation(route, native) };
  }
  return paths;
}

function ownOperation(
  { method, path, summary, tag, query, body, isNamed = false, answer, status = 200 }: OwnRoute,
  native: Dialect,
): Json {
  const parameters = [
    ...pathParameters(path),
    ...(query === undefined ? [] : queryParameters(query)),
    ...(isNamed ? [idempotencyKey] : []),
  ];
  const security = { link: [], admin: [{ bearer: [] }], account: securityOf(native) }[tag];
  return {
    operationId: `own-${method}-${path}`.replaceAll(/[^\w]+/g, '-').replace(/-$/, ''),
    tags: [tag],
    summary,
    description: `${summary}. ${ownTags[tag]}.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: jsonSchemaOf(body) } } } }),
    security,
    responses: { [String(status)]: goodAnswer(answer), ...errorExamples(native, failures) },
  };
}

const idempotencyKey: Json = {
  ...{ name: 'Idempotency-Key', in: 'header', required: false },
  description:
    'Names what is asked for across repeats: for a day, the same again counts once, and another is a conflict.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const failures = ['invalid_request', 'unauthenticated', 'forbidden', 'not_found', 'conflict'] as const;

function goodAnswer(answer: OwnRoute['answer']): JsonObject {
  if (answer === null) return { description: 'Done.' };
  if (typeof answer === 'string') {
    const isPicture = answer.startsWith('image/');
    return isPicture
      ? { description: 'The picture.', content: { [answer]: {} } }
      : { description: 'A text.', content: { [answer]: { schema: { type: 'string' } } } };
  }
  return { description: 'As it stands.', content: { 'application/json': { schema: jsonSchemaOf(answer, 'output') } } };
}

function pathParameters(path: string): Json[] {
  return Array.from(path.matchAll(/:(\w+)/g), ([, name = '']) => {
    const schema = name === 'fingerprint' ? { type: 'string', pattern: '^[0-9a-f]{64}$' } : { type: 'string' };
    return { name, in: 'path', required: true, schema };
  });
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = z
    .looseObject({
      properties: z.record(z.string(), z.record(z.string(), z.json())).optional(),
      required: z.array(z.string()).optional(),
    })
    .parse(jsonSchemaOf(query));
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}
