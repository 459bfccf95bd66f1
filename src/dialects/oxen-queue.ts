import type { ListOperation, ListWish, WireJson, WireRequest, WireResponse } from '../core/dialect';
import { Fault } from '../core/fault';
import { isKnownModel, modelId } from '../core/image-request';
import { type Task, type TaskStatus, taskStatuses } from '../core/task';

const statuses: Readonly<Record<TaskStatus, string>> = {
  queued: 'queued',
  rendering: 'processing',
  ready: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** A generation as enqueuing answers it. */
export function wireEnqueued(task: Task): WireJson {
  return { generation_id: task.id, status: statuses[task.status] };
}

/** A generation as the queue tells of it, then and for ever after. */
export function wireGeneration(task: Task): WireJson {
  const { request, rendition } = task;
  return {
    generation_id: task.id,
    status: statuses[task.status],
    model: modelId,
    media_type: 'image',
    prompt: request.prompt,
    num_inference_steps: request.steps,
    guidance: request.guidance,
    seed: request.seed,
    output_format: rendition.format === 'jpeg' ? 'jpg' : rendition.format,
    enqueued_at: unixSeconds(task.createdAt),
    started_at: unixSeconds(task.startedAt),
    completed_at: unixSeconds(task.endedAt),
    result_url: task.picture?.url ?? null,
    error_message: task.fault?.message ?? null,
  };
}

/** What is listed where no `status` is asked for: those in flight, as oxen lists them. */
const inFlight: readonly TaskStatus[] = ['queued', 'rendering'];
const mostListed = 100;
const listedByDefault = 50;

/**
 * Which generations are asked for, by `status`, `media_type`, `model` and `limit`. Several statuses may stand with commas
 * between them. Source: https://docs.oxen.ai/fine-tuning-api/list-in-flight-queue-items
 * @throws Fault naming the parameter
 */
export function readWish({ query }: WireRequest): ListWish {
  const asked = query.getAll('status').flatMap((text) => text.split(','));
  const statusesAsked = asked.length === 0 ? inFlight : asked.map((word) => statusOf(word.trim()));
  const limit = query.get('limit') ?? String(listedByDefault);
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > mostListed)
    throw Fault.ofField('limit', `expected a whole number from 1 to ${mostListed}.`);
  return { statuses: isOfPictures(query) ? statusesAsked : [], limit: Number(limit) };
}

function statusOf(word: string): TaskStatus {
  const status = taskStatuses.find((candidate) => statuses[candidate] === word);
  if (status !== undefined) return status;
  throw Fault.ofField('status', `expected one of ${Object.values(statuses).join(', ')}.`);
}

/** Of videos and of other models there are none. */
function isOfPictures(query: URLSearchParams): boolean {
  const medium = query.get('media_type') ?? 'image';
  if (medium !== 'image' && medium !== 'video') throw Fault.ofField('media_type', 'expected image or video.');
  return medium === 'image' && isKnownModel(query.get('model') ?? modelId);
}

/** A page of generations. */
export const encodeList: ListOperation['encode'] = ({ tasks, next }): WireResponse => {
  return { status: 200, body: { count: tasks.length, generations: tasks.map(wireGeneration), next_cursor: next } };
};

const unixSeconds = (time: number | null) => (time === null ? null : Math.floor(time / 1000));
