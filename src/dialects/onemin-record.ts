import type { CreateAnswer, WireJson, WireRequest } from '../core/dialect';
import { isJsonObject, type JsonObject } from '../core/json';
import type { Task } from '../core/task';
import { modelName } from './known-model';
import { promptFields } from './onemin-schema';

/** An order's pictures as one `aiRecord`: a path for each, and the first one's temporary URL. */
export function recordOfOrder({ tasks, wire }: CreateAnswer): WireJson {
  const [first] = tasks;
  if (first === undefined) throw new Error('An order gave no task.');
  const { type, promptObject } = sentIn(wire);
  return aiRecord(first, { type, promptObject, results: tasks.flatMap(pathOf) });
}

/** A task as `aiRecord`, when all that is known is what was made: its parameters stand where the request's stood. */
export function recordOfTask(task: Task): WireJson {
  const { request, rendition } = task;
  const promptObject = {
    prompt: request.prompt,
    steps: request.steps,
    guidance: request.guidance,
    safety_tolerance: request.safetyTolerance,
    prompt_upsampling: request.promptUpsampling,
    seed: request.seed,
    output_format: rendition.format === 'jpeg' ? 'jpg' : rendition.format,
  };
  const type = request.references.length === 0 ? 'IMAGE_GENERATOR' : 'IMAGE_EDITOR';
  return aiRecord(task, { type, promptObject, results: pathOf(task) });
}

const statuses: Readonly<Record<Task['status'], string>> = {
  queued: 'PROCESSING',
  rendering: 'PROCESSING',
  ready: 'SUCCESS',
  failed: 'FAILURE',
  cancelled: 'FAILURE',
};

function aiRecord(
  task: Task,
  { type, promptObject, results }: { type: string; promptObject: WireJson; results: readonly string[] },
): WireJson {
  const { fault, picture } = task;
  return {
    aiRecord: {
      uuid: task.id,
      model: modelName,
      type,
      status: statuses[task.status],
      createdAt: new Date(task.createdAt).toISOString(),
      aiRecordDetail: {
        promptObject,
        resultObject: results,
        ...(fault === null ? {} : { errorMessage: fault.message }),
      },
      ...(picture?.temporaryUrl === undefined ? {} : { temporaryUrl: picture.temporaryUrl }),
    },
  };
}

/** The path of a picture: its URL without the origin, as assets have theirs. */
function pathOf({ picture }: Task): string[] {
  return picture === null ? [] : [picture.url.slice(new URL(picture.url).origin.length + 1)];
}

/** What was sent, without what is not known here and without pictures sent as text. */
function sentIn({ body }: WireRequest): { type: string; promptObject: JsonObject } {
  const sent = body.kind === 'json' && isJsonObject(body.value) ? body.value : {};
  const { type, promptObject } = sent;
  const fields = isJsonObject(promptObject) ? Object.entries(promptObject) : [];
  const echoed = fields.filter(([name, value]) => promptFields.has(name) && !(name === 'imageUrl' && isInline(value)));
  return { type: type === 'IMAGE_EDITOR' ? type : 'IMAGE_GENERATOR', promptObject: Object.fromEntries(echoed) };
}

const isInline = (value: unknown): boolean => JSON.stringify(value).length > 10_000;
