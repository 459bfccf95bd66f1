import { z } from 'zod';
import { readPrompt } from '../core/canonicalise';
import type { CreateOperation, TaskOperation, WireRequest, WireResponse } from '../core/dialect';
import { Fault } from '../core/fault';
import { limits } from '../core/image-request';
import type { Json } from '../core/json';
import type { Order, ReferenceSource } from '../core/order';
import { parse } from '../core/parse';
import { microsPerCredit } from '../core/price';
import type { SizeChoice } from '../core/size';
import type { Task } from '../core/task';
import { decimalNumber, oneOf, prompt, referenceOf, seed, seedOf, truth, webhookUrl, wholeNumber } from './reading';

/** References of BFL's own schema: `input_image`, `input_image_2` … `input_image_8`. */
const referenceFields = [
  'input_image',
  'input_image_2',
  'input_image_3',
  'input_image_4',
  'input_image_5',
  'input_image_6',
  'input_image_7',
  'input_image_8',
] as const;
const tooManyFields = ['input_image_9', 'input_image_10'] as const;
const picture = z.string('expected base64, a data URL or an https URL.').nullish();
/** 0 means "let the model pick", as leaving it out does. */
const edge = z.preprocess((value) => (value === 0 ? null : value), wholeNumber(limits.edgePixels));
const defaultEdge = 1024;

/** Flux2FlexInputs of BFL's OpenAPI document. Unknown fields are ignored, as BFL ignores them. */
export const bflSchema = z.object({
  prompt: prompt(),
  prompt_upsampling: truth(),
  ...Object.fromEntries(referenceFields.map((field) => [field, picture])),
  seed: seed(),
  width: edge,
  height: edge,
  aspect_ratio: z.string().nullish(),
  guidance: decimalNumber(limits.guidance),
  steps: wholeNumber(limits.steps),
  safety_tolerance: wholeNumber(limits.safetyTolerance),
  output_format: oneOf(['jpeg', 'png', 'webp']),
  webhook_url: webhookUrl(),
  webhook_secret: z.string().max(512).nullish(),
});

/** The two routes of BFL's API for this model, below `prefix`. CometAPI serves the same under its own. */
export function bflOperations(prefix: string): readonly [CreateOperation, TaskOperation] {
  return [
    {
      kind: 'create',
      method: 'POST',
      path: `${prefix}/flux-2-flex`,
      summary: 'Make or edit a picture',
      accepts: ['json'],
      schema: bflSchema,
      decode,
      encode: ({ tasks, order, wire }) => encodeSubmit(tasks[0], order, wire.origin + prefix),
    },
    {
      kind: 'read',
      method: 'GET',
      path: `${prefix}/get_result`,
      summary: 'The state of a task, with its picture once it is ready',
      auth: 'optional',
      taskId: (wire) => parse(z.string('expected the id of a task.').min(1), wire.query.get('id') ?? undefined),
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

function decode(wire: WireRequest): Order {
  const value = wire.body.kind === 'json' ? wire.body.value : null;
  const body = parse(bflSchema, value);
  refuseTooMany(value);
  const references = referencesOf(body);
  return {
    picture: {
      prompt: readPrompt(body.prompt),
      references,
      size: sizeOf(body),
      steps: body.steps ?? 50,
      guidance: body.guidance ?? 5,
      seed: seedOf(body.seed),
      promptUpsampling: body.prompt_upsampling ?? true,
      safetyTolerance: body.safety_tolerance ?? 2,
    },
    count: 1,
    format: body.output_format ?? 'jpeg',
    quality: null,
    mode: 'async',
    waitSeconds: null,
    onWaitExceeded: 'answer',
    wantsBytes: false,
    webhook:
      typeof body.webhook_url === 'string'
        ? { url: body.webhook_url, secret: body.webhook_secret ?? null, events: [] }
        : null,
    notes: [],
  };
}

type Body = z.output<typeof bflSchema>;

/** Some clients send a size and an aspect ratio together: the size wins. */
function sizeOf({ width, height, aspect_ratio: aspectRatio }: Body): SizeChoice {
  if (typeof width === 'number' || typeof height === 'number') {
    return { kind: 'pixels', width: width ?? defaultEdge, height: height ?? defaultEdge };
  }
  if (typeof aspectRatio === 'string') return { kind: 'aspect', aspectRatio, megapixels: 1 };
  return { kind: 'match-reference', megapixels: null, otherwise: { width: defaultEdge, height: defaultEdge } };
}

function referencesOf(body: Body): ReferenceSource[] {
  return referenceFields.flatMap((field) => {
    const value: unknown = Reflect.get(body, field);
    return typeof value === 'string' && value !== '' ? [referenceOf(value, [field])] : [];
  });
}

/** A ninth reference would be dropped in silence by the vendor: say so instead. */
function refuseTooMany(body: unknown): void {
  for (const field of tooManyFields) {
    const isGiven = typeof body === 'object' && body !== null && typeof Reflect.get(body, field) === 'string';
    if (isGiven) throw Fault.ofField(field, 'this API takes at most 8 references: input_image to input_image_8.');
  }
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
  return issues.map(({ path, message }) => ({ loc: ['body', ...path], msg: message, type: 'value_error' }));
}
