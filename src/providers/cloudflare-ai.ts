import type { Capability } from '../core/capability';
import { type ImageRequest, limits, promptText } from '../core/image-request';
import type { ProviderContext, ProviderEntry, ProviderSettings, Submission } from '../core/provider';
import { renderSize } from '../core/size';
import { atOnceProvider } from './at-once-provider';
import { acceptedRun, errorMessage, otherwiseEnded, refusalOf } from './cloudflare-ai-answer';
import { runBinding } from './cloudflare-ai-binding';
import { buy, refused, timeToBuyMs } from './purchase';
import { referenceUrls } from './reference-urls';
import { syncTimeoutMs } from './vendor-call';

const title = 'Cloudflare AI';
const model = 'black-forest-labs/flux-2-flex';

/** https://developers.cloudflare.com/ai/models/black-forest-labs/flux-2-flex */
const capability: Capability = {
  steps: { kind: 'range', ...limits.steps },
  guidance: { kind: 'range', ...limits.guidance },
  safetyTolerance: { kind: 'range', ...limits.safetyTolerance },
  promptUpsampling: 'settable',
  takesSeed: true,
  sizes: { kind: 'pixels', minEdge: limits.edgePixels.min, maxEdge: limits.edgePixels.max, maxArea: limits.areaPixels },
  references: 8,
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

/** Buys from Cloudflare's catalogue: by its REST API with a token, or without one by the deployment's AI binding. */
export const cloudflareAiEntry: ProviderEntry = {
  ...{ id: 'cloudflare-ai', title, capability },
  prefix: 'CLOUDFLARE',
  defaultBaseUrl: 'https://api.cloudflare.com',
  documentation: 'https://developers.cloudflare.com/ai/models/black-forest-labs/flux-2-flex',
  takesAiBinding: true,
  create: atOnceProvider({ id: 'cloudflare-ai', title, capability }, submit),
};

/** As data URLs in JSON they are held some four times over, and an isolate has 128 MB. */
const largestReferencesBytes = 24 * 1024 * 1024;

async function submit(
  request: ImageRequest,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Submission> {
  const references = await referenceUrls(request, context, { title, largestBytes: largestReferencesBytes });
  if (references.kind === 'refused') return references;
  const input = inputOf(request, references.urls);
  if (settings.apiKey === '' && settings.ai !== null) {
    const timeoutMs = timeToBuyMs(context, syncTimeoutMs);
    return runBinding(settings.ai, { title, model, input, timeoutMs });
  }
  const { accountId, token } = credentialsOf(settings);
  if (accountId === null) return withoutAccount;
  return buy(
    context,
    { ...settings, apiKey: token },
    {
      call: {
        method: 'POST',
        url: `${settings.baseUrl}/client/v4/accounts/${encodeURIComponent(accountId)}/ai/run`,
        headers: { authorization: `Bearer ${token}` },
        body: { model, input },
        timeoutMs: syncTimeoutMs,
      },
      reader: {
        title,
        accepted: (answer) => acceptedRun(answer.json, title),
        otherwise: ({ json }) => otherwiseEnded(json, title),
        refusal: ({ json }) => refusalOf(json),
        message: errorMessage,
      },
    },
  );
}

const withoutAccount: Submission = {
  ...refused({ title }, 'credentials', null),
  note: 'CLOUDFLARE_ACCOUNT_ID is not set: a token is of use only together with the id of its account.',
};

/** A token may carry its account in front, as a caller's own does: `<account id>:<token>`. */
function credentialsOf({ apiKey, accountId }: ProviderSettings) {
  const [, ownAccount = accountId, token = apiKey] = /^([0-9a-f]{32}):(.+)$/.exec(apiKey) ?? [];
  return { accountId: ownAccount, token };
}

function inputOf(request: ImageRequest, references: readonly string[]) {
  return {
    prompt: promptText(request.prompt),
    prompt_upsampling: request.promptUpsampling,
    ...renderSize(request),
    steps: request.steps,
    guidance: request.guidance,
    seed: request.seed,
    safety_tolerance: request.safetyTolerance,
    output_format: 'png',
    ...(references.length === 0 ? {} : { input_images: references }),
  };
}
