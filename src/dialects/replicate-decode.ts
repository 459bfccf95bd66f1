import { readPrompt } from '../core/canonicalise';
import type { WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isKnownModel } from '../core/image-request';
import type { DeliveryMode, Order, PictureOrder, WebhookMoment, WebhookOrder } from '../core/order';
import { parse } from '../core/parse';
import { parseAspectRatio, type SizeBounds, type SizeChoice, sizeOfAspect } from '../core/size';
import { referenceOf } from './fields';
import { modelName } from './known-model';
import { type PredictionBody, predictionSchema, type ReplicateInput } from './replicate-schema';
import { qualityRange, withinRange } from './within-range';

/** "The maximum image size is 2048x2048"; a resolution that is taken from a picture is "clamped to 0.5-4 MP". */
const bounds: SizeBounds = { largestEdge: 2048, leastMegapixels: 0.5 };
const customEdge = 1024;
const waitRange = { min: 1, max: 60 } as const;

/** The version in answers: official models hide theirs. */
export const hiddenVersion = 'hidden';

/** The model's versions that Replicate published, which callers may have written down. */
const versions: ReadonlySet<string> = new Set([
  hiddenVersion,
  '4139a7655e86b5d2f51450b52491369ec5b1250ff9af033f5de28cd121c24906',
  '74299cd6035253a57375293dfbde8479a401f7c53b9f2eefc7b3f321fb2d8cfe',
]);

/** `POST /models/{owner}/{name}/predictions`: the model is in the path. */
export function decodeModelPrediction(wire: WireRequest): Order {
  checkModel(`${wire.params.owner}/${wire.params.name}`);
  return orderOf(wire, readBody(wire));
}

/** `POST /predictions`: the model is named by `version`, or by `model`. */
export function decodePrediction(wire: WireRequest): Order {
  const body = readBody(wire);
  const name = body.version ?? body.model;
  if (name === null) throw Fault.ofField('version', `expected ${modelName}, or a version of it.`);
  checkModel(name);
  return orderOf(wire, body);
}

/** @throws Fault `model_not_found` for all but this model and its versions. */
export function checkModel(name: string): void {
  const [owned = ''] = name.includes('/') ? name.split(':') : [name];
  if (isKnownModel(owned) || versions.has(owned)) return;
  throw new Fault('model_not_found', `There is no such model here. This service has ${modelName}.`);
}

function readBody(wire: WireRequest): PredictionBody {
  return parse(predictionSchema, wire.body.kind === 'json' ? wire.body.value : null);
}

function orderOf(wire: WireRequest, body: PredictionBody): Order {
  const { input } = body;
  const { mode, waitSeconds, notes } = deliveryOf(wire.headers);
  const quality = withinRange('input.output_quality', input.output_quality, qualityRange);
  return {
    picture: pictureOf(input),
    count: 1,
    format: input.output_format === 'jpg' ? 'jpeg' : input.output_format,
    quality: quality.value,
    mode,
    waitSeconds,
    answersWith: 'task',
    wantsBytes: false,
    webhook: webhookOf(body),
    notes: [...notes, ...sizeNotes(input), ...quality.notes],
  };
}

function pictureOf(input: ReplicateInput): PictureOrder {
  return {
    prompt: readPrompt(input.prompt, ['input', 'prompt']),
    references: input.input_images.map((value, index) => referenceOf(value, ['input', 'input_images', index])),
    size: sizeOf(input),
    steps: input.steps,
    guidance: input.guidance,
    seed: input.seed,
    promptUpsampling: input.prompt_upsampling,
    safetyTolerance: input.safety_tolerance,
  };
}

/** The size is delivered to the pixel: the vendor's pages disagree whether it rounds to 16 or to 32. */
function sizeOf({ aspect_ratio: aspectRatio, resolution, width, height }: ReplicateInput): SizeChoice {
  if (aspectRatio === 'custom') return { kind: 'pixels', width: width ?? customEdge, height: height ?? customEdge };
  const megapixels = resolution === 'match_input_image' ? null : Number.parseFloat(resolution);
  if (aspectRatio !== 'match_input_image') return { kind: 'aspect', aspectRatio, megapixels, bounds };
  const square = sizeOfAspect(parseAspectRatio('1:1'), megapixels ?? 1);
  return { kind: 'match-reference', megapixels, otherwise: square, bounds };
}

function sizeNotes(input: ReplicateInput): string[] {
  const isCustom = input.aspect_ratio === 'custom';
  const hasEdge = input.width !== null || input.height !== null;
  const lacksEdge = input.width === null || input.height === null;
  const matches = [input.aspect_ratio, input.resolution].includes('match_input_image');
  return [
    ...(isCustom && lacksEdge ? [`a width or height that is absent with aspect_ratio custom is ${customEdge}`] : []),
    ...(!isCustom && hasEdge ? ['width and height are only used when aspect_ratio is custom'] : []),
    ...(!isCustom && matches && input.input_images.length === 0
      ? ['match_input_image found no input image: 1:1 and 1 MP are used in its place']
      : []),
  ];
}

type Delivery = { readonly mode: DeliveryMode; readonly waitSeconds: number | null; readonly notes: readonly string[] };

/** `Prefer: wait` and `Prefer: wait=N`; all other preferences are ignored, as RFC 7240 has it. */
function deliveryOf(headers: Headers): Delivery {
  const preferences = (headers.get('prefer') ?? '').split(',').map((preference) => preference.trim());
  const match = preferences.map((preference) => /^wait(?:\s*=\s*"?(\d+)"?)?$/i.exec(preference)).find(Boolean);
  const notes = headers.has('cancel-after') ? ['Cancel-After is not kept: cancel the prediction instead'] : [];
  if (match === undefined || match === null) return { mode: 'async', waitSeconds: null, notes };
  const wait = withinRange('Prefer: wait', Number(match[1] ?? waitRange.max), waitRange);
  return { mode: 'wait', waitSeconds: wait.value, notes: [...notes, ...wait.notes] };
}

function webhookOf(body: PredictionBody): WebhookOrder | null {
  const { webhook: url, webhook_completed: completed, webhook_events_filter: events } = body;
  if (url === null && completed !== null)
    return { url: completed, field: ['webhook_completed'], secret: null, moments: ['end'] };
  if (url === null) return null;
  const isAtStart = events.includes('start');
  const isAtEnd = events.includes('output') || events.includes('completed');
  const moments: WebhookMoment[] = [...(isAtStart ? (['start'] as const) : []), ...(isAtEnd ? (['end'] as const) : [])];
  return { url, field: ['webhook'], secret: null, moments };
}
