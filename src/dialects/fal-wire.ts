import {
  type CreateAnswer,
  PictureBytes,
  type TaskAnswer,
  type TaskChange,
  type WebhookMessage,
  type WireEvent,
  type WireResponse,
} from '../core/dialect';
import type { Fault } from '../core/fault';
import type { Json } from '../core/json';
import { isEnded, type Picture, sequenceOf, type Task } from '../core/task';
import { encodeFailure, errorTypeOf, faultBody } from './fal-fault';

/** The model's name at fal. */
export const falModel = 'fal-ai/flux-2-flex';

/** What fal.run answers: the result itself. */
export function encodeRun({ tasks }: CreateAnswer): WireResponse {
  return encodeResult(onlyTask(tasks));
}

/** What the queue answers to a new request. Even one whose picture is stored is followed like any other. */
export function encodeSubmit({ tasks, order, wire }: CreateAnswer): WireResponse {
  const task = onlyTask(tasks);
  const gateway = order.webhook === null ? {} : { gateway_request_id: task.id };
  const body = { status: 'IN_QUEUE', queue_position: 0, ...linksOf(task, wire.origin), ...gateway };
  return { status: 200, headers: headersOf(task), body };
}

/** How a request stands: 202 until it has ended. */
export function encodeStatus({ task, wire }: TaskAnswer): WireResponse {
  const logs = wantsLogs(wire.query) ? logsOf(task) : [];
  const status = isEnded(task.status) ? 200 : 202;
  return { status, headers: headersOf(task), body: statusOf(task, wire.origin, logs) };
}

/** A change of a request, with the logs that are new since the last one: the client adds them up. */
export function statusEvents({ task, previous, wire }: TaskChange): WireEvent[] {
  const told = previous === null ? 0 : logsOf(previous).length;
  const logs = wantsLogs(wire.query) ? logsOf(task).slice(told) : [];
  return [{ id: String(sequenceOf(task)), data: statusOf(task, wire.origin, logs) }];
}

/** The result of a request that has ended, or why there is none. */
export function encodeResult(task: Task): WireResponse {
  const headers = headersOf(task);
  if (isEnded(task.status) && task.fault !== null) return encodeFailure(task.fault, task.id);
  if (task.picture === null) return refusal(task, { detail: 'Request is still in progress' });
  const { picture, request } = task;
  const url = picture.open === null ? picture.url : new PictureBytes(picture, `data:${picture.contentType};base64,`);
  return { status: 200, headers, body: { images: [{ url, ...describe(picture) }], seed: request.seed } };
}

/** What becomes of the wish to stop a request. */
export function encodeCancel({ task }: TaskAnswer): WireResponse {
  if (task.status === 'ready' || task.status === 'failed') {
    return refusal(task, { status: 'ALREADY_COMPLETED', detail: 'The request has ended already.' });
  }
  return { status: 202, headers: headersOf(task), body: { status: 'CANCELLATION_REQUESTED' } };
}

/** A request that has ended, as its webhook. Pictures are named by their URL, in `sync_mode` too. */
export function falWebhook(task: Task): WebhookMessage {
  const { id, picture, fault, request } = task;
  const outcome: Record<string, Json> =
    picture === null
      ? { status: 'ERROR', error: fault?.message ?? null, payload: fault === null ? null : faultBody(fault) }
      : {
          status: 'OK',
          error: null,
          payload: { images: [{ url: picture.url, ...describe(picture) }], seed: request.seed },
        };
  return { signature: 'fal', body: { request_id: id, gateway_request_id: id, ...outcome, payload_error: null } };
}

function statusOf(task: Task, origin: string, logs: readonly Json[]): Json {
  const links = linksOf(task, origin);
  if (task.status === 'queued') return { status: 'IN_QUEUE', queue_position: 0, ...links };
  if (!isEnded(task.status)) return { status: 'IN_PROGRESS', logs, ...links };
  const failure = task.fault === null ? {} : failureOf(task.fault);
  return { status: 'COMPLETED', logs, metrics: { inference_time: secondsOf(task) }, ...failure, ...links };
}

function failureOf(fault: Fault): Record<string, Json> {
  return { error: fault.message, error_type: errorTypeOf(fault) };
}

function secondsOf({ startedAt, endedAt }: Task): number | null {
  return startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt) / 1000;
}

function describe({ url, contentType, width, height }: Picture): Record<string, Json> {
  return { content_type: contentType, file_name: new URL(url).pathname.split('/').at(-1) ?? '', width, height };
}

/** The steps that a request has taken. There is no runner here whose output could be shown. */
function logsOf(task: Task): Json[] {
  const { status, createdAt, startedAt, endedAt, picture, fault } = task;
  if (status === 'queued') return [];
  const start = Math.max(startedAt ?? createdAt, createdAt);
  const logs = [line('INFO', 'Request accepted.', createdAt), line('INFO', 'Rendering started.', start)];
  if (!isEnded(status)) return logs;
  const end = Math.max(endedAt ?? start, start);
  if (picture === null) return [...logs, line('ERROR', fault?.message ?? 'The request ended without a picture.', end)];
  return [...logs, line('INFO', `Picture finished: ${picture.width}x${picture.height} ${picture.contentType}.`, end)];
}

function line(level: 'INFO' | 'ERROR', message: string, time: number): Json {
  return { message, level, source: 'USER', timestamp: new Date(time).toISOString() };
}

/** fal's client for Python writes the flag out. */
function wantsLogs(query: URLSearchParams): boolean {
  return ['1', 'true'].includes((query.get('logs') ?? '').toLowerCase());
}

/** The edit's own path is in none of them, as at fal. */
function linksOf({ id }: Task, origin: string) {
  const url = `${origin}/fal/${falModel}/requests/${id}`;
  return { request_id: id, response_url: url, status_url: `${url}/status`, cancel_url: `${url}/cancel` };
}

function refusal(task: Task, body: { readonly status?: string; readonly detail: string }): WireResponse {
  return { status: 400, headers: headersOf(task), body: { ...body, message: body.detail } };
}

function onlyTask(tasks: readonly Task[]): Task {
  const [task] = tasks;
  if (task === undefined) throw new Error('An order of one picture gave none.');
  return task;
}

const headersOf = ({ id }: Task) => ({ 'x-fal-request-id': id });
