import * as z from 'zod';
import type { Capability } from '../../core/capability';
import type { FaultRecord } from '../../core/fault';
import { type ImageRequest, limits } from '../../core/image-request';
import { type MegapixelPrice, priceMicros } from '../../core/price';
import type { Progress, Provider, ProviderContext, Submission, Ticket } from '../../core/provider';
import { type Outcome, triggerIn } from './triggers';

export interface SandboxSettings {
  /** How long a picture of 50 steps takes; fewer steps take less, down to six tenths. */
  readonly latencyMs: number;
}

/**
 * A provider that needs no key and no network: it keeps time and charges (in its answers alone) as a vendor does, and
 * draws a picture that shows its request. The words of `triggers.ts` in a prompt make it misbehave on purpose.
 */
export function sandboxProvider(settings: SandboxSettings): Provider {
  return {
    id: 'sandbox',
    title: 'Sandbox',
    isSandbox: true,
    capability: sandboxCapability,
    submit: async (request, context) => submit(request, context, settings),
    check: async (ticket, context) => progressOf(ticketSchema.parse(ticket), context.now()),
    collect: async (_output, request, context) => {
      const { drawPicture } = await import('./picture');
      return drawPicture(request, context);
    },
    // Nothing runs between submit and collect, so there is always time to stop.
    cancel: async () => true,
  };
}

const sandboxPrice: MegapixelPrice = {
  kind: 'megapixel',
  firstOutputMicros: 50_000,
  furtherOutputMicros: 50_000,
  inputMicros: 50_000,
  isRoundedUp: false,
};

/** Everything the model can, and nothing less. */
const sandboxCapability: Capability = {
  steps: { kind: 'range', ...limits.steps },
  guidance: { kind: 'range', ...limits.guidance },
  safetyTolerance: { kind: 'range', ...limits.safetyTolerance },
  promptUpsampling: 'settable',
  takesSeed: true,
  sizes: { kind: 'pixels', minEdge: limits.edgePixels.min, maxEdge: limits.edgePixels.max, maxArea: limits.areaPixels },
  references: limits.references,
  promptCharacters: limits.promptCharacters,
  delivers: 'later',
  concurrency: null,
  price: sandboxPrice,
};

const pollMs = 250;

const outcomes = ['ready', 'moderated-output', 'error', 'never'] as const satisfies readonly Outcome[];

/** Everything that `check` must know, as the sandbox itself remembers nothing. */
const ticketSchema = z.object({
  id: z.string(),
  startedAt: z.number(),
  dueAt: z.number(),
  outcome: z.enum(outcomes),
  chargeMicros: z.int(),
});
type SandboxTicket = z.infer<typeof ticketSchema>;

function submit(request: ImageRequest, context: ProviderContext, settings: SandboxSettings): Submission {
  const effect = triggerIn(request.prompt)?.effect ?? { kind: 'accept', outcome: 'ready', durationMs: null };
  switch (effect.kind) {
    case 'refuse':
      return { kind: 'refused', reason: effect.reason, fault: effect.fault, isFinal: effect.isFinal };
    case 'lose':
      return { kind: 'unknown', fault: effect.fault };
    case 'accept': {
      const durationMs = effect.durationMs ?? usualDuration(request, settings);
      const ticket = ticketOf(request, context.now(), durationMs, effect.outcome);
      return { kind: 'accepted', ticket, charge: null, pollAfterMs: Math.min(pollMs, durationMs) };
    }
  }
}

function usualDuration(request: ImageRequest, { latencyMs }: SandboxSettings): number {
  return Math.round(latencyMs * (0.6 + (0.4 * request.steps) / limits.steps.max));
}

function ticketOf(request: ImageRequest, startedAt: number, durationMs: number, outcome: Outcome): Ticket {
  const chargeMicros = outcome === 'error' ? 0 : priceMicros(sandboxPrice, request);
  const ticket: SandboxTicket = {
    id: crypto.randomUUID(),
    startedAt,
    dueAt: startedAt + durationMs,
    outcome,
    chargeMicros,
  };
  return ticket;
}

function progressOf(ticket: SandboxTicket, now: number): Progress {
  const { startedAt, dueAt, outcome, chargeMicros: charge } = ticket;
  if (outcome === 'never') return { kind: 'pending', progress: approach(now - startedAt), pollAfterMs: 1000 };
  if (now < dueAt) {
    const progress = Math.max(0, (now - startedAt) / (dueAt - startedAt));
    return { kind: 'pending', progress, pollAfterMs: Math.min(pollMs, dueAt - now) };
  }
  if (outcome === 'ready') return { kind: 'ready', output: { id: ticket.id }, charge };
  return { kind: 'failed', fault: failures[outcome], charge };
}

/** Grows for ever and never arrives: half way after ten seconds. */
const approach = (elapsedMs: number) => Math.max(0, elapsedMs) / (Math.max(0, elapsedMs) + 10_000);

const failures: Readonly<Record<'moderated-output' | 'error', FaultRecord>> = {
  'moderated-output': {
    code: 'moderated_output',
    message: 'The sandbox moderated this picture, as its prompt asked for.',
  },
  error: { code: 'provider_failed', message: 'The sandbox failed to make this picture, as its prompt asked for.' },
};
