import type { ListOperation, WireJson, WireRequest, WireResponse } from '../core/dialect';
import { modelId } from '../core/image-request';
import type { Task, TaskStatus } from '../core/task';

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

/** What is listed where no `status` is asked for. */
const inFlight = ['queued', 'processing'];

/** A page of generations, of the statuses that `status` names; without it, of those in flight, as oxen lists them. */
export const encodeList: ListOperation['encode'] = ({ tasks, next }, wire): WireResponse => {
  const wanted = statusesAskedFor(wire) ?? inFlight;
  const generations = tasks.filter((task) => wanted.includes(statuses[task.status])).map(wireGeneration);
  return { status: 200, body: { count: generations.length, generations, next_cursor: next } };
};

function statusesAskedFor({ query }: WireRequest): string[] | null {
  const asked = query.getAll('status').flatMap((text) => text.split(','));
  return asked.length === 0 ? null : asked.map((status) => status.trim());
}

const unixSeconds = (time: number | null) => (time === null ? null : Math.floor(time / 1000));
