import type { RenderRecord } from './render-record';

const rememberedEndings = 8;

/** Whether nothing more happens to the render itself. */
export function isOver(record: RenderRecord): boolean {
  return record.phase.name === 'ended';
}

/** Polls and retries change nothing that a restart could not find out again: they stay in memory. */
export function isWorthStoring(before: RenderRecord, after: RenderRecord): boolean {
  if (before.phase.name === after.phase.name) return after.phase.name === 'queued';
  if (after.phase.name === 'ended') return after.phase.ending.outcome !== 'ready' || after.cancelled.length > 0;
  return before.phase.name !== 'following' || after.phase.name !== 'collecting';
}

/** The ends that a new attempt has to remember: those before, and the last one. */
export function pastOf(previous: RenderRecord): RenderRecord['past'] {
  const { phase, generation, past } = previous;
  const ending = phase.name === 'ended' ? [{ generation, ending: phase.ending }] : [];
  return [...past, ...ending].slice(-rememberedEndings);
}
