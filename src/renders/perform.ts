import { Fault, type FaultRecord, toFault } from '../core/fault';
import { type Candidate, candidatesOf, type Grant } from '../core/gate';
import type { Provider, RefusalReason, Submission } from '../core/provider';
import { queueDelayMs } from './back-off';
import type { RenderEvent } from './render-event';
import type { RenderPorts } from './render-ports';
import type { Phase, RenderRecord } from './render-record';

type PhaseNamed<Name extends Phase['name']> = Extract<Phase, { readonly name: Name }>;

/** Picks the provider to buy from next. Nothing leaves the object yet: the choice is written down first. */
export async function route(
  record: RenderRecord,
  phase: PhaseNamed<'queued'>,
  ports: RenderPorts,
): Promise<RenderEvent> {
  const exact = ports.offers(record.request, record.plan).filter(({ fit }) => fit.kind === 'exact');
  const refused = new Set(phase.refusals.map((refusal) => refusal.provider));
  const left = exact.filter(({ provider }) => !refused.has(provider.id));
  if (left.length === 0) return waitOrGiveUp(phase, ports);
  const grant = await placeFor(record, candidatesOf(left), ports);
  if (grant.kind === 'full') return { kind: 'all-busy', retryAfterMs: grant.retryAfterMs, forget: [] };
  const chosen = left.find(({ provider }) => provider.id === grant.provider);
  return {
    kind: 'submitting',
    provider: grant.provider,
    priceMicros: chosen?.priceMicros ?? record.buyer.quotedMicros,
  };
}

/** A caller's own key takes none of the operator's places, and a circuit that opened for the operator says nothing of it. */
async function placeFor(record: RenderRecord, candidates: readonly Candidate[], ports: RenderPorts): Promise<Grant> {
  const [first] = candidates;
  if (record.plan.sealedKey === null || first === undefined)
    return await ports.gate.acquire(record.fingerprint, candidates);
  return { kind: 'granted', provider: first.provider };
}

/**
 * All refused, and nothing was bought: those that are merely busy, or said when to come back, are asked again, until the
 * deadline ends it.
 */
function waitOrGiveUp({ refusals, waits }: PhaseNamed<'queued'>, { draw }: RenderPorts): RenderEvent {
  const patient = refusals.filter(({ reason, fault }) => reason === 'busy' || fault.retryAfterSeconds !== undefined);
  if (patient.length === 0) return { kind: 'no-provider', fault: refusals.at(-1)?.fault ?? noProviderFault };
  const told = patient.map(({ fault, at }) =>
    fault.retryAfterSeconds === undefined ? 0 : at + fault.retryAfterSeconds * 1000,
  );
  const earliest = Math.min(...told.filter((time) => time > 0));
  const retryAfterMs = Number.isFinite(earliest) ? Math.max(50, earliest - Date.now()) : queueDelayMs(waits, draw());
  return { kind: 'all-busy', retryAfterMs, forget: patient.map(({ provider }) => provider) };
}

/** Buys. Called only after `submitting` is on disk; whatever is thrown after that leaves the outcome unknown. */
export async function submit(record: RenderRecord, provider: Provider, ports: RenderPorts): Promise<Submission> {
  try {
    const submission = await provider.submit(record.request, { ...ports.context, endsBy: record.deadline });
    if (submission.kind !== 'refused') return submission;
    const { reason } = submission;
    const isCallersKey = record.plan.sealedKey !== null;
    const note = submission.note ?? (isCallersKey ? null : operatorNote(reason, provider));
    ports.log('refused', { provider: provider.id, reason, note, isCallersKey }, note === null ? 'warning' : 'error');
    return isCallersKey ? aboutOwnKey(submission, provider) : submission;
  } catch (thrown) {
    ports.log('submit-threw', { provider: provider.id, cause: String(thrown) });
    return { kind: 'unknown', fault: unknownFault };
  }
}

/** What nobody but the operator can mend, in words for the log; null for all else. */
function operatorNote(reason: RefusalReason, { title }: Provider): string | null {
  if (reason === 'credentials') return `${title} does not accept the key of this deployment.`;
  return reason === 'credit' ? `${title} says that there is no credit left behind the key of this deployment.` : null;
}

/** A key or a balance that is the caller's own is the caller's business, and nobody else's. */
function aboutOwnKey(submission: Extract<Submission, { kind: 'refused' }>, { title }: Provider): Submission {
  const { reason } = submission;
  if (reason === 'credentials') {
    const message = `${title} does not accept the key of your own that the picture was to be bought with.`;
    return { ...submission, fault: { code: 'forbidden', message } };
  }
  if (reason !== 'credit') return submission;
  const message = `${title} says that there is no credit left behind the key of your own that the picture was to be bought with.`;
  return { ...submission, fault: { code: 'insufficient_credit', message } };
}

/** Asks the vendor how far its task is. A failed poll is an event like another, never an exception. */
export async function poll(
  record: RenderRecord,
  phase: PhaseNamed<'following'>,
  provider: Provider,
  ports: RenderPorts,
): Promise<RenderEvent> {
  try {
    const progress = await provider.check(phase.ticket, ports.context);
    if (progress.kind === 'failed') return (await storedAlready(record, ports)) ?? progress;
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
    return { kind: 'stored', sha256: stored.sha256, facts: stored };
  } catch (thrown) {
    const fault = toFault(thrown);
    ports.log('collect-error', {
      provider: provider.id,
      code: fault.code,
      cause: String(fault.cause ?? fault.message),
    });
    const stored = await storedAlready(record, ports);
    if (stored !== null) return stored;
    const told = fault.code === 'internal' ? collectFault : fault.toRecord();
    return { kind: 'collect-error', fault: told, isFinal: finalCodes.has(fault.code) };
  }
}

/**
 * What a render that is out of time came to; null: it is not. It may have run out while nobody lived to ask: so the
 * vendor is asked, or its picture fetched, one last time, and it may be stored though nobody lived to write that down.
 */
export async function atDeadline(
  record: RenderRecord,
  ports: RenderPorts,
  bytesAtHand: Uint8Array<ArrayBuffer> | null,
): Promise<RenderEvent | null> {
  const { phase } = record;
  if (Date.now() < record.deadline || phase.name === 'submitting' || phase.name === 'settling') return null;
  if (phase.name !== 'following' && phase.name !== 'collecting') return { kind: 'deadline' };
  const stored = await storedAlready(record, ports);
  if (stored !== null) return stored;
  const provider = await providerNamed(phase.provider, record, ports).catch(() => null);
  if (provider === null) return { kind: 'deadline' };
  const event =
    phase.name === 'following'
      ? await poll(record, phase, provider, ports)
      : await collect(record, phase, provider, ports, bytesAtHand);
  const isEnd = event.kind === 'collect-error' ? event.isFinal : !undecided.has(event.kind);
  return isEnd ? event : { kind: 'deadline' };
}

const undecided: ReadonlySet<RenderEvent['kind']> = new Set(['pending', 'poll-error']);

/** No further try at collecting a picture changes these. */
const finalCodes: ReadonlySet<string> = new Set(['moderated_output', 'not_found']);

/**
 * That a picture was collected is not written down before it is stored: who was killed then is `following` still. One of
 * an earlier purchase is none of this: it was paid for then.
 */
async function storedAlready(record: RenderRecord, ports: RenderPorts): Promise<RenderEvent | null> {
  const facts = await ports.salvage(record).catch(() => null);
  return facts === null ? null : { kind: 'stored', sha256: facts.sha256, facts };
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

/** The provider that a record names. One written by an earlier deployment may be gone. */
export async function providerNamed(id: string, record: RenderRecord, ports: RenderPorts): Promise<Provider> {
  const provider = await ports.provider(id, record.plan);
  if (provider !== null) return provider;
  throw new Fault('unavailable', `The provider ${id} is not configured any more.`);
}

const noProviderFault: FaultRecord = {
  code: 'no_provider',
  message: 'No configured provider can make exactly this picture.',
};
const unknownFault: FaultRecord = {
  code: 'outcome_unknown',
  message:
    'The connection to the provider broke while it was buying the picture, so it may or may not have been bought. It was not bought again by itself; a new order of it, not a retry, buys anew.',
};
const collectFault: FaultRecord = {
  code: 'provider_failed',
  message: 'The provider finished the picture, but it could not be fetched and stored.',
};
