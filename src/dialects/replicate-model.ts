import * as z from 'zod';
import type { Catalogue, WireJson, WireRequest, WireResponse } from '../core/dialect';
import { isJsonObject, type JsonObject } from '../core/json';
import { modelName } from './known-model';
import { checkModel, hiddenVersion } from './replicate-decode';
import { base } from './replicate-prediction';
import { inputSchema } from './replicate-schema';

const released = '2025-11-25T00:00:00.000Z';

/** `GET /models/{owner}/{name}`. */
export function encodeModel(catalogue: Catalogue, wire: WireRequest): WireResponse {
  checkModel(`${wire.params.owner}/${wire.params.name}`);
  return { status: 200, body: modelObject(catalogue, wire.origin) };
}

/** `GET /models`: the only one there is. */
export function encodeModels(catalogue: Catalogue, wire: WireRequest): WireResponse {
  return { status: 200, body: { previous: null, next: null, results: [modelObject(catalogue, wire.origin)] } };
}

/** `GET /models/{owner}/{name}/versions`. */
export function encodeVersions(_catalogue: Catalogue, wire: WireRequest): WireResponse {
  checkModel(`${wire.params.owner}/${wire.params.name}`);
  return { status: 200, body: { previous: null, next: null, results: [versionObject()] } };
}

/** `GET /models/{owner}/{name}/versions/{id}`: all versions are one. */
export function encodeVersion(_catalogue: Catalogue, wire: WireRequest): WireResponse {
  checkModel(`${wire.params.owner}/${wire.params.name}`);
  checkModel(wire.params.version ?? '');
  return { status: 200, body: versionObject() };
}

function modelObject({ isSandbox }: Catalogue, origin: string): WireJson {
  const [owner = '', name = ''] = modelName.split('/');
  const sandbox = isSandbox ? ' This deployment has no vendor key: its pictures are placeholders of a sandbox.' : '';
  return {
    url: `${origin}${base}/models/${modelName}`,
    owner,
    name,
    description: `Text to image and editing with up to ten references.${sandbox}`,
    visibility: 'public',
    is_official: true,
    github_url: null,
    paper_url: null,
    license_url: null,
    run_count: 0,
    cover_image_url: null,
    default_example: null,
    latest_version: versionObject(),
  };
}

/** The Python client wants a text for `cog_version`, and knows "dev". */
function versionObject() {
  return { id: hiddenVersion, created_at: released, cog_version: 'dev', openapi_schema: openapiSchema() };
}

let known: JsonObject | null = null;

/** The model's input and output as Replicate publishes them, made from the schema that requests are read by. */
function openapiSchema(): JsonObject {
  known ??= {
    openapi: '3.1.0',
    info: { title: modelName, version: hiddenVersion },
    paths: {},
    components: { schemas: { Input: publishedInput(), Output: { type: 'string', title: 'Output', format: 'uri' } } },
  };
  return known;
}

/** Replicate's clients show fields in the order of `x-order`. */
function publishedInput(): JsonObject {
  const { properties, required } = schemaParts.parse(z.toJSONSchema(inputSchema, { io: 'input' }));
  const ordered = Object.entries(properties).map(([name, property], order) => {
    return [name, { title: name, ...(isJsonObject(property) ? property : {}), 'x-order': order }];
  });
  return { type: 'object', title: 'Input', required, properties: Object.fromEntries(ordered) };
}

const schemaParts = z.object({ properties: z.record(z.string(), z.json()), required: z.array(z.string()) });
