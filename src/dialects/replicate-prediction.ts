import type { CreateAnswer, TaskAnswer, WireEvent, WireRequest, WireResponse } from '../core/dialect';
import { Fault } from '../core/fault';
import type { Json, JsonObject } from '../core/json';
import { contentTypes } from '../core/rendition';
import { isEnded, sequenceOf, type Task } from '../core/task';
import { modelName } from './known-model';
import { hiddenVersion } from './replicate-decode';

/** Where the routes stand. */
export const base = '/replicate/v1';

type Status = 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled';
const statuses: Readonly<Record<Task['status'], Status>> = {
  queued: 'starting',
  rendering: 'processing',
  ready: 'succeeded',
  failed: 'failed',
  cancelled: 'canceled',
};

/** The answer to a create: 202 where the caller wanted to wait for longer than it may, 201 otherwise. */
export function encodeCreated({ tasks, order, wire }: CreateAnswer): WireResponse {
  const [task] = tasks;
  if (task === undefined) throw new Error('An order of one picture gave none.');
  const prediction = predictionObject(task, wire.origin);
  const isOver = isEnded(task.status);
  return {
    status: order.mode === 'wait' && !isOver ? 202 : 201,
    headers: { location: urlsOf(task.id, wire.origin).get },
    // The official clients take a blocking answer for the last word unless it says "starting".
    body: isOver ? prediction : { ...prediction, status: 'starting' },
  };
}

/** A task as the API and its webhooks word it. The input is the canonical one: whatever else was sent is not kept. */
export function predictionObject(task: Task, origin: string): JsonObject {
  return {
    id: task.id,
    model: modelName,
    version: hiddenVersion,
    input: inputOf(task, origin),
    output: task.picture?.url ?? null,
    logs: logsOf(task),
    error: task.fault === null || task.status !== 'failed' ? null : errorOf(task.fault),
    status: statuses[task.status],
    source: 'api',
    data_removed: false,
    created_at: isoTime(task.createdAt),
    started_at: isoTime(startOf(task)),
    completed_at: isoTime(task.endedAt),
    metrics: metricsOf(task),
    urls: urlsOf(task.id, origin),
  };
}

/** A page of predictions, of the times that the query asks for. */
export function encodeList(
  { tasks, next }: { readonly tasks: readonly Task[]; readonly next: string | null },
  { origin, query }: WireRequest,
): WireResponse {
  const after = timeIn(query, 'created_after', 0);
  const before = timeIn(query, 'created_before', Number.MAX_SAFE_INTEGER);
  // Nothing is ever made on a website here.
  const isFromWeb = query.get('source') === 'web';
  const shown = tasks.filter(({ createdAt }) => !isFromWeb && createdAt >= after && createdAt < before);
  const following = new URLSearchParams(query);
  if (next !== null) following.set('cursor', next);
  return {
    status: 200,
    body: {
      previous: null,
      next: next === null || isFromWeb ? null : `${origin}${base}/predictions?${following}`,
      results: shown.map((task) => predictionObject(task, origin)),
    },
  };
}

/** A change of a task as the events of `urls.stream`: logs while it goes on, the output and `done` when it is over. */
export function predictionEvents({ task }: TaskAnswer): WireEvent[] {
  const id = String(sequenceOf(task));
  switch (task.status) {
    case 'queued':
      return [];
    case 'rendering':
      return [{ event: 'logs', id, data: logsOf(task) }];
    case 'ready':
      return [
        { event: 'output', id, data: task.picture?.url ?? '' },
        { event: 'done', id, data: {} },
      ];
    case 'failed':
      return [
        { event: 'error', id, data: { detail: task.fault === null ? '' : errorOf(task.fault) } },
        { event: 'done', id, data: { reason: 'error' } },
      ];
    case 'cancelled':
      return [{ event: 'done', id, data: { reason: 'canceled' } }];
  }
}

/** What a browser shows at `urls.web`: the picture once there is one. */
export function encodeWeb({ task, wire }: TaskAnswer): WireResponse {
  if (task.picture === null) return { status: 200, body: predictionObject(task, wire.origin) };
  return { status: 303, headers: { location: task.picture.url }, body: null };
}

/** What makes the same picture again: everything explicit, the size in pixels. */
function inputOf({ request, rendition }: Task, origin: string): Json {
  return {
    prompt: request.prompt,
    input_images: request.references.map(
      ({ sha256, contentType }) => `${origin}/uploads/${sha256}.${extensionOf(contentType)}`,
    ),
    aspect_ratio: 'custom',
    width: request.width,
    height: request.height,
    steps: request.steps,
    guidance: request.guidance,
    seed: request.seed,
    safety_tolerance: request.safetyTolerance,
    prompt_upsampling: request.promptUpsampling,
    output_format: extensionOf(contentTypes[rendition.format]),
    ...(rendition.quality === null ? {} : { output_quality: rendition.quality }),
  };
}

const extensionOf = (contentType: string) => contentType.replace('image/', '').replace('jpeg', 'jpg');

/** The seed, and a line that the official client's `parseProgressFromLogs` reads. */
function logsOf({ status, request, progress }: Task): string {
  if (status === 'queued') return '';
  const percent = Math.round((status === 'ready' ? 1 : progress) * 100);
  const bar = '█'.repeat(percent / 10).padEnd(10);
  return `Using seed: ${request.seed}\n${percent}%|${bar}| ${percent}/100\n`;
}

/** Clients know a moderated prediction by its code. */
function errorOf(fault: Fault): string {
  const isModerated = fault.code === 'moderated_request' || fault.code === 'moderated_output';
  return isModerated ? `The input or output was flagged as sensitive. ${fault.message} (E005)` : fault.message;
}

/** A caller that joined a render asked for it after it began. */
const startOf = ({ startedAt, createdAt }: Task) => (startedAt === null ? null : Math.max(startedAt, createdAt));

function metricsOf(task: Task): Json {
  const start = startOf(task);
  if (start === null || task.endedAt === null) return {};
  return {
    predict_time: Math.max(0, task.endedAt - start) / 1000,
    total_time: Math.max(0, task.endedAt - task.createdAt) / 1000,
  };
}

function urlsOf(id: string, origin: string) {
  const get = `${origin}${base}/predictions/${id}`;
  return { get, cancel: `${get}/cancel`, stream: `${get}/stream`, web: `${origin}/replicate/p/${id}` };
}

function timeIn(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw Fault.ofField(name, 'expected a time such as 2026-01-01T00:00:00Z.');
  return time;
}

const isoTime = (time: number | null) => (time === null ? null : new Date(time).toISOString());
