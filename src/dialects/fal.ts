import { schemeCredential } from '../core/credential';
import type { CreateOperation, Dialect, TaskOperation } from '../core/dialect';
import { decodeEdit, decodeGeneration } from './fal-decode';
import { encodeFalFault } from './fal-fault';
import { editSchema, generationSchema } from './fal-schema';
import { falUploads, falWebhookKeys } from './fal-uploads';
import {
  encodeCancel,
  encodeResult,
  encodeRun,
  encodeStatus,
  encodeSubmit,
  falModel,
  falWebhook,
  statusEvents,
} from './fal-wire';

/** What stands for queue.fal.run and for fal.run: they share their paths, so they are mounted apart. */
const queue = `/fal/${falModel}`;
const run = `/fal/run/${falModel}`;

/** fal: its queue, its waiting API, its uploads. Source: https://fal.ai/models/fal-ai/flux-2-flex/api and https://fal.ai/docs */
export const fal: Dialect = {
  id: 'fal',
  title: 'fal',
  documentation: 'https://fal.ai/models/fal-ai/flux-2-flex/api',
  prefixes: ['/fal/'],
  operations: [
    ...createOperations({ base: queue, mode: 'async', encode: encodeSubmit }),
    ...createOperations({ base: run, mode: 'wait', encode: encodeRun }),
    // fal has no /edit in these paths, but those who build them from the model's whole name are understood.
    ...[queue, `${queue}/edit`].flatMap(requestOperations),
    ...falUploads,
    ...falWebhookKeys,
  ],
  credential: (headers) => schemeCredential(headers, ['Key', 'Bearer']),
  encodeFault: encodeFalFault,
  webhook: falWebhook,
};

function createOperations({
  base,
  mode,
  encode,
}: {
  base: string;
  mode: 'wait' | 'async';
  encode: CreateOperation['encode'];
}): CreateOperation[] {
  const how = mode === 'wait' ? 'and wait for it' : 'by the queue';
  const shared = { kind: 'create', method: 'POST', accepts: ['json'], takesUntypedJson: true, encode } as const;
  return [
    {
      ...shared,
      path: base,
      summary: `Make a picture ${how}`,
      schema: generationSchema,
      decode: (wire) => decodeGeneration(wire, mode),
    },
    {
      ...shared,
      path: `${base}/edit`,
      summary: `Edit pictures ${how}`,
      schema: editSchema,
      decode: (wire) => decodeEdit(wire, mode),
    },
  ];
}

function requestOperations(base: string): TaskOperation[] {
  const path = `${base}/requests/:id`;
  const taskId: TaskOperation['taskId'] = ({ params }) => params.id ?? '';
  const shared = { method: 'GET', taskId } as const;
  return [
    { ...shared, kind: 'read', path: `${path}/status`, summary: 'How a request stands', encode: encodeStatus },
    {
      ...shared,
      kind: 'watch',
      path: `${path}/status/stream`,
      summary: 'Follow a request as server-sent events until it has ended',
      encode: encodeStatus,
      events: statusEvents,
    },
    {
      ...shared,
      kind: 'read',
      path,
      summary: 'The result of a request',
      encode: ({ task }) => encodeResult(task),
    },
    {
      ...shared,
      kind: 'cancel',
      method: 'PUT',
      path: `${path}/cancel`,
      summary: 'Cancel a request',
      encode: encodeCancel,
    },
  ];
}
