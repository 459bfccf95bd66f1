import type { Dialect, Operation } from '../core/dialect';
import type { Json, JsonObject } from '../core/json';
import { errorExamples } from './error-examples';
import { operationExample } from './examples';
import { type OwnRoute, ownPaths, ownTags } from './own-route';
import { jsonSchemaOf, securityOf, wirePath } from './wire-schema';

/** What the document says of this deployment. */
export interface Deployment {
  readonly origin: string;
  readonly version: string;
  /** Routes that belong to no dialect. */
  readonly own: readonly OwnRoute[];
}

/** The OpenAPI 3.1 document of every route, made from the schemas that requests are checked with. */
export function openApiDocument(dialects: readonly Dialect[], { origin, version, own }: Deployment): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fluxgate',
      version,
      summary: 'FLUX.2 [flex] in the API that you already speak',
      description:
        'Every dialect orders the same pictures: the same prompt, references, seed and parameters are the same bytes in any of them, bought once.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origin }],
    security: [],
    tags: [
      ...dialects.map(({ id, title, documentation }) => tagOf({ id, title, documentation }, origin)),
      ...Object.entries(ownTags).map(([name, description]) => ({ name, description })),
    ],
    paths: joined(pathsOf(dialects), ownPathsOf(dialects, own)),
    components: { securitySchemes: securitySchemes() },
  };
}

function tagOf({ id, title, documentation }: Pick<Dialect, 'id' | 'title' | 'documentation'>, origin: string): Json {
  const url = documentation.startsWith('/') ? origin + documentation : documentation;
  return { name: id, description: title, externalDocs: { url } };
}

type Paths = Readonly<Record<string, Readonly<Record<string, Json>>>>;

function joined(some: Paths, others: Paths): JsonObject {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return Object.fromEntries([...names].map((name) => [name, { ...others[name], ...some[name] }]));
}

/** Our own API words errors and takes keys as its dialect does. */
function ownPathsOf(dialects: readonly Dialect[], own: readonly OwnRoute[]): Paths {
  const native = dialects.find(({ id }) => id === 'fluxgate');
  return native === undefined ? {} : ownPaths(own, native);
}

function pathsOf(dialects: readonly Dialect[]): Paths {
  const paths: Record<string, Record<string, Json>> = {};
  for (const dialect of dialects) {
    for (const operation of dialect.operations) {
      const path = wirePath(operation.path);
      paths[path] = { ...paths[path], [operation.method.toLowerCase()]: operationObject(dialect, operation) };
    }
  }
  return paths;
}

function operationObject(dialect: Dialect, operation: Operation): Json {
  const auth = operation.auth ?? 'required';
  const parameters = parametersOf(operation);
  return {
    operationId: `${dialect.id}-${operation.method}-${operation.path}`.replaceAll(/[^\w]+/g, '-').replace(/-$/, ''),
    tags: [dialect.id],
    summary: operation.summary,
    description: `${operation.summary}. In the API of ${dialect.title}.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...('accepts' in operation ? { requestBody: requestBody(operation) } : {}),
    security: auth === 'none' ? [] : [...(auth === 'optional' ? [{}] : []), ...securityOf(dialect)],
    responses: responsesOf(dialect, operation),
  };
}

function parametersOf(operation: Operation): Json[] {
  const names = [...operation.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const isPolledById = operation.kind === 'read' && !operation.path.includes(':');
  return isPolledById ? [...inPath, { name: 'id', in: 'query', required: true, schema: { type: 'string' } }] : inPath;
}

function requestBody(operation: Extract<Operation, { accepts: unknown }>): Json {
  const schema = operation.kind === 'create' ? jsonSchemaOf(operation.schema) : { type: 'object' };
  const example = operationExample(operation);
  const json = { schema, ...(example === null ? {} : { example }) };
  const contents = {
    json: ['application/json', json],
    form: ['multipart/form-data', { schema }],
    bytes: ['image/png', {}],
  } as const;
  return { required: true, content: Object.fromEntries(operation.accepts.map((kind) => contents[kind])) };
}

function responsesOf(dialect: Dialect, operation: Operation): JsonObject {
  const isStream = operation.kind === 'watch';
  const content = isStream
    ? { 'text/event-stream': { schema: { type: 'string' } } }
    : { 'application/json': { schema: {} } };
  return { '200': { description: 'As the API of the dialect answers.', content }, ...errorExamples(dialect) };
}

function securitySchemes(): JsonObject {
  const header = (name: string, description: string): Json => ({ type: 'apiKey', in: 'header', name, description });
  return {
    bearer: { type: 'http', scheme: 'bearer' },
    token: header('Authorization', 'Authorization: Token KEY'),
    falKey: header('Authorization', 'Authorization: Key KEY'),
    xKey: header('x-key', 'x-key: KEY'),
    apiKey: header('API-KEY', 'API-KEY: KEY'),
  };
}
