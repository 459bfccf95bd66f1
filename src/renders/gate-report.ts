import type { FaultRecord } from '../core/fault';
import type { Report, ReportKind } from '../core/gate';
import { isLastCollect } from './back-off';
import type { RenderEvent } from './render-event';
import type { RenderPorts } from './render-ports';
import type { Phase, RenderRecord } from './render-record';

/** Tells the gate how it went with a provider, where an event says so. Never throws. */
export async function tellGate(
  { gate, log }: Pick<RenderPorts, 'gate' | 'log'>,
  before: RenderRecord,
  event: RenderEvent,
): Promise<void> {
  const told = reportOf(before, event, Date.now());
  if (told === null) return;
  await gate.report(told.provider, told.report).catch((thrown) => log('report-error', { cause: String(thrown) }));
}

/** What an event says about the provider that a render dealt with; null when the dealing goes on, or never began. */
export function reportOf(
  before: RenderRecord,
  event: RenderEvent,
  now: number,
): { provider: string; report: Report } | null {
  const { phase, fingerprint, plan } = before;
  // What goes wrong with a caller's own key must not turn others away.
  if (plan.sealedKey !== null) return null;
  if (phase.name !== 'submitting' && phase.name !== 'following' && phase.name !== 'collecting') return null;
  const kind = kindOf(event, phase);
  if (kind === null) return null;
  const since = phase.name === 'submitting' ? phase.since : phase.acceptedAt;
  const seconds = event.kind === 'refused' ? event.fault.retryAfterSeconds : undefined;
  return {
    provider: phase.provider,
    report: {
      render: fingerprint,
      kind,
      latencyMs: kind === 'ready' ? now - since : null,
      retryAfterMs: seconds === undefined ? null : seconds * 1000,
    },
  };
}

function kindOf(event: RenderEvent, phase: Phase): ReportKind | null {
  switch (event.kind) {
    case 'stored':
      return 'ready';
    case 'refused':
      return event.reason;
    case 'unknown':
      return 'unknown';
    case 'failed':
      return kindOfFault(event.fault);
    case 'collect-error':
      return event.isFinal || (phase.name === 'collecting' && isLastCollect(phase.tries))
        ? kindOfFault(event.fault)
        : null;
    case 'stopped':
    case 'woke':
      return 'cancelled';
    case 'deadline':
      return 'unavailable';
    default:
      return null;
  }
}

const kindOfFault = ({ code }: FaultRecord) => (code.startsWith('moderated') ? 'moderated' : 'failed');
