import { Fault, type FaultRecord, toFault } from '../core/fault';
import { fitOf } from '../core/fit';
import type { Provider, Submission } from '../core/provider';
import type { RenderEvent } from './advance';
import type { RenderPorts } from './render-ports';
import type { Phase, RenderRecord } from './render-record';

type PhaseNamed<Name extends Phase['name']> = Extract<Phase, { readonly name: Name }>;

/** Picks the provider to buy from next. Nothing leaves the object yet: the choice is written down first. */
export function route(record: RenderRecord, phase: PhaseNamed<'queued'>, ports: RenderPorts): RenderEvent {
  const refused = new Set(phase.refusals.map((refusal) => refusal.provider));
  const exact = ports.providers.filter((provider) => fitOf(provider.capability, record.request).kind === 'exact');
  const next = exact.find((provider) => !refused.has(provider.id));
  if (next !== undefined) return { kind: 'submitting', provider: next.id };
  const last = phase.refusals.at(-1)?.fault;
  return { kind: 'no-provider', fault: last ?? noProviderFault };
}

/** Buys. Called only after `submitting` is on disk; whatever is thrown after that leaves the outcome unknown. */
export async function submit(record: RenderRecord, provider: Provider, ports: RenderPorts): Promise<Submission> {
  try {
    return await provider.submit(record.request, ports.context);
  } catch (thrown) {
    ports.log('submit-threw', { provider: provider.id, cause: String(thrown) });
    return { kind: 'unknown', fault: unknownFault };
  }
}

/** Asks the vendor how far its task is. A failed poll is an event like another, never an exception. */
export async function poll(
  phase: PhaseNamed<'following'>,
  provider: Provider,
  ports: RenderPorts,
): Promise<RenderEvent> {
  try {
    const progress = await provider.check(phase.ticket, ports.context);
    return progress.kind === 'ready' ? { ...progress, kind: 'finished' } : progress;
  } catch (thrown) {
    const fault = toFault(thrown);
    ports.log('poll-error', { provider: provider.id, code: fault.code, cause: String(fault.cause ?? fault.message) });
    const seconds = fault.details.retryAfterSeconds;
    return { kind: 'poll-error', retryAfterMs: seconds === undefined ? null : seconds * 1000 };
  }
}

/** Fetches the finished picture and stores it. */
export async function collect(
  record: RenderRecord,
  phase: PhaseNamed<'collecting'>,
  provider: Provider,
  ports: RenderPorts,
  bytesAtHand: Uint8Array<ArrayBuffer> | null,
): Promise<RenderEvent> {
  try {
    const bytes = bytesAtHand ?? (await provider.collect(phase.output, record.request, ports.context));
    const stored = await ports.store({ record, provider, charge: phase.charge, bytes });
    return { kind: 'stored', sha256: stored.sha256 };
  } catch (thrown) {
    const fault = toFault(thrown);
    ports.log('collect-error', {
      provider: provider.id,
      code: fault.code,
      cause: String(fault.cause ?? fault.message),
    });
    const told = fault.code === 'internal' ? collectFault : fault.toRecord();
    return { kind: 'collect-error', fault: told, isFinal: fault.code === 'moderated_output' };
  }
}

/** Asks the vendor to stop. Only a vendor that says it stopped, and charges nothing, ends the render. */
export async function stop(phase: PhaseNamed<'following'>, provider: Provider, ports: RenderPorts): Promise<boolean> {
  if (provider.cancel === null) return false;
  try {
    return await provider.cancel(phase.ticket, ports.context);
  } catch (thrown) {
    ports.log('cancel-error', { provider: provider.id, cause: String(thrown) });
    return false;
  }
}

/** The provider of a record that was written by an earlier deployment may be gone. */
export function providerNamed(id: string, ports: RenderPorts): Provider {
  const provider = ports.providers.find((candidate) => candidate.id === id);
  if (provider !== undefined) return provider;
  throw new Fault('unavailable', `The provider ${id} is not configured any more.`);
}

const noProviderFault: FaultRecord = {
  code: 'no_provider',
  message: 'No configured provider can make exactly this picture.',
};
const unknownFault: FaultRecord = {
  code: 'outcome_unknown',
  message:
    'The connection to the provider broke while it was buying the picture, so it may or may not have been bought. It was not bought again by itself; sending the request again buys anew.',
};
const collectFault: FaultRecord = {
  code: 'provider_failed',
  message: 'The provider finished the picture, but it could not be fetched and stored.',
};
