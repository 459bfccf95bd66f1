import type { Joiners } from './joiners';
import type { JoinRequest } from './render-ports';
import type { Ending, RenderRecord } from './render-record';
import type { TaskRows } from './task-rows';

const rememberedEndings = 8;

/** The record of a new attempt, which remembers how those before it ended. */
export function beginRecord(
  { fingerprint, request, buyer, plan, handle, joinPriceMicros, replaces }: JoinRequest,
  previous: RenderRecord | null,
  { now, deadlineMs }: { readonly now: number; readonly deadlineMs: number },
): RenderRecord {
  const generation = Math.max(now, (previous?.generation ?? 0) + 1);
  return {
    ...{ fingerprint, request, buyer, plan, generation },
    handle: { ...handle, generation, source: 'bought' },
    deadline: generation + deadlineMs,
    phase: { name: 'queued', refusals: [], notBefore: generation, waits: 0 },
    progress: 0,
    cancelled: [],
    past: previous === null ? [] : pastOf(previous),
    losses: [],
    ...(joinPriceMicros === 0 ? {} : { hitPriceMicros: joinPriceMicros }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** Whether nothing more happens to the render itself. */
export function isOver(record: RenderRecord): boolean {
  return record.phase.name === 'ended';
}

/** How it ends, once that is certain: whoever joins or leaves from then on changes nothing any more. */
export function knownEnd({ phase }: RenderRecord): Ending | null {
  return phase.name === 'settling' || phase.name === 'ended' ? phase.ending : null;
}

/** Whether its last task was cancelled in time, and only the ledger is still to be told. */
export function isStopped({ phase }: RenderRecord): boolean {
  return phase.name === 'settling' && phase.ending.outcome === 'cancelled';
}

/** Polls and retries change nothing that a restart could not find out again: they stay in memory. */
export function isWorthStoring(
  before: RenderRecord,
  after: RenderRecord,
  { joiners, webhooks }: { readonly joiners: Joiners; readonly webhooks: TaskRows<unknown> },
): boolean {
  if (before.phase.name === after.phase.name) return after.phase.name === 'queued';
  // With a webhook still to be told, it wakes again, and must not settle again then.
  if (after.phase.name === 'ended') return isWorthKeeping(after, joiners) || webhooks.hasAny();
  return before.phase.name !== 'following' || after.phase.name !== 'collecting';
}

/** Whether a task could still ask how it ended, and not find it in the store: it failed, or was cancelled. */
export function isWorthKeeping(record: RenderRecord, joiners: Joiners): boolean {
  const { phase, past } = record;
  return phase.name === 'ended' && (phase.ending.outcome !== 'ready' || past.length > 0 || joiners.someLeft(record));
}

/** The ends that a new attempt has to remember: those before, and the last one. */
export function pastOf(previous: RenderRecord): RenderRecord['past'] {
  const { phase, generation, past, buyer } = previous;
  const ending = phase.name === 'ended' ? [{ generation, ending: phase.ending, buyer }] : [];
  return [...past, ...ending].slice(-rememberedEndings);
}

/** When the next step of a render is due: never after its deadline, however long a vendor says to wait. */
export function stepDueAt({ phase, deadline }: RenderRecord): number {
  switch (phase.name) {
    case 'queued':
    case 'following':
    case 'collecting':
      return Math.min(phase.notBefore, deadline);
    case 'settling':
      return phase.notBefore;
    case 'submitting':
    case 'ended':
      return 0;
  }
}
