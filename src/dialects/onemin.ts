import { headerCredential, schemeCredential } from '../core/credential';
import type { Catalogue, Dialect, WireJson, WireRequest, WireResponse } from '../core/dialect';
import type { Fault, FaultCode } from '../core/fault';
import { modelName } from './known-model';
import { released } from './model-object';
import { wireAsset } from './onemin-asset';
import { decodeAsset, decodeFeature } from './onemin-decode';
import { recordOfOrder, recordOfTask } from './onemin-record';
import { featureSchema } from './onemin-schema';

/** 1min.ai. Source: https://docs.1min.ai/docs/api/ai-for-image/image-generator/flux-2-flex-image-generation */
export const onemin: Dialect = {
  id: '1min',
  title: '1min.ai',
  documentation: 'https://docs.1min.ai/docs/api/ai-for-image/image-generator/flux-2-flex-image-generation',
  prefixes: ['/api/features', '/api/assets', '/api/results', '/models'],
  operations: [
    {
      kind: 'create',
      method: 'POST',
      path: '/api/features',
      summary: 'Make or edit pictures: IMAGE_GENERATOR, IMAGE_EDITOR',
      accepts: ['json'],
      schema: featureSchema,
      wantsTemporaryUrls: true,
      decode: decodeFeature,
      encode: (answer) => ({ status: 200, body: recordOfOrder(answer) }),
    },
    {
      kind: 'read',
      method: 'GET',
      path: '/api/results/:uuid',
      summary: 'A result that was asked for with "async"',
      wantsTemporaryUrls: true,
      taskId: (wire) => wire.params.uuid ?? '',
      encode: ({ task }) => ({ status: 200, body: recordOfTask(task) }),
    },
    {
      kind: 'upload',
      method: 'POST',
      path: '/api/assets',
      summary: 'Upload a picture to edit',
      accepts: ['form'],
      decode: decodeAsset,
      encode: (upload) => ({ status: 200, body: wireAsset(upload) }),
    },
    {
      kind: 'catalogue',
      method: 'GET',
      path: '/models',
      summary: 'The models of a feature',
      auth: 'none',
      encode: (catalogue, wire) => ({ status: 200, body: modelsOf(catalogue, wire) }),
    },
  ],
  // Its introduction shows Bearer, all its pages else API-KEY.
  credential: (headers) => headerCredential(headers, 'api-key') ?? schemeCredential(headers, ['Bearer']),
  encodeFault,
};

const features = ['IMAGE_GENERATOR', 'IMAGE_EDITOR'];

function modelsOf({ priceMicros, isSandbox, providers }: Catalogue, { query }: WireRequest): WireJson {
  if (!features.includes(query.get('feature') ?? '')) return { models: [], total: 0 };
  const model = {
    id: modelName,
    modelId: modelName,
    name: 'FLUX.2 [flex]',
    group: 'IMAGE',
    provider: 'Black Forest Labs',
    status: 'ACTIVE',
    features,
    modality: { INPUT: ['text', 'image'], OUTPUT: ['image'] },
    creditMetadata: { OUTPUT: priceMicros / 1e6, currency: 'USD', per: 'image' },
    createdAt: new Date(released * 1000).toISOString(),
    sandbox: isSandbox,
    providers,
  };
  return { models: [model], total: 1 };
}

/** Codes of 1min.ai's own where they are known; ours in capitals otherwise. */
const errorCodes: Partial<Record<FaultCode, string>> = {
  model_not_found: 'UNSUPPORTED_MODEL',
  unauthenticated: 'INVALID_API_KEY',
  insufficient_credit: 'INSUFFICIENT_CREDITS',
  provider_failed: 'EXTERNAL_API_RESPONSE_WITH_ERROR',
};

/** It documents `error.code` and answers `errorCode` and `message`: both are here. A result that is not there is null. */
function encodeFault(fault: Fault, requestId: string): WireResponse {
  const code = errorCodes[fault.code] ?? fault.code.toUpperCase();
  const { message, field } = fault;
  return {
    status: fault.status,
    body: {
      success: false,
      errorCode: code,
      message,
      error: { code, message, field },
      requestId,
      ...(fault.code === 'task_not_found' ? { aiRecord: null } : {}),
    },
  };
}
