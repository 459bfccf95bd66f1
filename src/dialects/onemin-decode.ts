import { readPrompt } from '../core/canonicalise';
import type { WireFile, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { limits } from '../core/image-request';
import type { Order, ReferenceSource } from '../core/order';
import { parse } from '../core/parse';
import type { SizeChoice } from '../core/size';
import { referenceOf } from './fields';
import { refuseUnknownModel } from './known-model';
import { type Feature, featureSchema } from './onemin-schema';
import { uploadedFile } from './uploaded-file';
import { qualityRange, withinRange } from './within-range';

const square = { width: 1024, height: 1024 };

export function decodeFeature(wire: WireRequest): Order {
  const body = parse(featureSchema, wire.body.kind === 'json' ? wire.body.value : null);
  refuseUnknownModel(body.model);
  const { promptObject } = body;
  const safety = withinRange('safety_tolerance', promptObject.safety_tolerance, limits.safetyTolerance);
  const quality = withinRange('output_quality', promptObject.output_quality, qualityRange);
  return {
    picture: {
      prompt: readPrompt(promptObject.prompt, ['promptObject', 'prompt']),
      references: referencesIn(body, wire.origin),
      size: sizeOf(promptObject.aspect_ratio),
      steps: promptObject.steps,
      guidance: promptObject.guidance,
      seed: promptObject.seed,
      promptUpsampling: promptObject.prompt_upsampling,
      safetyTolerance: safety.value,
    },
    count: promptObject.n,
    format: promptObject.output_format === 'jpg' ? 'jpeg' : 'png',
    quality: quality.value,
    mode: body.async ? 'async' : 'wait',
    waitSeconds: null,
    answersWith: 'picture',
    wantsBytes: false,
    webhook: null,
    notes: [...safety.notes, ...quality.notes],
  };
}

/** The file of an upload: the form's one field. */
export function decodeAsset(wire: WireRequest): { file: WireFile; ticket: null; field: string } {
  return { file: uploadedFile(wire, 'asset'), ticket: null, field: 'asset' };
}

function sizeOf(aspectRatio: Feature['promptObject']['aspect_ratio']): SizeChoice {
  if (aspectRatio !== 'match_input_image') return { kind: 'aspect', aspectRatio, megapixels: 1 };
  return { kind: 'match-reference', megapixels: null, otherwise: square };
}

function referencesIn(body: Feature, origin: string): ReferenceSource[] {
  const field = ['promptObject', 'imageUrl'];
  if (body.type === 'IMAGE_EDITOR') {
    const urls = body.promptObject.imageUrl;
    return urls.map((url, index) => assetOf(url, origin, urls.length === 1 ? field : [...field, index]));
  }
  const { imageUrl } = body.promptObject;
  if (imageUrl === undefined || imageUrl === null || imageUrl === '') return [];
  throw Fault.ofField(field, 'IMAGE_GENERATOR takes no picture; send it with the type IMAGE_EDITOR.');
}

/** Paths that we answered: of an asset, or of a result. They are our own URLs without the origin. */
const ownPath = /^\/?((?:uploads|images|temporary)\/[\w.-]+(?:\?[\w.=&-]*)?)$/;

function assetOf(text: string, origin: string, field: ReferenceSource['field']): ReferenceSource {
  const path = ownPath.exec(text)?.[1];
  if (path !== undefined) return { kind: 'url', url: `${origin}/${path}`, field };
  // Base64 has no dot and a URL has a colon: what is left is a path of somebody else's.
  if (text.includes(':') || !text.includes('.')) return referenceOf(text, field);
  throw Fault.ofField(field, 'expected a URL, or the path of an asset that was uploaded here by POST /api/assets.');
}
