import type { Capability } from '../core/capability';
import { type ImageRequest, limits, promptText } from '../core/image-request';
import type { ProviderContext, ProviderEntry, ProviderSettings, Submission } from '../core/provider';
import { renderSize } from '../core/size';
import { acceptedPicture, errorMessage, refusalOf, withheldIn } from './aigateway-answer';
import { atOnceProvider } from './at-once-provider';
import { buy } from './purchase';
import { referenceUrls } from './reference-urls';
import { syncTimeoutMs } from './vendor-call';

const title = 'AIgateway';

/**
 * Its page documents prompt, n, size and response_format. That it passes the model's other parameters on as they are is
 * assumed and not confirmed; nothing in its answer would tell. It takes one reference, as `image_url` of an edit. Its
 * page names no price ("$0.0000"); it passes Cloudflare's on, whose catalogue has the same model.
 */
const capability: Capability = {
  steps: { kind: 'range', ...limits.steps },
  guidance: { kind: 'range', ...limits.guidance },
  safetyTolerance: { kind: 'range', ...limits.safetyTolerance },
  promptUpsampling: 'settable',
  takesSeed: true,
  sizes: { kind: 'pixels', minEdge: limits.edgePixels.min, maxEdge: limits.edgePixels.max, maxArea: limits.areaPixels },
  references: 1,
  promptCharacters: limits.promptCharacters,
  delivers: 'at once',
  concurrency: null,
  price: {
    kind: 'megapixel',
    firstOutputMicros: 50_000,
    furtherOutputMicros: 50_000,
    inputMicros: 50_000,
    isRoundedUp: false,
  },
};

/** Buys from AIgateway: the picture comes with the answer to the purchase. */
export const aigatewayEntry: ProviderEntry = {
  ...{ id: 'aigateway', title, capability },
  prefix: 'AIGATEWAY',
  defaultBaseUrl: 'https://api.aigateway.sh/v1',
  documentation: 'https://github.com/aigateway-sh/openapi',
  create: atOnceProvider({ id: 'aigateway', title, capability }, submit),
};

/** It refuses bodies beyond 25 MB, and base64 makes four bytes of three. */
const largestReferenceBytes = 18 * 1024 * 1024;

async function submit(
  request: ImageRequest,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Submission> {
  const references = await referenceUrls(request, context, { title, largestBytes: largestReferenceBytes });
  if (references.kind === 'refused') return references;
  const [imageUrl] = references.urls;
  return buy(context, settings, {
    call: {
      method: 'POST',
      url: `${settings.baseUrl}/images/${imageUrl === undefined ? 'generations' : 'edits'}`,
      headers: { authorization: `Bearer ${settings.apiKey}` },
      body: { ...bodyOf(request), ...(imageUrl === undefined ? {} : { image_url: imageUrl }) },
      timeoutMs: syncTimeoutMs,
    },
    reader: {
      title,
      accepted: (answer) => acceptedPicture(answer, title),
      otherwise: withheldIn,
      refusal: refusalOf,
      message: errorMessage,
    },
  });
}

function bodyOf(request: ImageRequest) {
  const { width, height } = renderSize(request);
  return {
    model: 'black-forest-labs/flux-2-flex',
    prompt: promptText(request.prompt),
    n: 1,
    size: `${width}x${height}`,
    response_format: 'url',
    steps: request.steps,
    guidance: request.guidance,
    seed: request.seed,
    prompt_upsampling: request.promptUpsampling,
    safety_tolerance: request.safetyTolerance,
    output_format: 'png',
  };
}
