import { readPrompt } from '../core/canonicalise';
import type { WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import type { DeliveryMode, Order, ReferenceSource, WebhookOrder } from '../core/order';
import { parse } from '../core/parse';
import { resolveSize, type SizeChoice } from '../core/size';
import { type EditBody, editSchema, type GenerationBody, generationSchema, presets } from './fal-schema';
import { referenceOf } from './fields';

/** Whether the caller waits for the picture (fal.run) or is given a request to follow (queue.fal.run). */
type FalMode = Extract<DeliveryMode, 'wait' | 'async'>;

const permissive = 5;
const longestUrl = 2083;

/** Reads a request to `fal-ai/flux-2-flex`. */
export function decodeGeneration(wire: WireRequest, mode: FalMode): Order {
  const body = parse(generationSchema, jsonOf(wire));
  const dropsReferences = Array.isArray(body.image_urls) && body.image_urls.length > 0;
  const notes = dropsReferences ? ['image_urls was ignored: references are for fal-ai/flux-2-flex/edit'] : [];
  return orderOf(body, [], { wire, mode, notes });
}

/** Reads a request to `fal-ai/flux-2-flex/edit`. */
export function decodeEdit(wire: WireRequest, mode: FalMode): Order {
  const body = parse(editSchema, jsonOf(wire));
  const references = body.image_urls.map((value, index) => referenceOf(value, ['image_urls', index]));
  return orderOf(body, references, { wire, mode, notes: [] });
}

function orderOf(
  body: GenerationBody | EditBody,
  references: readonly ReferenceSource[],
  { wire, mode, notes }: { wire: WireRequest; mode: FalMode; notes: readonly string[] },
): Order {
  return {
    picture: {
      prompt: readPrompt(body.prompt),
      references,
      size: sizeOf(body.image_size),
      steps: body.num_inference_steps,
      guidance: body.guidance_scale,
      seed: body.seed,
      promptUpsampling: body.enable_prompt_expansion,
      safetyTolerance: body.enable_safety_checker ? body.safety_tolerance : permissive,
    },
    count: 1,
    format: body.output_format,
    quality: null,
    mode,
    waitSeconds: null,
    answersWith: mode === 'wait' ? 'picture' : 'task',
    wantsBytes: body.sync_mode,
    webhook: webhookOf(wire),
    notes: [...notes, ...(body.enable_safety_checker ? [] : ['enable_safety_checker false is safety_tolerance 5'])],
  };
}

function sizeOf(size: GenerationBody['image_size'] | EditBody['image_size']): SizeChoice {
  if (size === 'auto') return { kind: 'match-reference', megapixels: null, otherwise: presets.landscape_4_3 };
  const choice: SizeChoice = { kind: 'pixels', ...(typeof size === 'string' ? presets[size] : size) };
  try {
    resolveSize(choice, []);
    return choice;
  } catch {
    throw Fault.ofField('image_size', 'expected at most 4 megapixels, such as 2048 by 2048.');
  }
}

/** The URL to be told stands in the query, not in the body. */
function webhookOf({ query }: WireRequest): WebhookOrder | null {
  const url = query.get('fal_webhook') ?? '';
  const field = ['query', 'fal_webhook'];
  if (url.length > longestUrl) throw Fault.ofField(field, `expected an https URL of at most ${longestUrl} characters.`);
  return url === '' ? null : { url, field, secret: null, moments: ['end'] };
}

function jsonOf({ body }: WireRequest): unknown {
  return body.kind === 'json' ? body.value : null;
}
