import * as z from 'zod';
import type { Capability } from '../core/capability';
import { type ImageRequest, limits } from '../core/image-request';
import { isJsonObject } from '../core/json';
import type { Provider, ProviderContext, ProviderEntry, ProviderSettings, Submission, Ticket } from '../core/provider';
import { acceptedRequest, falInput, falMessage, falRefusal } from './fal-purchase';
import { largestReferencesBytes, referenceUrls } from './fal-references';
import { type FalAnswers, falProgress, isCompleted, wasCancelled } from './fal-result';
import { taskUrl } from './fal-task-url';
import { buy } from './purchase';
import {
  acceptTimeoutMs,
  callVendor,
  downloadPicture,
  pollTimeoutMs,
  type VendorAnswer,
  type VendorCall,
} from './vendor-call';

/**
 * What https://fal.ai/models/fal-ai/flux-2-flex/api takes. It names no bounds of a size; these are within all that are
 * known, since a picture of another size than the one ordered would be paid and of no use. Requests beyond an account's
 * concurrency wait in fal's queue: https://fal.ai/docs/documentation/model-apis/concurrency-limits
 */
const capability: Capability = {
  steps: { kind: 'range', min: 2, max: 50 },
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
    firstOutputMicros: 50_000,
    furtherOutputMicros: 50_000,
    inputMicros: 50_000,
    isRoundedUp: true,
  },
};

/** Buys from fal, by its queue. */
export const falEntry: ProviderEntry = {
  id: 'fal',
  title: 'fal',
  prefix: 'FAL',
  defaultBaseUrl: 'https://queue.fal.run',
  documentation: 'https://fal.ai/models/fal-ai/flux-2-flex/api',
  capability,
  create: falProvider,
};

const { id, title } = falEntry;
const modelPath = '/fal-ai/flux-2-flex';

const ticketSchema = z.object({
  id: z.string(),
  statusUrl: z.string().nullable(),
  resultUrl: z.string().nullable(),
  cancelUrl: z.string().nullable(),
  acceptedAt: z.number(),
});
type FalTicket = z.infer<typeof ticketSchema>;
const outputSchema = z.object({ url: z.string() });

function falProvider(settings: ProviderSettings): Provider {
  return {
    ...{ id, title, capability, isSandbox: false },
    submit: (request, context) => submit(request, context, settings),
    check: async (ticket, context) => check(ticketSchema.parse(ticket), context, settings),
    collect: async (output, _request, context) => downloadPicture(context, settings, outputSchema.parse(output).url),
    cancel: async (ticket: Ticket, context) => cancel(ticketSchema.parse(ticket), context, settings),
  };
}

async function submit(
  request: ImageRequest,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Submission> {
  const images = await referenceUrls(request, context, { title, largestBytes: largestReferencesBytes });
  if (images.kind === 'refused') return images.submission;
  const path = images.urls.length === 0 ? modelPath : `${modelPath}/edit`;
  return buy(context, settings, {
    call: {
      ...callTo(settings, 'POST', settings.baseUrl + path),
      body: falInput(request, images.urls),
      timeoutMs: acceptTimeoutMs,
    },
    reader: {
      title,
      accepted: (answer) => accepted(answer, context.now()),
      refusal: falRefusal,
      message: falMessage,
    },
  });
}

function accepted(answer: VendorAnswer, now: number): Submission | null {
  const request = acceptedRequest(answer);
  if (request === null) return null;
  const ticket: FalTicket = { ...request, acceptedAt: now };
  return { kind: 'accepted', ticket, charge: null, pollAfterMs: null };
}

async function check(ticket: FalTicket, context: ProviderContext, settings: ProviderSettings) {
  const answers = await ask(ticket, context, settings);
  return falProgress(answers, { ticket, title, now: context.now() });
}

/** Only a request that was still in the queue is surely stopped; one that runs may be finished, and charged. */
async function cancel(ticket: FalTicket, context: ProviderContext, settings: ProviderSettings): Promise<boolean> {
  const url = taskUrl(ticket.cancelUrl, settings, `${requestPath(ticket)}/cancel`);
  const { status, json } = await callVendor(context, settings, callTo(settings, 'PUT', url));
  if (status < 200 || status >= 300) return false;
  if (isJsonObject(json) && json.status === 'OK') return true;
  return wasCancelled(await ask(ticket, context, settings));
}

async function ask(ticket: FalTicket, context: ProviderContext, settings: ProviderSettings): Promise<FalAnswers> {
  const statusUrl = taskUrl(ticket.statusUrl, settings, `${requestPath(ticket)}/status`);
  const status = await callVendor(context, settings, callTo(settings, 'GET', statusUrl));
  if (!isCompleted(status)) return { status, result: null };
  const resultUrl = taskUrl(ticket.resultUrl, settings, requestPath(ticket));
  return { status, result: await callVendor(context, settings, callTo(settings, 'GET', resultUrl)) };
}

function callTo({ apiKey }: ProviderSettings, method: VendorCall['method'], url: string): VendorCall {
  return { method, url, headers: { authorization: `Key ${apiKey}` }, timeoutMs: pollTimeoutMs };
}

/** Without the `/edit` of a submit. */
const requestPath = (ticket: FalTicket) => `${modelPath}/requests/${encodeURIComponent(ticket.id)}`;
