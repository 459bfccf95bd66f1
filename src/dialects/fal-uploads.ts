import * as z from 'zod';
import type { UploadOperation, UploadPromiseOperation, WebhookKeyOperation, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { parse } from '../core/parse';
import { text } from './fields';

/** What stands for rest.fal.ai. */
const rest = '/fal/rest';

const initiateSchema = z.object({
  content_type: text({ canonical: null, description: 'image/png, image/jpeg, image/webp or image/gif.' }),
  file_name: text({ canonical: null, description: 'Not kept: the URL is made here.' }),
});

const untyped = 'application/octet-stream';

/** fal's storage: a place is promised, and the file put there without a key. The file's URL is then a reference. */
export const falUploads: readonly [UploadPromiseOperation, UploadOperation] = [
  {
    kind: 'upload-promise',
    method: 'POST',
    path: `${rest}/storage/upload/initiate`,
    summary: 'Ask for a place to upload a reference to',
    accepts: ['json'],
    decode: ({ body }) => {
      const { content_type: contentType } = parse(initiateSchema, body.kind === 'json' ? body.value : null);
      return { contentType: contentType ?? untyped };
    },
    encode: ({ url, ticket }, { origin }) => ({
      status: 200,
      body: { upload_url: `${origin}${rest}/storage/files/${ticket}`, file_url: url },
    }),
  },
  {
    kind: 'upload',
    method: 'PUT',
    path: `${rest}/storage/files/:ticket`,
    summary: 'Upload a reference to the place that was promised',
    auth: 'none',
    accepts: ['bytes'],
    decode: decodeUpload,
    encode: ({ url }) => ({ status: 200, body: { access_url: url } }),
  },
];

/** What verifies webhooks, where fal has it (beside its API for files) and beside the queue. */
export const falWebhookKeys: readonly WebhookKeyOperation[] = ['/fal', rest].map((base) => ({
  kind: 'webhook-key',
  method: 'GET',
  path: `${base}/.well-known/jwks.json`,
  summary: 'The public key of our webhooks',
  auth: 'none',
  encode: ({ publicKeys }) => ({ status: 200, body: { keys: publicKeys } }),
}));

function decodeUpload({ body, params }: WireRequest) {
  if (body.kind !== 'bytes') throw new Fault('unsupported_media_type', 'Content-Type: expected a picture.');
  const file = { bytes: body.bytes, name: '', contentType: body.contentType };
  return { file, ticket: params.ticket ?? '' };
}
