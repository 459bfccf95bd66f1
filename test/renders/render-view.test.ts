import { describe, expect, it } from 'vitest';
import { sequenceOf, type Task, type TaskStatus } from '../../src/core/task';
import type { Outcome, Phase, RenderRecord } from '../../src/renders/render-record';
import { type RenderView, viewOf } from '../../src/renders/render-view';
import { pictureFactsSchema } from '../../src/storage/recipe';
import { began, endingWith, faultOf, phases, recordIn } from '../support/render-records';

const lookAt = (record: RenderRecord, nonce = 'buyer') => viewOf(record, began, record.cancelled.includes(nonce));
const failed = endingWith({ outcome: 'failed', sha256: null, fault: faultOf('provider_failed') });

const facts = pictureFactsSchema.parse({
  ...{ provider: 'one', isSandbox: false, sha256: 'd'.repeat(64), contentType: 'image/png', width: 1024, height: 1024 },
  ...{ quotedMicros: 61_500, actualMicros: 52_500, inputMegapixels: 0, outputMegapixels: 1 },
  ...{ startedAt: began, endedAt: began + 9_000 },
});

describe('viewOf', () => {
  it.each<[string, Phase, Partial<RenderView>]>([
    ['queued', phases.queued, { status: 'queued', provider: null, startedAt: null }],
    ['submitting', phases.submitting, { status: 'rendering', provider: 'one', startedAt: began }],
    ['following', phases.following, { status: 'rendering', provider: 'one', startedAt: began }],
    ['collecting', phases.collecting, { status: 'rendering', provider: 'one', startedAt: began }],
    ['settling', phases.settling, { status: 'rendering', provider: 'one', startedAt: began }],
  ])('of a render that is %s has not ended and says no price', (_, phase, expected) => {
    expect(lookAt(recordIn(phase))).toEqual({
      generation: began,
      progress: 0.25,
      request: recordIn(phase).request,
      quotedMicros: 61_500,
      actualMicros: null,
      endedAt: null,
      fault: null,
      ...expected,
    });
  });

  it('of a render that has ended has all of it', () => {
    expect(lookAt(recordIn(phases.ended))).toEqual({
      generation: began,
      status: 'ready',
      progress: 1,
      request: recordIn(phases.ended).request,
      provider: 'one',
      quotedMicros: 61_500,
      actualMicros: 52_500,
      startedAt: began,
      endedAt: began + 9_000,
      fault: null,
    });
  });

  it('has the facts of the picture that this attempt stored, and of no other', () => {
    const stored = endingWith({ facts });
    expect(lookAt(recordIn({ name: 'ended', ending: stored }))?.facts).toEqual(facts);
    expect(lookAt(recordIn({ name: 'settling', ending: stored, tries: 0, notBefore: began }))?.facts).toBeUndefined();
    const past = [{ generation: began - 5_000, ending: stored }];
    expect(viewOf(recordIn(phases.ended, { past }), began - 5_000, false)?.facts).toBeUndefined();
  });

  it('does not keep a caller waiting for a ledger that cannot be written', () => {
    const settling = recordIn({ ...phases.settling, tries: 1 });
    expect(lookAt(settling)).toEqual(lookAt(recordIn(phases.ended)));
  });

  it.each<[Outcome, TaskStatus]>([
    ['ready', 'ready'],
    ['failed', 'failed'],
    ['moderated', 'failed'],
    ['unknown', 'failed'],
    ['unfinished', 'failed'],
    ['lost', 'failed'],
    ['refused', 'failed'],
    ['cancelled', 'cancelled'],
  ])('of an end that is %s is %s', (outcome, status) => {
    const ending = { ...failed, outcome, fault: outcome === 'ready' ? null : failed.fault };
    const view = lookAt(recordIn({ name: 'ended', ending }));
    expect(view).toMatchObject({ status, progress: status === 'ready' ? 1 : 0.25 });
    const code = { ready: undefined, failed: 'provider_failed', cancelled: 'cancelled' }[status as 'ready'];
    expect(view?.fault?.code).toBe(code);
  });

  it.each<[string, Phase]>(Object.values(phases).map((phase) => [phase.name, phase]))(
    'is cancelled for the one who left, and unchanged for others: %s',
    (_, phase) => {
      const left = recordIn(phase, { cancelled: ['leaver'] });
      expect(lookAt(left, 'leaver')).toMatchObject({ status: 'cancelled', fault: { code: 'cancelled' } });
      expect(lookAt(left, 'buyer')).toEqual(lookAt(recordIn(phase), 'buyer'));
    },
  );

  it('of an earlier attempt is how that one ended', () => {
    const again = recordIn(phases.queued, {
      generation: began + 60_000,
      past: [{ generation: began, ending: failed }],
    });
    expect(lookAt(again)).toMatchObject({ generation: began, status: 'failed', startedAt: began, fault: failed.fault });
    expect(viewOf(again, began + 60_000, false)).toMatchObject({ status: 'queued', fault: null });
  });

  it('of an attempt that nobody remembers is null', () => {
    expect(viewOf(recordIn(phases.following), began - 1, false)).toBeNull();
  });
});

describe('sequenceOf', () => {
  it('grows from the queue over the progress to the end', () => {
    const stages: readonly Pick<Task, 'status' | 'progress'>[] = [
      { status: 'queued', progress: 0 },
      { status: 'rendering', progress: 0 },
      { status: 'rendering', progress: 0.01 },
      { status: 'rendering', progress: 0.99 },
      { status: 'ready', progress: 1 },
    ];
    const sequences = stages.map(sequenceOf);
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  });

  it.each<TaskStatus>(['ready', 'failed', 'cancelled'])('is the last of all once it is %s', (status) => {
    expect(sequenceOf({ status, progress: 0 })).toBe(2000);
  });
});
