import { readPrompt } from '../core/canonicalise';
import type { CreateOperation, TaskOperation, WireRequest, WireResponse } from '../core/dialect';
import { Fault } from '../core/fault';
import { isJsonObject, type Json } from '../core/json';
import type { Order, ReferenceSource, WebhookOrder } from '../core/order';
import { parse } from '../core/parse';
import { microsPerCredit } from '../core/price';
import type { SizeChoice } from '../core/size';
import type { Task } from '../core/task';
import { type BflBody, defaultEdge, inputSchema, referenceFields, refusedReferences } from './bfl-schema';
import { referenceOf } from './fields';

export interface BflVariant {
  /** The path that the routes stand below. */
  readonly prefix: string;
  readonly formats: readonly ['jpeg', 'png', ...'webp'[]];
}

/** The two routes of BFL's API for this model. CometAPI serves the same below a path of its own. */
export function bflOperations({ prefix, formats }: BflVariant): readonly [CreateOperation, TaskOperation] {
  const schema = inputSchema(formats);
  return [
    {
      kind: 'create',
      method: 'POST',
      path: `${prefix}/flux-2-flex`,
      summary: 'Make or edit a picture',
      accepts: ['json'],
      schema,
      decode: (wire) => decode(wire, schema),
      encode: ({ tasks, order, wire }) => encodeSubmit(tasks[0], order, wire.origin + prefix),
    },
    {
      kind: 'read',
      method: 'GET',
      path: `${prefix}/get_result`,
      summary: 'The state of a task, with its picture once it is ready',
      auth: 'optional',
      taskId: (wire) => wire.query.get('id') || refuseWithoutId(),
      encode: ({ task }) => ({ status: 200, body: wireResult(task) }),
    },
  ];
}

/** A task as get_result words it, and as webhooks do. */
export function wireResult(task: Task): Json {
  const status = statusOf(task);
  return {
    id: task.id,
    status,
    result: task.picture === null ? null : wirePicture(task, task.picture.url),
    progress: task.status === 'ready' ? 1 : task.progress,
    details: task.fault === null ? null : detailsOf(task.fault),
    preview: null,
  };
}

/** BFL's service is FastAPI: faults of the body are a list with places, all others a sentence. */
export function encodeBflFault(fault: Fault): WireResponse {
  if (fault.code === 'invalid_request') return { status: 422, body: { detail: validationDetail(fault) } };
  if (fault.code === 'task_not_found') {
    return {
      status: 404,
      body: {
        id: '',
        status: 'Task not found',
        result: null,
        progress: null,
        details: null,
        preview: null,
        detail: fault.message,
      },
    };
  }
  const status = fault.code === 'unauthenticated' ? 403 : fault.status;
  return { status, body: { detail: fault.code === 'unauthenticated' ? 'Not authenticated' : fault.message } };
}

function decode(wire: WireRequest, schema: ReturnType<typeof inputSchema>): Order {
  const value = wire.body.kind === 'json' ? wire.body.value : null;
  const body = parse(schema, value);
  refuseReferences(value);
  return {
    picture: {
      prompt: readPrompt(body.prompt),
      references: referencesIn(body),
      size: sizeOf(body),
      steps: body.steps,
      guidance: body.guidance,
      seed: body.seed,
      promptUpsampling: body.prompt_upsampling,
      safetyTolerance: body.safety_tolerance,
    },
    count: 1,
    format: body.output_format,
    quality: null,
    mode: 'async',
    waitSeconds: null,
    answersWith: 'task',
    wantsBytes: false,
    webhook: webhookOf(body),
    notes: [],
  };
}

function webhookOf({ webhook_url: url, webhook_secret: secret }: BflBody): WebhookOrder | null {
  return url === null ? null : { url, field: ['webhook_url'], secret, moments: ['end'] };
}

/** Some clients send a size and an aspect ratio together: the size wins. */
function sizeOf({ width, height, aspect_ratio: aspectRatio }: BflBody): SizeChoice {
  if (width !== null || height !== null)
    return { kind: 'pixels', width: width ?? defaultEdge, height: height ?? defaultEdge };
  if (aspectRatio !== null) return { kind: 'aspect', aspectRatio, megapixels: 1 };
  return { kind: 'match-reference', megapixels: null, otherwise: { width: defaultEdge, height: defaultEdge } };
}

function referencesIn(body: BflBody): ReferenceSource[] {
  return referenceFields.flatMap((field) => {
    const value: unknown = Reflect.get(body, field);
    return typeof value === 'string' ? [referenceOf(value, [field])] : [];
  });
}

function refuseReferences(body: unknown): void {
  for (const [field, reason] of Object.entries(refusedReferences)) {
    const isGiven = isJsonObject(body) && (body[field] ?? null) !== null;
    if (isGiven) throw Fault.ofField(field, reason);
  }
}

function refuseWithoutId(): never {
  throw Fault.ofField(['query', 'id'], 'expected the id of a task.');
}

function encodeSubmit(task: Task | undefined, order: Order, base: string): WireResponse {
  if (task === undefined) throw new Error('An order of one picture gave none.');
  const { quotedMicros, actualMicros, megapixels } = task.cost;
  return {
    status: 200,
    body: {
      id: task.id,
      ...(order.webhook === null ? {} : { status: statusOf(task), webhook_url: order.webhook.url }),
      polling_url: `${base}/get_result?id=${task.id}`,
      cost: (actualMicros ?? quotedMicros) / microsPerCredit,
      input_mp: megapixels.input,
      output_mp: megapixels.output,
    },
  };
}

function statusOf(task: Task): string {
  if (task.fault?.code === 'moderated_request') return 'Request Moderated';
  if (task.fault?.code === 'moderated_output') return 'Content Moderated';
  return { queued: 'Pending', rendering: 'Pending', ready: 'Ready', failed: 'Error', cancelled: 'Error' }[task.status];
}

function wirePicture(task: Task, url: string): Json {
  const { request, startedAt, endedAt } = task;
  const [start, end] = [(startedAt ?? task.createdAt) / 1000, (endedAt ?? task.createdAt) / 1000];
  const text = typeof request.prompt === 'string' ? request.prompt : JSON.stringify(request.prompt);
  return {
    sample: url,
    seed: request.seed,
    prompt: text,
    start_time: start,
    end_time: end,
    duration: Math.max(0, end - start),
  };
}

function detailsOf(fault: Fault): Json {
  const isModerated = fault.code === 'moderated_request' || fault.code === 'moderated_output';
  return isModerated ? { 'Moderation Reasons': [fault.message] } : { error: fault.message, code: fault.code };
}

function validationDetail(fault: Fault): Json {
  const issues = fault.details.issues ?? [];
  if (issues.length === 0) return [{ loc: ['body'], msg: fault.message, type: 'value_error' }];
  return issues.map(({ path, message }) => ({
    loc: path[0] === 'query' ? path : ['body', ...path],
    msg: message,
    type: 'value_error',
  }));
}
