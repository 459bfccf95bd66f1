import { readPrompt } from '../core/canonicalise';
import type { WireField, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isKnownModel, modelId } from '../core/image-request';
import type { Order, ReferenceSource } from '../core/order';
import { parse } from '../core/parse';
import { parseAspectRatio, type SizeChoice } from '../core/size';
import { referenceOf, referencesOf } from './fields';
import { type EditBody, editSchema, type GenerationBody, generationSchema } from './openai-schema';
import { pixelSize } from './pixel-size';

const defaultSize = { width: 1024, height: 1024 };

export function decodeGeneration(wire: WireRequest): Order {
  const body = parse(generationSchema, wire.body.kind === 'json' ? wire.body.value : null);
  return orderOf(body, modelReferences(body), 'url');
}

/** Edits come as JSON, or as a multipart form with one `image` or several `image[]`. */
export function decodeEdit(wire: WireRequest): Order {
  const fields = wire.body.kind === 'form' ? wire.body.fields : [];
  const files = fields.flatMap(fileReference);
  const body = parse(editSchema, wire.body.kind === 'json' ? wire.body.value : formValues(fields));
  refuseMask(body, fields);
  const references = [...files, ...jsonReferences(body)];
  if (references.length === 0) throw Fault.ofField('image', 'expected at least one picture to edit.');
  return orderOf(body, references, 'b64_json');
}

function orderOf(
  body: GenerationBody | EditBody,
  references: readonly ReferenceSource[],
  defaultDelivery: 'url' | 'b64_json',
): Order {
  checkModel(body.model);
  checkAspectRatio(body.aspect_ratio, references);
  if (body.background === 'transparent') throw Fault.ofField('background', 'this model has no transparent background.');
  const format = body.output_format === 'jpg' ? 'jpeg' : body.output_format;
  return {
    picture: {
      prompt: readPrompt(body.prompt),
      references,
      size: sizeOf(body),
      steps: body.steps,
      guidance: body.guidance,
      seed: body.seed,
      promptUpsampling: body.prompt_upsampling,
      safetyTolerance: body.safety_tolerance ?? (body.moderation === 'low' ? 5 : 2),
    },
    count: body.n,
    format,
    quality: Math.max(1, body.output_compression),
    mode: body.stream ? 'stream' : 'wait',
    waitSeconds: null,
    answersWith: 'picture',
    wantsBytes: body.stream || (body.response_format ?? defaultDelivery) === 'b64_json',
    webhook: null,
    notes: notesOn(body),
  };
}

function checkAspectRatio(aspectRatio: string | null, references: readonly ReferenceSource[]): void {
  if (aspectRatio === 'match_input_image' && references.length === 0)
    throw Fault.ofField('aspect_ratio', 'match_input_image needs an input_image to match.');
  if (aspectRatio !== null && aspectRatio !== 'match_input_image') parseAspectRatio(aspectRatio);
}

function checkModel(name: string | null): void {
  if (name === null || isKnownModel(name)) return;
  throw new Fault(
    'model_not_found',
    `The model '${name.slice(0, 100)}' does not exist here. This service has black-forest-labs/${modelId}.`,
    {
      issues: [{ path: ['model'], message: `expected black-forest-labs/${modelId}.` }],
    },
  );
}

function sizeOf(body: GenerationBody | EditBody): SizeChoice {
  const pixels = pixelSize(body);
  if (pixels !== null) return pixels;
  const matching: SizeChoice = { kind: 'match-reference', megapixels: null, otherwise: defaultSize };
  if (body.aspect_ratio === null || body.aspect_ratio === 'match_input_image') return matching;
  return { kind: 'aspect', aspectRatio: body.aspect_ratio, megapixels: 1 };
}

/** A size in pixels and an aspect ratio together: the size wins, and that is told. */
function notesOn({ size, width, height, aspect_ratio: aspectRatio }: GenerationBody | EditBody): string[] {
  const hasSize = width !== null || height !== null || size !== 'auto';
  return hasSize && aspectRatio !== null ? ['The size in pixels was used, and aspect_ratio was not.'] : [];
}

function modelReferences(body: GenerationBody | EditBody): ReferenceSource[] {
  return [...referencesOf(body.input_image, 'input_image'), ...referencesOf(body.input_images, 'input_images')];
}

function jsonReferences(body: EditBody): ReferenceSource[] {
  const images = body.images.map(({ image_url: url }, index) => {
    if (url !== undefined) return referenceOf(url, ['images', index, 'image_url']);
    throw Fault.ofField(['images', index], 'expected an image_url; files of other services are not here.');
  });
  return [
    ...images,
    ...referencesOf(body.image, 'image'),
    ...referencesOf(body.image_url, 'image_url'),
    ...modelReferences(body),
  ];
}

function fileReference({ name, value }: WireField): ReferenceSource[] {
  if (typeof value === 'string') return [];
  const field = name.replace(/\[\d*\]$/, '');
  if (field === 'mask') return [];
  if (field !== 'image' && field !== 'images') throw Fault.ofField(name, 'expected pictures in "image" or "image[]".');
  return [{ kind: 'bytes', bytes: value.bytes, field: [field] }];
}

/** A form's texts as the JSON body they stand for. Lists end in []; those of pictures may do without, as their files may. */
function formValues(fields: readonly WireField[]): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const { name, value } of fields) {
    if (typeof value !== 'string') continue;
    const key = name.replace(/\[\d*\]$/, '');
    const earlier = values[key];
    if (earlier === undefined) values[key] = key === name ? value : [value];
    else if (key === name && !pictureLists.has(key))
      throw Fault.ofField(key.slice(0, 64), 'expected once; it was sent again.');
    else values[key] = [earlier, value].flat();
  }
  return values;
}

const pictureLists: ReadonlySet<string> = new Set(['image', 'image_url', 'input_image', 'input_images']);

function refuseMask(body: EditBody, fields: readonly WireField[]): void {
  const hasMask = (body.mask ?? body.mask_url ?? null) !== null || fields.some((field) => field.name === 'mask');
  if (hasMask) throw Fault.ofField('mask', 'this model edits by prompt and references; it takes no mask.');
}
