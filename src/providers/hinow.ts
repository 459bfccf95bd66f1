import type { Capability } from '../core/capability';
import { type ImageRequest, limits, promptText } from '../core/image-request';
import type { ProviderContext, ProviderEntry, ProviderSettings, Submission } from '../core/provider';
import { renderSize } from '../core/size';
import { atOnceProvider } from './at-once-provider';
import { atOnceReader } from './at-once-reader';
import { hinowShape } from './hinow-answer';
import { buy } from './purchase';
import { syncTimeoutMs } from './vendor-call';

const { title } = hinowShape;

/**
 * Its page lists aspect ratios, steps, guidance and the format. Width, height and seed are those of its own SDK
 * (hinow-ai/sdk-kotlin), and which sizes it takes is not said: the model's are assumed. Prompts are enhanced "by default"
 * with no field to say otherwise, safety has no field and is taken to be BFL's default, and references have none either.
 */
const capability: Capability = {
  steps: { kind: 'choices', values: [25, 30, 40, 50] },
  guidance: { kind: 'choices', values: [2, 3.5, 5, 7.5, 10] },
  safetyTolerance: { kind: 'fixed', value: 2 },
  promptUpsampling: 'always',
  takesSeed: true,
  sizes: { kind: 'pixels', minEdge: limits.edgePixels.min, maxEdge: limits.edgePixels.max, maxArea: limits.areaPixels },
  references: 0,
  promptCharacters: limits.promptCharacters,
  delivers: 'at once',
  concurrency: null,
  price: { kind: 'flat', pictureMicros: 50_000 },
};

/** Buys from hinow.ai: the picture comes with the answer to the purchase. */
export const hinowEntry: ProviderEntry = {
  ...{ id: 'hinow', title, capability },
  prefix: 'HINOW',
  defaultBaseUrl: 'https://api.hinow.ai',
  documentation: 'https://hinow.ai/models/black-forest-labs/flux-2-flex',
  create: atOnceProvider({ id: 'hinow', title, capability }, submit),
};

function submit(request: ImageRequest, context: ProviderContext, settings: ProviderSettings): Promise<Submission> {
  return buy(context, settings, {
    call: {
      method: 'POST',
      url: `${settings.baseUrl}/v1/images`,
      headers: { authorization: `Bearer ${settings.apiKey}` },
      body: bodyOf(request),
      timeoutMs: syncTimeoutMs,
    },
    reader: atOnceReader(hinowShape),
  });
}

/** The values of its lists go as the texts that its page shows: "25" and "2.0". */
function bodyOf(request: ImageRequest) {
  const { width, height } = renderSize(request);
  return {
    model: 'black-forest-labs/flux-2-flex',
    prompt: promptText(request.prompt),
    parameters: {
      n: 1,
      width,
      height,
      num_inference_steps: String(request.steps),
      guidance_scale: request.guidance.toFixed(1),
      seed: request.seed,
      output_format: 'png',
    },
  };
}
