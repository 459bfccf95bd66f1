import type { Capability } from '../core/capability';
import { type ImageRequest, limits, promptText } from '../core/image-request';
import type { ProviderContext, ProviderEntry, ProviderSettings, Submission } from '../core/provider';
import { atOnceProvider } from './at-once-provider';
import { atOnceReader } from './at-once-reader';
import { namedSize } from './named-size';
import { oxenShape } from './oxen-answer';
import { buy, refused } from './purchase';
import { referenceUrls } from './reference-urls';
import { syncTimeoutMs } from './vendor-call';

const { title } = oxenShape;

/**
 * Its page has no pixels, only aspect ratios and megapixels. What most of them come to is a guess (1:1 at 2 MP may be
 * 1440 or 1448 wide), and a picture of another size than was ordered is refused after it was paid for.
 */
const certainSizes = [{ width: 1024, height: 1024, aspectRatio: '1:1', resolution: '1 MP' }];

/**
 * Whether it enhances prompts is not said; the model's default, yes, is assumed. Safety has a switch but no scale: on, it
 * is taken to be BFL's default. Its price is not published either: BFL's for a megapixel is assumed.
 */
const capability: Capability = {
  steps: { kind: 'range', min: 1, max: 50 },
  guidance: { kind: 'range', min: 0, max: 10 },
  safetyTolerance: { kind: 'fixed', value: 2 },
  promptUpsampling: 'always',
  takesSeed: true,
  sizes: { kind: 'aspects', sizes: certainSizes, isApproximate: true },
  references: 10,
  promptCharacters: limits.promptCharacters,
  delivers: 'at once',
  concurrency: null,
  price: { kind: 'flat', pictureMicros: 50_000 },
};

/** Buys from Oxen.ai: the picture comes with the answer to the purchase. */
export const oxenEntry: ProviderEntry = {
  ...{ id: 'oxen', title, capability },
  prefix: 'OXEN',
  defaultBaseUrl: 'https://hub.oxen.ai',
  documentation: 'https://docs.oxen.ai/inference-api/reference/models/flux-2-flex',
  create: atOnceProvider({ id: 'oxen', title, capability }, submit),
};

/** Encoded and written as JSON they are held some four times over, and an isolate has 128 MB. */
const largestReferencesBytes = 24 * 1024 * 1024;

async function submit(
  request: ImageRequest,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Submission> {
  const size = namedSize(certainSizes, request);
  if (size === null) return refused({ title }, 'invalid', 'it does not make pictures of this size');
  const references = await referenceUrls(request, context, { title, largestBytes: largestReferencesBytes });
  if (references.kind === 'refused') return references;
  const { urls } = references;
  return buy(context, settings, {
    call: {
      method: 'POST',
      url: `${settings.baseUrl}/api/ai/images/${urls.length === 0 ? 'generate' : 'edit'}`,
      headers: { authorization: `Bearer ${settings.apiKey}` },
      body: {
        ...bodyOf(request),
        ...{ aspect_ratio: size.aspectRatio, resolution: size.resolution },
        ...(urls.length === 0 ? {} : { input_image: urls }),
      },
      timeoutMs: syncTimeoutMs,
    },
    reader: atOnceReader(oxenShape),
  });
}

/** The picture is asked for by its URL: one that came in the answer itself would be lost if we were interrupted. */
function bodyOf(request: ImageRequest) {
  return {
    model: 'flux-2-flex',
    prompt: promptText(request.prompt),
    num_inference_steps: request.steps,
    guidance: request.guidance,
    seed: request.seed,
    output_format: 'png',
    output_quality: 100,
    disable_safety_checker: false,
    response_format: 'url',
  };
}
