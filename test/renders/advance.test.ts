import { describe, expect, it } from 'vitest';
import { advance } from '../../src/renders/advance';
import type { RenderEvent } from '../../src/renders/render-event';
import type { Ending, Phase } from '../../src/renders/render-record';
import { pictureFactsSchema } from '../../src/storage/recipe';
import { type EventKind, events, faultOf, type PhaseName, phases, recordIn } from '../support/render-records';

const now = 1_795_000_100_000;
const moment = { now, jitter: 0.5, rebuysUnknown: false };

/** Where each event leads from each phase. What is not here changes nothing. */
const arrows: Readonly<Record<PhaseName, Partial<Record<EventKind, PhaseName>>>> = {
  queued: {
    submitting: 'submitting',
    'all-busy': 'queued',
    'no-provider': 'settling',
    stopped: 'settling',
    deadline: 'settling',
  },
  submitting: {
    accepted: 'following',
    done: 'collecting',
    refused: 'queued',
    unknown: 'settling',
    woke: 'settling',
  },
  following: {
    pending: 'following',
    'poll-error': 'following',
    finished: 'collecting',
    stored: 'settling',
    failed: 'settling',
    stopped: 'settling',
    deadline: 'settling',
  },
  collecting: { stored: 'settling', 'collect-error': 'collecting', deadline: 'settling' },
  settling: { settled: 'ended', 'settle-error': 'settling' },
  ended: {},
};
const everyPair = (Object.keys(phases) as PhaseName[]).flatMap((from) =>
  (Object.keys(events) as EventKind[]).map((kind) => ({ from, kind, to: arrows[from][kind] ?? 'unchanged' })),
);

function phaseAfter(phase: Phase, event: RenderEvent): Phase {
  return advance(recordIn(phase), event, moment).phase;
}

function endingAfter(phase: Phase, event: RenderEvent): Ending {
  const after = phaseAfter(phase, event);
  if (after.name !== 'settling') throw new Error(`It is ${after.name}.`);
  return after.ending;
}

describe('advance', () => {
  it.each(everyPair)('$from × $kind → $to', ({ from, kind, to }) => {
    const record = recordIn(phases[from]);
    const after = advance(record, events[kind], moment);
    if (to === 'unchanged') return expect(after).toBe(record);
    expect(after).not.toBe(record);
    expect(after.phase.name).toBe(to);
    expect({ ...after, phase: null, progress: 0 }).toEqual({ ...record, phase: null, progress: 0 });
  });

  it('never changes the record that it is given', () => {
    for (const { from, kind } of everyPair) {
      const record = recordIn(phases[from]);
      const before = structuredClone(record);
      advance(record, events[kind], moment);
      expect(record).toEqual(before);
    }
  });
});

describe('how it ends', () => {
  const { queued, submitting, following, collecting } = phases;
  const final = { ...events.refused, isFinal: true };
  const lastTry = { ...collecting, tries: 7 };

  it.each<[string, Phase, RenderEvent, Partial<Ending>]>([
    ['nobody can make it', queued, events['no-provider'], { outcome: 'refused', provider: null, charge: null }],
    [
      'cancelled before anything was sent',
      queued,
      events.stopped,
      { outcome: 'cancelled', provider: null, charge: null },
    ],
    [
      'too late before anything was sent',
      queued,
      events.deadline,
      { outcome: 'refused', provider: null, charge: null },
    ],
    ['refused for good', submitting, final, { outcome: 'refused', provider: 'one', charge: 0 }],
    [
      'moderated before it began',
      submitting,
      { ...final, fault: faultOf('moderated_request') },
      { outcome: 'refused', provider: 'one', charge: 0 },
    ],
    ['an answer that says nothing', submitting, events.unknown, { outcome: 'unknown', provider: 'one', charge: null }],
    ['found half sent after a restart', submitting, events.woke, { outcome: 'unknown', provider: 'one', charge: null }],
    ['failed at the vendor', following, events.failed, { outcome: 'failed', provider: 'one', charge: 60_000 }],
    [
      'failed at the vendor, which then charges nothing',
      following,
      { ...events.failed, charge: 0 },
      { outcome: 'failed', provider: 'one', charge: 0 },
    ],
    [
      'moderated while it was made',
      following,
      { ...events.failed, fault: faultOf('moderated_output') },
      { outcome: 'moderated', provider: 'one', charge: 60_000 },
    ],
    ['stopped by the vendor', following, events.stopped, { outcome: 'cancelled', provider: 'one', charge: 0 }],
    [
      'the vendor takes too long',
      following,
      events.deadline,
      { outcome: 'unfinished', provider: 'one', charge: 60_000 },
    ],
    ['with a picture', collecting, events.stored, { outcome: 'ready', provider: 'one', charge: 60_000, fault: null }],
    [
      'with one that was stored before it was killed',
      following,
      events.stored,
      { outcome: 'ready', provider: 'one', fault: null },
    ],
    [
      'the picture is gone',
      collecting,
      { ...events['collect-error'], isFinal: true },
      { outcome: 'lost', charge: 60_000 },
    ],
    [
      'made, and kept back by moderation',
      { ...collecting, charge: null },
      { ...events['collect-error'], fault: faultOf('moderated_output'), isFinal: true },
      { outcome: 'moderated', provider: 'one', charge: null, isSold: true },
    ],
    ['the picture cannot be had eight times', lastTry, events['collect-error'], { outcome: 'lost', charge: 60_000 }],
    ['the picture comes too late', collecting, events.deadline, { outcome: 'lost', provider: 'one', charge: 60_000 }],
  ])('%s', (_, phase, event, expected) => {
    const sha256 = expected.outcome === 'ready' ? events.stored.sha256 : null;
    const priceMicros = expected.provider === null ? 0 : 58_000;
    expect(endingAfter(phase, event)).toMatchObject({ ...expected, priceMicros, endedAt: now, sha256 });
  });

  it('with a picture keeps what is told of it, and nothing else of the event', () => {
    const facts = pictureFactsSchema.parse({
      ...{ provider: 'one', isSandbox: false, sha256: 'e'.repeat(64), contentType: 'image/png' },
      ...{ width: 1, height: 1, quotedMicros: 1, actualMicros: null, inputMegapixels: 0, outputMegapixels: 1 },
      ...{ startedAt: 1, endedAt: 2 },
    });
    const ending = endingAfter(phases.collecting, { ...events.stored, facts });
    expect(ending).toEqual({ ...endingAfter(phases.collecting, events.stored), facts });
    expect(Object.keys(ending)).not.toContain('kind');
  });

  it.each<[Phase, RenderEvent, string]>([
    [queued, events['no-provider'], 'no_provider'],
    [queued, events.stopped, 'cancelled'],
    [queued, events.deadline, 'unavailable'],
    [submitting, final, 'rate_limited'],
    [submitting, events.unknown, 'outcome_unknown'],
    [submitting, events.woke, 'outcome_unknown'],
    [following, events.failed, 'provider_failed'],
    [following, events.stopped, 'cancelled'],
    [following, events.deadline, 'provider_failed'],
    [collecting, events.deadline, 'provider_failed'],
  ])('%j and %j tell the caller %s', (phase, event, code) => {
    expect(endingAfter(phase, event).fault?.code).toBe(code);
  });
});

describe('progress', () => {
  const progressAfter = (phase: Phase, event: RenderEvent) =>
    advance(recordIn(phase, { progress: 0.138 }), event, moment).progress;

  it('is almost all where a picture is there to be collected', () => {
    expect(progressAfter(phases.following, events.finished)).toBe(0.99);
    expect(progressAfter(phases.submitting, events.done)).toBe(0.99);
  });

  it.each([
    ['is cancelled', events.stopped],
    ['fails', events.failed],
    ['is not finished in time', events.deadline],
  ])('stays as it was where the render %s', (_end, event) => {
    expect(progressAfter(phases.following, event)).toBe(0.138);
  });
});
