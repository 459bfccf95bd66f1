import { schemeCredential } from '../core/credential';
import type {
  CatalogueOperation,
  CreateOperation,
  Dialect,
  TaskOperation,
  Upload,
  WireRequest,
  WireResponse,
} from '../core/dialect';
import { decodeModelPrediction, decodePrediction } from './replicate-decode';
import { encodeReplicateFault } from './replicate-fault';
import { encodeModel, encodeModels, encodeVersion, encodeVersions } from './replicate-model';
import { base, encodeCreated, encodeList, encodeWeb, predictionEvents, predictionObject } from './replicate-prediction';
import { predictionSchema } from './replicate-schema';
import { uploadedFile } from './uploaded-file';

/** Replicate's HTTP API, below a path of its own. Source: https://replicate.com/docs/reference/http */
export const replicate: Dialect = {
  id: 'replicate',
  title: 'Replicate',
  documentation: 'https://replicate.com/docs/reference/http',
  prefixes: ['/replicate'],
  operations: [
    create('/models/:owner/:name/predictions', decodeModelPrediction),
    create('/predictions', decodePrediction),
    {
      kind: 'list',
      method: 'GET',
      path: `${base}/predictions`,
      summary: 'The predictions that bought a picture, newest first',
      cursor: (wire) => wire.query.get('cursor'),
      encode: encodeList,
    },
    taskOperation({ kind: 'read', method: 'GET', path: '/predictions/:id', summary: 'How a prediction stands' }),
    taskOperation({ kind: 'cancel', method: 'POST', path: '/predictions/:id/cancel', summary: 'Cancel a prediction' }),
    {
      ...taskOperation({
        kind: 'watch',
        method: 'GET',
        path: '/predictions/:id/stream',
        summary: 'Follow a prediction',
      }),
      auth: 'optional',
      events: predictionEvents,
    },
    {
      ...taskOperation({ kind: 'read', method: 'GET', path: '', summary: 'The picture of a prediction, for browsers' }),
      path: '/replicate/p/:id',
      auth: 'optional',
      encode: encodeWeb,
    },
    catalogue('/models', 'The models of this deployment', encodeModels),
    catalogue('/models/:owner/:name', 'One model, with its input schema', encodeModel),
    catalogue('/models/:owner/:name/versions', "A model's versions", encodeVersions),
    catalogue('/models/:owner/:name/versions/:version', 'One version of a model', encodeVersion),
    catalogue('/account', 'Whether the key is valid', () => ({ status: 200, body: account })),
    {
      kind: 'upload',
      method: 'POST',
      path: `${base}/files`,
      summary: 'Upload a picture to be used as an input',
      accepts: ['form'],
      // The official clients send `content` as the file, and `metadata` as another one.
      decode: (wire) => ({ file: uploadedFile(wire, 'content'), ticket: null }),
      encode: (upload) => ({ status: 201, body: fileObject(upload) }),
    },
    {
      kind: 'upload-read',
      method: 'GET',
      path: `${base}/files/:id`,
      summary: 'An uploaded picture',
      uploadId: (wire) => wire.params.id ?? '',
      encode: (upload) => ({ status: 200, body: fileObject(upload) }),
    },
    {
      kind: 'webhook-key',
      method: 'GET',
      path: `${base}/webhooks/default/secret`,
      summary: 'The secret that signs webhooks',
      encode: ({ secret }) => ({ status: 200, body: { key: secret } }),
    },
  ],
  credential: (headers) => schemeCredential(headers, ['Bearer', 'Token']),
  encodeFault: encodeReplicateFault,
  webhook: (task, _moment, origin) => ({ signature: 'standard', body: predictionObject(task, origin) }),
};

const account = { type: 'organization', username: 'fluxgate', name: 'Fluxgate' } as const;

function create(path: string, decode: CreateOperation['decode']): CreateOperation {
  return {
    kind: 'create',
    method: 'POST',
    path: base + path,
    summary: 'Make or edit a picture',
    accepts: ['json'],
    schema: predictionSchema,
    decode,
    encode: encodeCreated,
  };
}

function taskOperation(route: Pick<TaskOperation, 'kind' | 'method' | 'path' | 'summary'>): TaskOperation {
  return {
    ...route,
    path: base + route.path,
    taskId: (wire: WireRequest) => wire.params.id ?? '',
    encode: ({ task, wire }) => ({ status: 200, body: predictionObject(task, wire.origin) }),
  };
}

function catalogue(path: string, summary: string, encode: CatalogueOperation['encode']): CatalogueOperation {
  return { kind: 'catalogue', method: 'GET', path: base + path, summary, encode };
}

function fileObject(upload: Upload): WireResponse['body'] {
  return {
    id: upload.id,
    name: upload.name,
    content_type: upload.contentType,
    size: upload.sizeBytes,
    etag: upload.sha256,
    checksums: { sha256: upload.sha256 },
    metadata: {},
    created_at: new Date(upload.createdAt).toISOString(),
    expires_at: null,
    urls: { get: upload.url },
  };
}
