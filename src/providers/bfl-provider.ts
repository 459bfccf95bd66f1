import * as z from 'zod';
import type { ImageRequest } from '../core/image-request';
import type {
  Progress,
  Provider,
  ProviderContext,
  ProviderSettings,
  RefusalReason,
  Submission,
} from '../core/provider';
import { acceptedTask, refusalOf, vendorMessage } from './bfl-answer';
import { bflBody } from './bfl-body';
import { progressOf } from './bfl-progress';
import { buy, refused } from './purchase';
import { acceptTimeoutMs, callVendor, downloadPicture, pollTimeoutMs, type VendorAnswer } from './vendor-call';

/** What the APIs that speak as BFL does have of their own. */
export interface BflVariant extends Pick<Provider, 'id' | 'title' | 'capability'> {
  /** Below the base URL. */
  readonly submitPath: string;
  headers(settings: ProviderSettings): Readonly<Record<string, string>>;
  /** Where a task is asked about. */
  poll(
    task: BflTicket,
    settings: ProviderSettings,
  ): { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** Refusals that only this vendor words so. */
  refusal?(answer: VendorAnswer): RefusalReason | null;
}

/** Our handle on an accepted task. */
export type BflTicket = z.infer<typeof ticketSchema>;

/** A provider that submits a task as BFL's API takes it and polls for its result. */
export function bflProvider(variant: BflVariant, settings: ProviderSettings): Provider {
  const { id, title, capability } = variant;
  return {
    ...{ id, title, capability, isSandbox: false },
    submit: (request, context) => submit(variant, settings, { request, context }),
    check: async (ticket, context) => check(variant, settings, { ticket: ticketSchema.parse(ticket), context }),
    collect: async (output, _request, context) => downloadPicture(context, settings, outputSchema.parse(output).url),
    // https://api.bfl.ai/openapi.json has no such call.
    cancel: null,
  };
}

const ticketSchema = z.object({ id: z.string(), pollingUrl: z.string().nullable(), acceptedAt: z.number() });
const outputSchema = z.object({ url: z.string() });

async function submit(
  variant: BflVariant,
  settings: ProviderSettings,
  { request, context }: { request: ImageRequest; context: ProviderContext },
): Promise<Submission> {
  const built = await bflBody(request, context);
  if (built.kind === 'unreadable') return refused(variant, 'unavailable', null);
  if (built.kind === 'too-large') return refused(variant, 'invalid', built.message);
  return buy(context, settings, {
    call: {
      method: 'POST',
      url: settings.baseUrl + variant.submitPath,
      headers: variant.headers(settings),
      body: built.body,
      timeoutMs: acceptTimeoutMs,
    },
    reader: {
      title: variant.title,
      accepted: (answer) => accepted(answer, variant, context.now()),
      refusal: (answer) => variant.refusal?.(answer) ?? refusalOf(answer),
      message: vendorMessage,
    },
  });
}

function accepted(answer: VendorAnswer, variant: BflVariant, now: number): Submission | null {
  const task = acceptedTask(answer);
  if (task !== null) {
    const ticket: BflTicket = { id: task.id, pollingUrl: task.pollingUrl, acceptedAt: now };
    return { kind: 'accepted', ticket, charge: task.charge, pollAfterMs: null };
  }
  return refusalOf(answer) === 'moderated' ? refused(variant, 'moderated', vendorMessage(answer.json)) : null;
}

async function check(
  variant: BflVariant,
  settings: ProviderSettings,
  { ticket, context }: { ticket: BflTicket; context: ProviderContext },
): Promise<Progress> {
  const target = variant.poll(ticket, settings);
  const answer = await callVendor(context, settings, { method: 'GET', ...target, timeoutMs: pollTimeoutMs });
  return progressOf(answer, { ticket, title: variant.title, now: context.now() });
}
