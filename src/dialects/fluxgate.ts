import { headerCredential, schemeCredential } from '../core/credential';
import type { Dialect, TaskAnswer, TaskOperation, WireRequest } from '../core/dialect';
import type { Fault } from '../core/fault';
import { type Picture, sequenceOf, type Task } from '../core/task';
import type { WireFault } from '../core/wire/fault';
import { wireRecipe } from '../core/wire/recipe';
import type { WirePicture, WireTask } from '../core/wire/task';
import { isoTime } from '../core/wire/values';

/** Our own API over tasks: what all dialects share. */
export const fluxgate: Dialect = {
  id: 'fluxgate',
  title: 'Fluxgate',
  documentation: '/docs',
  prefixes: ['/'],
  operations: [
    {
      ...taskOperation({ kind: 'read', method: 'GET', path: '/v1/tasks/:id', summary: 'How a task stands' }),
      encode: ({ task, wire }: TaskAnswer) => ({
        status: 200,
        body: { ...wireTask(task, wire.origin), ...askedFor(task) },
      }),
    },
    taskOperation({ kind: 'cancel', method: 'DELETE', path: '/v1/tasks/:id', summary: 'Cancel a task' }),
    {
      ...taskOperation({
        kind: 'watch',
        method: 'GET',
        path: '/v1/tasks/:id/events',
        summary: 'Follow a task as server-sent events; resumable with Last-Event-ID',
      }),
      events: ({ task, wire }) => [
        { event: task.status, id: String(sequenceOf(task)), data: wireTask(task, wire.origin) },
      ],
    },
  ],
  credential: (headers) =>
    schemeCredential(headers, ['Bearer', 'Token', 'Key']) ??
    headerCredential(headers, 'x-key') ??
    headerCredential(headers, 'api-key'),
  encodeFault: (fault, requestId) => ({
    status: fault.status,
    body: { error: wireFault(fault), request_id: requestId },
  }),
  webhook: (task, _moment, origin) => ({ signature: 'standard', body: wireTask(task, origin) }),
};

function taskOperation(route: Pick<TaskOperation, 'kind' | 'method' | 'path' | 'summary'>): TaskOperation {
  return {
    ...route,
    taskId: (wire: WireRequest) => wire.params.id ?? '',
    wantsSourceSets: true,
    encode: ({ task, wire }: TaskAnswer) => ({ status: 200, body: wireTask(task, wire.origin) }),
  };
}

/** A picture has its recipe beside it; what ended without one is told here alone, to who may read the task. */
function askedFor({ status, request }: Task): Pick<WireTask, 'recipe'> {
  return status === 'failed' || status === 'cancelled' ? { recipe: wireRecipe(request) } : {};
}

function wireTask(task: Task, origin: string): WireTask {
  const { request, picture, cost, fault } = task;
  return {
    object: 'task',
    id: task.id,
    status: task.status,
    progress: task.progress,
    fingerprint: task.fingerprint,
    source: task.source,
    provider: task.provider,
    sandbox: task.provider === 'sandbox',
    seed: request.seed,
    created_at: isoTime(task.createdAt),
    started_at: isoTime(task.startedAt),
    ended_at: isoTime(task.endedAt),
    cost: {
      quoted_micros: cost.quotedMicros,
      actual_micros: cost.actualMicros,
      input_megapixels: cost.megapixels.input,
      output_megapixels: cost.megapixels.output,
    },
    picture: picture === null ? null : wirePicture(picture),
    error: fault === null ? null : wireFault(fault),
    urls: {
      self: `${origin}/v1/tasks/${task.id}`,
      events: `${origin}/v1/tasks/${task.id}/events`,
      recipe: picture?.recipeUrl ?? null,
    },
  };
}

function wirePicture({ url, contentType, width, height, glimpse, determinism, sourceSet }: Picture): WirePicture {
  return {
    url,
    content_type: contentType,
    width,
    height,
    thumbhash: glimpse?.thumbhash ?? null,
    color: glimpse?.color ?? null,
    determinism,
    ...(sourceSet === undefined ? {} : { srcset: sourceSet }),
  };
}

function wireFault(fault: Fault): WireFault {
  const { issues = [], taskId } = fault.details;
  return {
    code: fault.code,
    message: fault.message,
    retryable: fault.isRetryable,
    issues: issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
    ...(taskId === undefined ? {} : { task: taskId }),
  };
}
