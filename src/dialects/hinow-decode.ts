import { readPrompt } from '../core/canonicalise';
import type { WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isJsonObject } from '../core/json';
import type { Order, ReferenceSource } from '../core/order';
import { parse } from '../core/parse';
import { resolveSize, type SizeChoice } from '../core/size';
import { referencesOf } from './fields';
import { flatSchema, type ImagesBody, mostReferences, referenceNames } from './hinow-schema';
import { refuseUnknownModel } from './known-model';

const defaultSize = { width: 1024, height: 1024 };

export function decodeImages(wire: WireRequest): Order {
  const body = parse(flatSchema, flatten(wire.body.kind === 'json' ? wire.body.value : null));
  refuseUnknownModel(body.model);
  return {
    picture: {
      prompt: readPrompt(body.prompt),
      references: referencesIn(body),
      size: sizeOf(body),
      steps: body.num_inference_steps,
      guidance: body.guidance_scale,
      seed: body.seed,
      promptUpsampling: body.prompt_upsampling,
      safetyTolerance: body.safety_tolerance,
    },
    count: body.n,
    format: body.output_format,
    quality: null,
    mode: 'wait',
    waitSeconds: null,
    answersWith: 'picture',
    wantsBytes: false,
    webhook: null,
    notes: notesOn(body),
  };
}

/** The parameters beside the prompt, where some callers put them: those in `parameters` win. */
function flatten(body: unknown): unknown {
  if (!isJsonObject(body)) return body;
  const parameters = body.parameters ?? {};
  if (!isJsonObject(parameters)) throw Fault.ofField('parameters', 'expected an object.');
  const { model = parameters.model, prompt = parameters.prompt } = body;
  return { ...body, ...parameters, model, prompt };
}

function referencesIn(body: ImagesBody): ReferenceSource[] {
  const references = referenceNames.flatMap((name) => referencesOf(body[name], name));
  const surplus = references[mostReferences];
  if (surplus === undefined) return references;
  throw Fault.ofField(surplus.field, `this API takes at most ${mostReferences} references.`);
}

function sizeOf(body: ImagesBody): SizeChoice {
  const { aspect_ratio: aspectRatio, width, height, size } = body;
  if (width !== null || height !== null) {
    return { kind: 'pixels', width: width ?? defaultSize.width, height: height ?? defaultSize.height };
  }
  if (size !== 'auto') return sized(size);
  if (aspectRatio !== null) return { kind: 'aspect', aspectRatio, megapixels: 1 };
  return { kind: 'match-reference', megapixels: null, otherwise: defaultSize };
}

/** A size out of the limits is the fault of the field that the caller sent. */
function sized(size: string): SizeChoice {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const choice: SizeChoice = { kind: 'pixels', width, height };
  try {
    resolveSize(choice, []);
    return choice;
  } catch {
    throw Fault.ofField('size', 'expected a width and a height from 64 to 4096 pixels, 4 megapixels at most together.');
  }
}

/** Kotlin's SDK sends a size and an aspect ratio together where its caller gave both. */
function notesOn({ aspect_ratio: aspectRatio, width, height, size }: ImagesBody): string[] {
  const hasSize = width !== null || height !== null || size !== 'auto';
  return hasSize && aspectRatio !== null ? ['The size in pixels was used, and aspect_ratio was not.'] : [];
}
