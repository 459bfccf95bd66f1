import type { Capability } from '../core/capability';
import { type ImageRequest, limits, promptText } from '../core/image-request';
import type { Provider, ProviderContext, ProviderEntry, ProviderSettings, Submission } from '../core/provider';
import { namedSize } from './named-size';
import { oneminShape, recordReader } from './onemin-answer';
import { uploadReference } from './onemin-asset';
import { checkRecord } from './onemin-progress';
import { buy, refused } from './purchase';
import { collectSold } from './sold-picture';
import { syncTimeoutMs } from './vendor-call';

const { title } = oneminShape;

/**
 * Its page has no pixels, only aspect ratios. What most of them come to is a guess, and a picture of another size than
 * was ordered is refused after it was paid for.
 */
const certainSizes = [{ width: 1024, height: 1024, aspectRatio: '1:1', resolution: null }];

/**
 * Its safety scale goes from 1 to 6, of which the model's own ends at 5. It bills in credits of its own, of which its
 * answers tell a balance that lags behind: BFL's price of a megapixel is assumed.
 */
const capability: Capability = {
  steps: { kind: 'range', min: 6, max: 50 },
  guidance: { kind: 'range', min: 2, max: 5 },
  safetyTolerance: { kind: 'range', min: 1, max: limits.safetyTolerance.max },
  promptUpsampling: 'settable',
  takesSeed: true,
  sizes: { kind: 'aspects', sizes: certainSizes, isApproximate: true },
  references: 1,
  promptCharacters: limits.promptCharacters,
  delivers: 'at once',
  concurrency: null,
  price: { kind: 'flat', pictureMicros: 50_000 },
};

/** Buys from 1min.ai: a reference is uploaded first, and the picture comes with the answer to the purchase. */
export const oneminEntry: ProviderEntry = {
  ...{ id: '1min', title, capability },
  prefix: 'ONEMIN',
  defaultBaseUrl: 'https://api.1min.ai',
  documentation: 'https://docs.1min.ai/docs/api/ai-for-image/image-generator/flux-2-flex-image-generation',
  create: oneminProvider,
};

function oneminProvider(settings: ProviderSettings): Provider {
  return {
    ...{ id: '1min', title, capability, isSandbox: false },
    submit: (request, context) => submit(request, context, settings),
    check: (ticket, context) => checkRecord(ticket, context, settings),
    collect: (output, _request, context) => collectSold(output, { title, settings, context }),
    cancel: null,
  };
}

async function submit(
  request: ImageRequest,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Submission> {
  const [reference, ...more] = request.references;
  if (more.length > 0) return refused({ title }, 'invalid', 'it takes one reference');
  const size = namedSize(certainSizes, request);
  if (size === null) return refused({ title }, 'invalid', 'it does not make pictures of this size');
  const asset = reference === undefined ? null : await uploadReference(reference, context, settings);
  if (asset?.kind === 'refused') return asset;
  return buy(context, settings, {
    call: {
      method: 'POST',
      url: `${settings.baseUrl}/api/features`,
      headers: { 'api-key': settings.apiKey },
      body: {
        type: asset === null ? 'IMAGE_GENERATOR' : 'IMAGE_EDITOR',
        model: 'black-forest-labs/flux-2-flex',
        promptObject: {
          ...promptObject(request, size.aspectRatio),
          ...(asset === null ? {} : { imageUrl: asset.path }),
        },
      },
      timeoutMs: syncTimeoutMs,
    },
    reader: recordReader,
  });
}

function promptObject(request: ImageRequest, aspectRatio: string) {
  return {
    prompt: promptText(request.prompt),
    aspect_ratio: aspectRatio,
    output_format: 'png',
    output_quality: 100,
    steps: request.steps,
    guidance: request.guidance,
    safety_tolerance: request.safetyTolerance,
    prompt_upsampling: request.promptUpsampling,
    seed: request.seed,
  };
}
