import type { FaultRecord } from '../core/fault';
import { collectDelayMs, isLastCollect, pollDelayMs, queueDelayMs, settleDelayMs } from './back-off';
import { cancelledFault, interruptedFault, queueDeadlineFault, unfinishedFault } from './ending-faults';
import type { RenderEvent } from './render-event';
import type { Ending, Outcome, Phase, RenderRecord } from './render-record';

/** What the decision may depend on besides the record: the clock, and a draw for the jitter. */
export interface Moment {
  readonly now: number;
  /** 0 to 1. */
  readonly jitter: number;
  /** Whether the operator buys again what may have been bought already (`ON_UNKNOWN`). */
  readonly rebuysUnknown: boolean;
}

/** Vendors' pictures expire after ten minutes at the earliest. */
const longestWaitMs = 60_000;

/**
 * The whole life of a render, as a pure function: the record after an event. An event that means nothing in a phase
 * leaves the record as it is, so that a step which runs twice does no harm.
 */
export function advance(record: RenderRecord, event: RenderEvent, moment: Moment): RenderRecord {
  const phase = nextPhase(record, event, moment);
  if (phase === null) return record;
  if (mayRebuy(record, phase, moment)) return buyAgain(record, phase.ending, moment);
  return { ...record, phase, progress: nextProgress(record, event, phase) };
}

/** Purchases that may be lost in one attempt, where the operator prefers the picture to the money. */
const mostLosses = 2;

function mayRebuy({ losses }: RenderRecord, phase: Phase, { rebuysUnknown }: Moment): phase is PhaseNamed<'settling'> {
  return rebuysUnknown && phase.name === 'settling' && phase.ending.outcome === 'unknown' && losses.length < mostLosses;
}

/** The lost purchase stays on record, and goes into the ledger. */
function buyAgain(record: RenderRecord, lost: Ending, { now }: Moment): RenderRecord {
  const phase: Phase = { name: 'queued', refusals: [], notBefore: now, waits: 0 };
  return { ...record, phase, losses: [...record.losses, lost] };
}

function nextPhase(record: RenderRecord, event: RenderEvent, moment: Moment): Phase | null {
  const { phase } = record;
  switch (phase.name) {
    case 'queued':
      return fromQueued(phase, event, moment);
    case 'submitting':
      return fromSubmitting(phase, event, moment);
    case 'following':
      return fromFollowing(phase, event, moment);
    case 'collecting':
      return fromCollecting(phase, event, moment);
    case 'settling':
      return fromSettling(phase, event, moment);
    case 'ended':
      return null;
  }
}

type PhaseNamed<Name extends Phase['name']> = Extract<Phase, { readonly name: Name }>;

function fromQueued(phase: PhaseNamed<'queued'>, event: RenderEvent, moment: Moment): Phase | null {
  switch (event.kind) {
    case 'submitting':
      return {
        name: 'submitting',
        provider: event.provider,
        priceMicros: event.priceMicros,
        since: moment.now,
        refusals: phase.refusals,
        waits: phase.waits,
      };
    case 'all-busy':
      return {
        ...phase,
        refusals: phase.refusals.filter(({ provider }) => !event.forget.includes(provider)),
        waits: phase.waits + 1,
        notBefore: moment.now + (event.retryAfterMs ?? queueDelayMs(phase.waits, moment.jitter)),
      };
    case 'no-provider':
      return settle(endingOf('refused', nobody, event.fault, moment));
    case 'stopped':
      return settle(endingOf('cancelled', nobody, cancelledFault, moment));
    case 'deadline':
      return settle(endingOf('refused', nobody, queueDeadlineFault, moment));
    default:
      return null;
  }
}

function fromSubmitting(phase: PhaseNamed<'submitting'>, event: RenderEvent, moment: Moment): Phase | null {
  const { provider, priceMicros } = phase;
  const bought = { provider, priceMicros, acceptedAt: moment.now };
  const seller = { provider, priceMicros, charge: null };
  switch (event.kind) {
    case 'accepted': {
      const notBefore = moment.now + waitFor(event.pollAfterMs, pollDelayMs(0, moment.jitter));
      return {
        name: 'following',
        ...bought,
        ticket: event.ticket,
        charge: event.charge,
        polls: 0,
        errors: 0,
        notBefore,
      };
    }
    case 'done':
      return {
        name: 'collecting',
        ...bought,
        output: event.output,
        charge: event.charge,
        tries: 0,
        notBefore: moment.now,
      };
    case 'refused':
      return refused(phase, event, moment);
    case 'unknown':
      return settle(endingOf('unknown', seller, event.fault, moment));
    case 'woke':
      return settle(endingOf('unknown', seller, interruptedFault, moment));
    default:
      return null;
  }
}

/** Nothing was bought: another provider may be asked, unless the refusal is about the request itself. */
function refused(
  { provider, priceMicros, refusals, waits }: PhaseNamed<'submitting'>,
  event: Extract<RenderEvent, { kind: 'refused' }>,
  moment: Moment,
): Phase {
  if (!event.isFinal) {
    const refusal = { provider, reason: event.reason, fault: event.fault, at: moment.now };
    return { name: 'queued', refusals: [...refusals, refusal], notBefore: moment.now, waits };
  }
  return settle(endingOf('refused', { provider, priceMicros, charge: 0 }, event.fault, moment));
}

function fromFollowing(phase: PhaseNamed<'following'>, event: RenderEvent, moment: Moment): Phase | null {
  const { provider, priceMicros } = phase;
  const charge = 'charge' in event ? (event.charge ?? phase.charge) : phase.charge;
  const seller = { provider, priceMicros, charge };
  switch (event.kind) {
    case 'pending': {
      const delay = waitFor(event.pollAfterMs, pollDelayMs(phase.polls + 1, moment.jitter));
      return { ...phase, polls: phase.polls + 1, errors: 0, notBefore: moment.now + delay };
    }
    case 'poll-error': {
      const delay = waitFor(event.retryAfterMs, pollDelayMs(phase.polls + 2 * phase.errors + 1, moment.jitter));
      return { ...phase, polls: phase.polls + 1, errors: phase.errors + 1, notBefore: moment.now + delay };
    }
    case 'finished': {
      const { acceptedAt } = phase;
      return {
        name: 'collecting',
        provider,
        priceMicros,
        acceptedAt,
        output: event.output,
        charge,
        tries: 0,
        notBefore: moment.now,
      };
    }
    case 'stored':
      return stored({ ...seller, charge: phase.charge ?? event.facts?.actualMicros ?? null }, event, moment);
    case 'failed': {
      const outcome = event.fault.code.startsWith('moderated') ? 'moderated' : 'failed';
      return settle(endingOf(outcome, seller, event.fault, moment));
    }
    case 'stopped':
      return settle(endingOf('cancelled', { ...seller, charge: 0 }, cancelledFault, moment));
    case 'deadline':
      return settle(endingOf('unfinished', seller, unfinishedFault, moment));
    default:
      return null;
  }
}

function fromCollecting(phase: PhaseNamed<'collecting'>, event: RenderEvent, moment: Moment): Phase | null {
  const { provider, priceMicros, charge, tries } = phase;
  const seller = { provider, priceMicros, charge };
  switch (event.kind) {
    case 'stored':
      return stored(seller, event, moment);
    case 'collect-error':
      if (event.fault.code === 'moderated_output')
        return settle({ ...endingOf('moderated', seller, event.fault, moment), isSold: true });
      if (event.isFinal || isLastCollect(tries)) {
        return settle(endingOf('lost', seller, event.fault, moment));
      }
      return { ...phase, tries: tries + 1, notBefore: moment.now + collectDelayMs(tries, moment.jitter) };
    case 'deadline':
      return settle(endingOf('lost', seller, unfinishedFault, moment));
    default:
      return null;
  }
}

function fromSettling(phase: PhaseNamed<'settling'>, event: RenderEvent, moment: Moment): Phase | null {
  switch (event.kind) {
    case 'settled':
      return { name: 'ended', ending: phase.ending };
    case 'settle-error':
      return {
        ...phase,
        tries: phase.tries + 1,
        notBefore: moment.now + settleDelayMs(phase.tries, moment.jitter),
      };
    default:
      return null;
  }
}

/** As long as the vendor says, but not so long that a finished picture could be gone. */
const waitFor = (toldMs: number | null, usualMs: number) => Math.min(longestWaitMs, toldMs ?? usualMs);

function nextProgress(record: RenderRecord, event: RenderEvent, phase: Phase): number {
  if (phase.name === 'collecting') return Math.max(record.progress, 0.99);
  if (event.kind !== 'pending' || event.progress === null) return record.progress;
  return Math.min(0.99, Math.max(record.progress, event.progress));
}

function settle(ending: Ending): Phase {
  return { name: 'settling', ending, tries: 0, notBefore: ending.endedAt };
}

function stored(
  seller: Seller,
  { kind: _, ...picture }: Extract<RenderEvent, { kind: 'stored' }>,
  moment: Moment,
): Phase {
  return settle({ ...endingOf('ready', seller, null, moment), ...picture });
}

type Seller = Pick<Ending, 'provider' | 'priceMicros' | 'charge'>;
const nobody: Seller = { provider: null, priceMicros: 0, charge: null };

function endingOf(outcome: Outcome, seller: Seller, fault: FaultRecord | null, moment: Moment): Ending {
  return { ...seller, outcome, fault, endedAt: moment.now, sha256: null };
}
