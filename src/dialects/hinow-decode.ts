import { readPrompt } from '../core/canonicalise';
import type { WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isJsonObject } from '../core/json';
import type { Order, ReferenceSource } from '../core/order';
import { parse } from '../core/parse';
import type { SizeChoice } from '../core/size';
import { referencesOf } from './fields';
import { flatSchema, type ImagesBody, mostReferences, referenceNames } from './hinow-schema';
import { refuseUnknownModel } from './known-model';
import { eitherNumber } from './other-number';
import { pixelSize } from './pixel-size';

const defaultSize = { width: 1024, height: 1024 };

export function decodeImages(wire: WireRequest): Order {
  const sent = flatten(wire.body.kind === 'json' ? wire.body.value : null);
  const body = parse(flatSchema, sent);
  refuseUnknownModel(body.model);
  return {
    picture: {
      prompt: readPrompt(body.prompt),
      references: referencesIn(body),
      size: sizeOf(body),
      ...numbersIn(body, sent),
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

function numbersIn(body: ImagesBody, sent: unknown): { steps: number; guidance: number } {
  const { num_inference_steps: ownSteps, guidance_scale: ownGuidance, steps, guidance } = body;
  return {
    steps: eitherNumber(sent, { name: 'num_inference_steps', value: ownSteps }, { name: 'steps', value: steps }),
    guidance: eitherNumber(sent, { name: 'guidance_scale', value: ownGuidance }, { name: 'guidance', value: guidance }),
  };
}

function referencesIn(body: ImagesBody): ReferenceSource[] {
  const references = referenceNames.flatMap((name) => referencesOf(body[name], name));
  const surplus = references[mostReferences];
  if (surplus === undefined) return references;
  throw Fault.ofField(surplus.field, `this API takes at most ${mostReferences} references.`);
}

function sizeOf(body: ImagesBody): SizeChoice {
  const { aspect_ratio: aspectRatio } = body;
  const pixels = pixelSize(body);
  if (pixels !== null) return pixels;
  if (aspectRatio !== null) return { kind: 'aspect', aspectRatio, megapixels: 1 };
  return { kind: 'match-reference', megapixels: null, otherwise: defaultSize };
}

/** Kotlin's SDK sends a size and an aspect ratio together where its caller gave both. */
function notesOn({ aspect_ratio: aspectRatio, width, height, size }: ImagesBody): string[] {
  const hasSize = width !== null || height !== null || size !== 'auto';
  return hasSize && aspectRatio !== null ? ['The size in pixels was used, and aspect_ratio was not.'] : [];
}
