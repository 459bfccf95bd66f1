import { z } from 'zod';
import type { Capability } from '../core/capability';
import { type ImageRequest, limits } from '../core/image-request';
import type {
  Provider,
  ProviderContext,
  ProviderEntry,
  ProviderSettings,
  Submission,
  Ticket,
} from '../core/provider';
import { acceptedTask, refusalOf, vendorMessage } from './bfl-answer';
import { bflBody } from './bfl-body';
import { progressOf } from './bfl-progress';
import { buy, refused, type SubmitReader } from './purchase';
import { acceptTimeoutMs, callVendor, downloadPicture, pollTimeoutMs, type VendorAnswer } from './vendor-call';

/** Black Forest Labs, who make the model. Everybody else resells it. */
const about = { id: 'bfl', title: 'Black Forest Labs' } as const;

/** What Flux2FlexInputs takes; its price by https://docs.bfl.ai/quick_start/pricing. */
const capability: Capability = {
  steps: { kind: 'range', ...limits.steps },
  guidance: { kind: 'range', ...limits.guidance },
  safetyTolerance: { kind: 'range', ...limits.safetyTolerance },
  promptUpsampling: 'settable',
  takesSeed: true,
  sizes: { kind: 'pixels', minEdge: limits.edgePixels.min, maxEdge: limits.edgePixels.max, maxArea: limits.areaPixels },
  references: 8,
  promptCharacters: limits.promptCharacters,
  delivers: 'later',
  concurrency: 24,
  price: {
    kind: 'megapixel',
    firstOutputMicros: 50_000,
    furtherOutputMicros: 50_000,
    inputMicros: 50_000,
    isRoundedUp: false,
  },
};

/** Buys from BFL's own API: global, or a regional host by its base URL. It reports its charge when it accepts. */
export const bflEntry: ProviderEntry = {
  ...about,
  prefix: 'BFL',
  defaultBaseUrl: 'https://api.bfl.ai',
  documentation: 'https://docs.bfl.ai/quick_start/generating_images',
  capability,
  create: (settings): Provider => ({
    ...about,
    isSandbox: false,
    capability,
    submit: (request, context) => submit(request, context, settings),
    check: async (ticket, context) => check(ticketSchema.parse(ticket), context, settings),
    collect: (output, _request, context) => downloadPicture(context, settings, outputSchema.parse(output).url),
    // https://api.bfl.ai/openapi.json has no such call.
    cancel: null,
  }),
};

const ticketSchema = z.object({ id: z.string(), pollingUrl: z.string().nullable(), acceptedAt: z.number() });
const outputSchema = z.object({ url: z.string() });

async function submit(
  request: ImageRequest,
  context: ProviderContext,
  settings: ProviderSettings,
): Promise<Submission> {
  const built = await bflBody(request, context);
  if (built.kind === 'refused') return refused(about, built.reason, built.message);
  return buy(context, settings, {
    call: {
      method: 'POST',
      url: `${settings.baseUrl}/v1/flux-2-flex`,
      headers: { 'x-key': settings.apiKey },
      body: built.body,
      timeoutMs: acceptTimeoutMs,
    },
    reader: readerAt(context.now()),
  });
}

function readerAt(now: number): SubmitReader {
  return {
    title: about.title,
    accepted: (answer) => accepted(answer, now),
    refusal: refusalOf,
    message: vendorMessage,
  };
}
