import { schemeCredential } from '../core/credential';
import {
  type CreateAnswer,
  type CreateOperation,
  type Dialect,
  PictureBytes,
  type WireResponse,
} from '../core/dialect';
import { Fault, type FaultCode } from '../core/fault';
import { isKnownModel, modelId } from '../core/image-request';
import type { Task } from '../core/task';
import { decodeEdit, decodeGenerate, decodeQueue } from './oxen-decode';
import { oxenModel } from './oxen-model';
import { encodeList, readWish, wireEnqueued, wireGeneration } from './oxen-queue';
import { editSchema, generateSchema, queueSchema } from './oxen-schema';

/** oxen.ai: pictures while the caller waits, or through its queue. Source: https://docs.oxen.ai/inference-api */
export const oxen: Dialect = {
  id: 'oxen',
  title: 'oxen.ai',
  documentation: 'https://docs.oxen.ai/inference-api/reference/models/flux-2-flex',
  prefixes: ['/api/ai', '/api/images'],
  operations: [
    ...imageOperations('/api/ai/images'),
    // Where they stood at first; older clients still ask there.
    ...imageOperations('/api/images'),
    {
      kind: 'create',
      method: 'POST',
      path: '/api/ai/queue',
      summary: 'Enqueue one to four pictures',
      accepts: ['json'],
      schema: queueSchema,
      decode: decodeQueue,
      encode: ({ tasks }) => ({ status: 200, body: { generations: tasks.map(wireEnqueued) } }),
    },
    {
      kind: 'list',
      method: 'GET',
      path: '/api/ai/queue',
      summary: "The account's generations, newest first: those in flight, or of the status asked for",
      cursor: (wire) => wire.query.get('cursor'),
      wish: readWish,
      encode: encodeList,
    },
    {
      kind: 'read',
      method: 'GET',
      path: '/api/ai/queue/:id',
      summary: 'How a generation stands, with its picture once it succeeded',
      taskId: (wire) => wire.params.id ?? '',
      encode: ({ task }) => ({ status: 200, body: wireGeneration(task) }),
    },
    {
      kind: 'cancel',
      method: 'DELETE',
      path: '/api/ai/queue/:id',
      summary: 'Cancel a generation',
      taskId: (wire) => wire.params.id ?? '',
      encode: ({ task }) => ({ status: 200, body: wireGeneration(task) }),
    },
    {
      kind: 'catalogue',
      method: 'GET',
      path: '/api/ai/models',
      summary: 'The models of this deployment',
      auth: 'optional',
      encode: (catalogue) => ({ status: 200, body: { object: 'list', data: [oxenModel(catalogue)] } }),
    },
    {
      kind: 'catalogue',
      method: 'GET',
      path: '/api/ai/models/:id{.+}',
      summary: 'One model, with the schema of its parameters',
      auth: 'optional',
      encode: (catalogue, wire) => {
        const name = wire.params.id ?? '';
        if (isKnownModel(name)) return { status: 200, body: oxenModel(catalogue) };
        throw new Fault('model_not_found', `Model not found: ${name.slice(0, 100)}`);
      },
    },
  ],
  credential: (headers) => schemeCredential(headers, ['Bearer']),
  encodeFault,
};

function imageOperations(prefix: string): readonly CreateOperation[] {
  return [
    {
      kind: 'create',
      method: 'POST',
      path: `${prefix}/generate`,
      summary: 'Make pictures from a prompt',
      accepts: ['json'],
      schema: generateSchema,
      decode: decodeGenerate,
      encode,
    },
    {
      kind: 'create',
      method: 'POST',
      path: `${prefix}/edit`,
      summary: 'Make pictures from a prompt and references',
      accepts: ['json'],
      schema: editSchema,
      decode: decodeEdit,
      encode,
    },
  ];
}

function encode({ tasks, order }: CreateAnswer): WireResponse {
  const endings = tasks.map((task) => task.endedAt ?? task.createdAt);
  return {
    status: 200,
    body: {
      model: modelId,
      created: Math.floor(Math.max(...endings) / 1000),
      images: tasks.map((task) => wireImage(task, order.wantsBytes)),
    },
  };
}

function wireImage({ picture }: Task, wantsBytes: boolean) {
  if (picture === null) throw new Error('A finished task has no picture.');
  return wantsBytes ? { b64_json: new PictureBytes(picture) } : { url: picture.url };
}

/** Words of oxen's own where its clients know them. */
const types: Partial<Record<FaultCode, string>> = {
  not_found: 'resource_not_found',
  task_not_found: 'resource_not_found',
  model_not_found: 'resource_not_found',
  insufficient_credit: 'insufficient_credits',
};

/** oxen answers errors in several shapes; its clients read detail, then message, then title, then status_message. */
function encodeFault(fault: Fault, requestId: string): WireResponse {
  const type = types[fault.code] ?? fault.code;
  const title = type === 'resource_not_found' ? 'The requested resource could not be found' : titleOf(type);
  const { message, field } = fault;
  return {
    status: fault.status,
    body: {
      status: 'error',
      status_message: type,
      error: { type, title, detail: message, message, field },
      request_id: requestId,
    },
  };
}

function titleOf(type: string): string {
  const words = type.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
