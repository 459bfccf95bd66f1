import * as z from 'zod';
import type { Capability } from '../core/capability';
import { type ImageRequest, limits, promptText } from '../core/image-request';
import { isJsonObject } from '../core/json';
import type { Provider, ProviderContext, ProviderEntry, ProviderSettings, Submission, Ticket } from '../core/provider';
import { renderSize } from '../core/size';
import { vendorMessage } from './bfl-answer';
import { referenceUrls } from './fal-references';
import { taskUrl } from './fal-task-url';
import { buy } from './purchase';
import { acceptedPrediction, isStopped, predictionProgress } from './replicate-prediction';
import { acceptTimeoutMs, callVendor, downloadPicture, pollTimeoutMs, type VendorAnswer } from './vendor-call';

/**
 * The model's input schema at https://replicate.com/black-forest-labs/flux-2-flex/api/schema. Its price is billed by the
 * started megapixel, of each picture by itself.
 */
const capability: Capability = {
  steps: { kind: 'range', ...limits.steps },
  guidance: { kind: 'range', ...limits.guidance },
  safetyTolerance: { kind: 'range', min: 1, max: 5 },
  promptUpsampling: 'settable',
  takesSeed: true,
  sizes: { kind: 'pixels', minEdge: 256, maxEdge: 2048, maxArea: limits.areaPixels },
  references: 10,
  promptCharacters: limits.promptCharacters,
  delivers: 'later',
  concurrency: null,
  price: {
    kind: 'megapixel',
    firstOutputMicros: 60_000,
    furtherOutputMicros: 60_000,
    inputMicros: 60_000,
    isRoundedUp: true,
  },
};

/** Buys from Replicate, which runs the model as one of its official ones. */
export const replicateEntry: ProviderEntry = {
  id: 'replicate',
  title: 'Replicate',
  prefix: 'REPLICATE',
  defaultBaseUrl: 'https://api.replicate.com',
  documentation: 'https://replicate.com/black-forest-labs/flux-2-flex/api',
  capability,
  create: replicateProvider,
};

const { id, title } = replicateEntry;
const submitPath = '/v1/models/black-forest-labs/flux-2-flex/predictions';
/** The model's page: "ten reference photos (14 MB total)". */
const largestReferencesBytes = 14_000_000;

const ticketSchema = z.object({ id: z.string(), pollUrl: z.string().nullable(), acceptedAt: z.number() });
type PredictionTicket = z.infer<typeof ticketSchema>;
const outputSchema = z.object({ url: z.string() });

function replicateProvider(settings: ProviderSettings): Provider {
  return {
    ...{ id, title, capability, isSandbox: false },
    submit: (request, context) => submit(request, context, settings),
    check: async (ticket, context) => check(ticket, context, settings),
    collect: async (output, _request, context) => downloadPicture(context, settings, outputSchema.parse(output).url),
    cancel: async (ticket, context) => cancel(ticket, context, settings),
  };
}

/** Without `Prefer: wait`, the answer comes at once. */
async function submit(
  request: ImageRequest,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Submission> {
  const images = await referenceUrls(request, context, { title, largestBytes: largestReferencesBytes });
  if (images.kind === 'refused') return images.submission;
  return buy(context, settings, {
    call: {
      method: 'POST',
      url: settings.baseUrl + submitPath,
      headers: bearer(settings),
      body: { input: inputOf(request, images.urls) },
      timeoutMs: acceptTimeoutMs,
    },
    reader: { title, accepted: (answer) => accepted(answer, context.now()), message: problemOf },
  });
}

/** Every parameter but two that are not used: `resolution` with a custom size, `output_quality` with PNG. */
function inputOf(request: ImageRequest, inputImages: readonly string[]) {
  const { width, height } = renderSize(request);
  return {
    prompt: promptText(request.prompt),
    input_images: inputImages,
    aspect_ratio: 'custom',
    width,
    height,
    steps: request.steps,
    guidance: request.guidance,
    seed: request.seed,
    safety_tolerance: request.safetyTolerance,
    prompt_upsampling: request.promptUpsampling,
    output_format: 'png',
  };
}

function accepted(answer: VendorAnswer, now: number): Submission | null {
  const prediction = acceptedPrediction(answer);
  if (prediction === null) return null;
  const ticket: PredictionTicket = { ...prediction, acceptedAt: now };
  return { kind: 'accepted', ticket, charge: null, pollAfterMs: null };
}

/** The words of a problem in Replicate's own shape, of which `detail` is always there. */
function problemOf(json: unknown): string | null {
  return isJsonObject(json) && typeof json.detail === 'string' ? vendorMessage(json) : null;
}

async function check(given: Ticket, context: ProviderContext, settings: ProviderSettings) {
  const ticket = ticketSchema.parse(given);
  const url = taskUrl(ticket.pollUrl, settings, predictionPath(ticket));
  const call = { method: 'GET', url, headers: bearer(settings), timeoutMs: pollTimeoutMs } as const;
  const answer = await callVendor(context, settings, call);
  return predictionProgress(answer, { ticket, title, now: context.now() });
}

async function cancel(given: Ticket, context: ProviderContext, settings: ProviderSettings): Promise<boolean> {
  const ticket = ticketSchema.parse(given);
  const url = `${settings.baseUrl}${predictionPath(ticket)}/cancel`;
  const call = { method: 'POST', url, headers: bearer(settings), timeoutMs: pollTimeoutMs } as const;
  return isStopped(await callVendor(context, settings, call), ticket.id);
}

const predictionPath = (ticket: PredictionTicket) => `/v1/predictions/${encodeURIComponent(ticket.id)}`;
const bearer = ({ apiKey }: ProviderSettings) => ({ authorization: `Bearer ${apiKey}` });
