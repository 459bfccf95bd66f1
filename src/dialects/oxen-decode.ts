import { readPrompt } from '../core/canonicalise';
import type { WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isKnownModel, limits, modelId } from '../core/image-request';
import type { Order } from '../core/order';
import { parse } from '../core/parse';
import { parseAspectRatio, type SizeChoice, sizeOfAspect } from '../core/size';
import { referencesOf } from './fields';
import { editSchema, generateSchema, type OxenBody, queueSchema } from './oxen-schema';
import { qualityRange, withinRange } from './within-range';

export function decodeGenerate(wire: WireRequest): Order {
  const body = parse(generateSchema, jsonIn(wire));
  return orderOf(body, { count: countOf(body), mode: 'wait' });
}

export function decodeEdit(wire: WireRequest): Order {
  const body = parse(editSchema, jsonIn(wire));
  return orderOf(body, { count: countOf(body), mode: 'wait' });
}

export function decodeQueue(wire: WireRequest): Order {
  const body = parse(queueSchema, jsonIn(wire));
  return orderOf(body, { count: countOf(body), mode: 'async' });
}

/** `num_generations` is the queue's name for it, and `n` that of other APIs: every route takes either. */
const countOf = (body: { readonly n: number; readonly num_generations: number }) =>
  Math.max(body.n, body.num_generations);

const jsonIn = ({ body }: WireRequest): unknown => (body.kind === 'json' ? body.value : null);

function orderOf(body: OxenBody, { count, mode }: Pick<Order, 'count' | 'mode'>): Order {
  checkModel(body.model);
  const guidance = withinRange('guidance', body.guidance, limits.guidance);
  const quality = withinRange('output_quality', body.output_quality, qualityRange);
  return {
    picture: {
      prompt: readPrompt(body.prompt),
      references: referencesOf(body.input_image, 'input_image'),
      size: sizeOf(body),
      steps: body.num_inference_steps,
      guidance: guidance.value,
      seed: body.seed,
      promptUpsampling: body.prompt_upsampling,
      safetyTolerance: body.disable_safety_checker ? limits.safetyTolerance.max : body.safety_tolerance,
    },
    count,
    format: body.output_format === 'jpg' ? 'jpeg' : body.output_format,
    quality: quality.value,
    mode,
    waitSeconds: null,
    answersWith: 'picture',
    wantsBytes: mode === 'wait' && body.response_format === 'b64_json',
    webhook: null,
    notes: [...guidance.notes, ...quality.notes],
  };
}

function checkModel(name: string | null): void {
  if (name === null || isKnownModel(name)) return;
  throw new Fault('model_not_found', `Model not found: ${name.slice(0, 100)}`, {
    issues: [{ path: ['model'], message: `expected ${modelId}.` }],
  });
}

const megapixels = { '0.5 MP': 0.5, '1 MP': 1, '2 MP': 2 } as const;

function sizeOf({ aspect_ratio: aspectRatio, resolution, input_image: pictures }: OxenBody): SizeChoice {
  const area = megapixels[resolution];
  if (aspectRatio !== 'match_input_image') return { kind: 'aspect', aspectRatio, megapixels: area };
  if (pictures.length === 0) throw Fault.ofField('aspect_ratio', 'match_input_image needs an input_image to match.');
  return { kind: 'match-reference', megapixels: area, otherwise: sizeOfAspect(parseAspectRatio('1:1'), area) };
}
