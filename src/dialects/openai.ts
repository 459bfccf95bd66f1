import { schemeCredential } from '../core/credential';
import {
  type CreateAnswer,
  type Dialect,
  PictureBytes,
  type WireEvent,
  type WireJson,
  type WireResponse,
} from '../core/dialect';
import { Fault, type FaultCode } from '../core/fault';
import { isKnownModel } from '../core/image-request';
import type { Task } from '../core/task';
import { modelObject } from './model-object';
import { decodeEdit, decodeGeneration } from './openai-decode';
import { editSchema, generationSchema } from './openai-schema';

/** OpenAI's Images API, with the error table of aigateway.sh. Source: https://platform.openai.com/docs/api-reference/images */
export const openai: Dialect = {
  id: 'openai',
  title: 'OpenAI images',
  documentation: 'https://platform.openai.com/docs/api-reference/images',
  prefixes: ['/v1/images', '/v1/models'],
  operations: [
    {
      kind: 'create',
      method: 'POST',
      path: '/v1/images/generations',
      summary: 'Make pictures from a prompt',
      accepts: ['json'],
      schema: generationSchema,
      decode: decodeGeneration,
      encode,
      stream: (answer, task) => streamed('image_generation', answer, task),
    },
    {
      kind: 'create',
      method: 'POST',
      path: '/v1/images/edits',
      summary: 'Make pictures from a prompt and references',
      accepts: ['json', 'form'],
      schema: editSchema,
      decode: decodeEdit,
      encode,
      stream: (answer, task) => streamed('image_edit', answer, task),
    },
    {
      kind: 'catalogue',
      method: 'GET',
      path: '/v1/models',
      summary: 'The models of this deployment',
      encode: (catalogue) => ({ status: 200, body: { object: 'list', data: [modelObject(catalogue)] } }),
    },
    {
      kind: 'catalogue',
      method: 'GET',
      path: '/v1/models/:id{.+}',
      summary: 'One model',
      encode: (catalogue, wire) => {
        if (isKnownModel(wire.params.id ?? '')) return { status: 200, body: modelObject(catalogue) };
        throw new Fault('model_not_found', 'There is no such model here.', {
          issues: [{ path: ['model'], message: 'unknown' }],
        });
      },
    },
  ],
  credential: (headers) => schemeCredential(headers, ['Bearer']),
  encodeFault,
};

/** Types and codes of `error`, by what went wrong; aigateway's table where it has a row. */
const wording: Partial<Record<FaultCode, { type: string; code: string; status?: number }>> = {
  unauthenticated: { type: 'authentication_error', code: 'invalid_api_key' },
  forbidden: { type: 'permission_error', code: 'permission_denied' },
  insufficient_credit: { type: 'insufficient_credits', code: 'insufficient_credits' },
  not_found: { type: 'not_found', code: 'not_found' },
  task_not_found: { type: 'not_found', code: 'task_not_found' },
  model_not_found: { type: 'not_found', code: 'model_not_found' },
  rate_limited: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  moderated_request: { type: 'invalid_request_error', code: 'content_policy_violation' },
  moderated_output: { type: 'invalid_request_error', code: 'content_policy_violation' },
  internal: { type: 'server_error', code: 'internal_error' },
  provider_failed: { type: 'server_error', code: 'provider_failed', status: 500 },
  outcome_unknown: { type: 'server_error', code: 'outcome_unknown', status: 500 },
  unavailable: { type: 'service_unavailable', code: 'service_unavailable' },
  wait_exceeded: { type: 'service_unavailable', code: 'wait_exceeded', status: 503 },
};
/** Retrying these by itself, as OpenAI's client does, could buy a second picture, or one that was cancelled. */
const notToRetry: ReadonlySet<FaultCode> = new Set([
  'outcome_unknown',
  'provider_failed',
  'wait_exceeded',
  'cancelled',
]);

function encodeFault(fault: Fault): WireResponse {
  const words = wording[fault.code] ?? { type: 'invalid_request_error', code: fault.code };
  return {
    status: words.status ?? fault.status,
    headers: notToRetry.has(fault.code) ? { 'x-should-retry': 'false' } : {},
    body: { error: { message: fault.message, type: words.type, param: fault.field, code: words.code } },
  };
}

function encode({ tasks, order }: CreateAnswer): WireResponse {
  const [first] = tasks;
  return {
    status: 200,
    body: {
      created: Math.floor((first?.endedAt ?? first?.createdAt ?? 0) / 1000),
      data: tasks.map((task) => pictureObject(task, order.wantsBytes)),
      output_format: order.format,
      size: first === undefined ? null : `${first.request.width}x${first.request.height}`,
      usage: usageOf(tasks.length),
    },
  };
}

function pictureObject({ picture, request }: Task, wantsBytes: boolean): WireJson {
  if (picture === null) throw new Error('A finished task has no picture.');
  const delivery = wantsBytes ? { b64_json: new PictureBytes(picture) } : { url: picture.url };
  return { ...delivery, seed: request.seed };
}

/** The model gives no partial pictures, so a stream is one event for each finished picture. */
function streamed(kind: string, { order }: CreateAnswer, { picture, request, endedAt }: Task): WireEvent[] {
  if (picture === null) return [];
  const event = `${kind}.completed`;
  const data = {
    type: event,
    b64_json: new PictureBytes(picture),
    created_at: Math.floor((endedAt ?? 0) / 1000),
    size: `${request.width}x${request.height}`,
    quality: 'high',
    background: 'opaque',
    output_format: order.format,
    seed: request.seed,
    usage: usageOf(1),
  };
  return [{ event, data }];
}

/** The model is priced by picture, not by token: the fields are there for clients that need them. */
function usageOf(pictures: number): WireJson {
  const details = { text_tokens: 0, image_tokens: 0 };
  return {
    total_tokens: 0,
    input_tokens: 0,
    output_tokens: 0,
    input_tokens_details: details,
    output_tokens_details: details,
    num_images: pictures,
  };
}
