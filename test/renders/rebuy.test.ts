import { describe, expect, it } from 'vitest';
import { advance } from '../../src/renders/advance';
import { purchasesOf } from '../../src/renders/settlement';
import { events, phases, recordIn } from '../support/render-records';

const moment = { now: 2_000_000, jitter: 0.5 };
const submitting = recordIn(phases.submitting);

describe('an outcome that nobody knows', () => {
  it.each(['unknown', 'woke'] as const)('ends the render after %s, unless the operator rather buys again', (kind) => {
    const ended = advance(submitting, events[kind], { ...moment, rebuysUnknown: false });
    expect(ended.phase).toMatchObject({ name: 'settling', ending: { outcome: 'unknown' } });
    const again = advance(submitting, events[kind], { ...moment, rebuysUnknown: true });
    expect(again.phase).toMatchObject({ name: 'queued', refusals: [] });
    expect(again.losses).toHaveLength(1);
  });

  it('is bought again twice at the most', () => {
    const rebuying = { ...moment, rebuysUnknown: true };
    let record = submitting;
    for (let round = 0; round < 3; round += 1) {
      record = advance({ ...record, phase: phases.submitting }, events.unknown, rebuying);
    }
    expect(record.losses).toHaveLength(2);
    expect(record.phase).toMatchObject({ name: 'settling', ending: { outcome: 'unknown' } });
  });

  it('is a row of its own in the ledger, presumed spent, for each purchase that was lost', () => {
    const lost = advance(submitting, events.unknown, { ...moment, rebuysUnknown: true });
    const ended = advance({ ...lost, phase: phases.submitting }, events.unknown, { ...moment, rebuysUnknown: false });
    if (ended.phase.name !== 'settling') throw new Error(`expected settling, got ${ended.phase.name}`);
    const rows = purchasesOf(ended, ended.phase.ending, 'task');
    expect(rows.map(({ outcome, spentMicros }) => [outcome, spentMicros > 0])).toEqual([
      ['unknown', true],
      ['unknown', true],
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
  });
});
