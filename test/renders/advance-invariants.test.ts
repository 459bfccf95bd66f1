import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../src/renders/advance';
import type { RenderEvent } from '../../src/renders/render-event';
import type { RenderRecord } from '../../src/renders/render-record';
import { began, events, faultOf, type PhaseName, phases, recordIn } from '../support/render-records';

interface Step {
  readonly before: RenderRecord;
  readonly event: RenderEvent;
  readonly after: RenderRecord;
}

const offers = fc.record({ provider: fc.constantFrom('one', 'two', 'three'), priceMicros: fc.nat({ max: 100_000 }) });
const delays = fc.option(fc.integer({ min: 0, max: 60_000 }));
const charges = fc.option(fc.integer({ min: 0, max: 100_000 }));
const faults = fc.constantFrom('provider_failed', 'moderated_request', 'moderated_output', 'rate_limited').map(faultOf);
const progress = fc.option(fc.double({ min: -1, max: 2, noNaN: true }));

/** What varies of each event. The common ones come more often, so that sequences go all the way through. */
const anyEvent: fc.Arbitrary<RenderEvent> = fc.oneof(
  { weight: 12, arbitrary: offers.map((offer) => ({ ...events.submitting, ...offer })) },
  {
    weight: 6,
    arbitrary: fc.record({ fault: faults, isFinal: fc.boolean() }).map((e) => ({ ...events.refused, ...e })),
  },
  {
    weight: 6,
    arbitrary: fc.record({ charge: charges, pollAfterMs: delays }).map((e) => ({ ...events.accepted, ...e })),
  },
  { weight: 8, arbitrary: fc.record({ progress, pollAfterMs: delays }).map((e) => ({ ...events.pending, ...e })) },
  { weight: 3, arbitrary: charges.map((charge) => ({ ...events.done, charge })) },
  { weight: 3, arbitrary: charges.map((charge) => ({ ...events.finished, charge })) },
  { weight: 2, arbitrary: fc.record({ fault: faults, charge: charges }).map((e) => ({ ...events.failed, ...e })) },
  { weight: 2, arbitrary: fc.boolean().map((isFinal) => ({ ...events['collect-error'], isFinal })) },
  { weight: 6, arbitrary: fc.subarray(['one', 'two', 'three']).map((forget) => ({ ...events['all-busy'], forget })) },
  { weight: 20, arbitrary: fc.constantFrom(...Object.values(events)) },
);
const sequences = fc.array(
  fc.tuple(anyEvent, fc.integer({ min: 0, max: 60_000 }), fc.double({ min: 0, max: 1, noNaN: true })),
  {
    maxLength: 60,
  },
);

/** A render from its beginning, step by step. */
function lifeOf(sequence: readonly (readonly [RenderEvent, number, number])[]): readonly Step[] {
  let record = recordIn(phases.queued, { progress: 0 });
  let now = began;
  return sequence.map(([event, elapsedMs, jitter]) => {
    const before = record;
    now += elapsedMs;
    record = advance(before, event, { now, jitter, rebuysUnknown: false });
    return { before, event, after: record };
  });
}

function holdsFor(check: (steps: readonly Step[]) => void): void {
  fc.assert(
    fc.property(sequences, (sequence) => check(lifeOf(sequence))),
    { numRuns: 1000 },
  );
}

const hasEntered = (name: PhaseName) => (step: Step) =>
  step.before.phase.name !== name && step.after.phase.name === name;
const isSubmission = hasEntered('submitting');
const isAcceptance = ({ before, after }: Step) =>
  before.phase.name === 'submitting' && (after.phase.name === 'following' || after.phase.name === 'collecting');

describe('whatever happens, in whatever order', () => {
  it('can reach every phase, so that the promises below are about something', () => {
    const reached = new Set<PhaseName>();
    holdsFor((steps) => {
      for (const { after } of steps) reached.add(after.phase.name);
    });
    expect([...reached].sort()).toEqual(Object.keys(phases).sort());
  });

  it('buys again only after a refusal: nothing was bought before', () => {
    holdsFor((steps) => {
      const refusals = steps.filter(
        ({ before, after }) => before.phase.name === 'submitting' && after.phase.name === 'queued',
      );
      for (const { event } of refusals) expect(event.kind).toBe('refused');
      const sent = steps.filter(isSubmission).length;
      expect(sent === refusals.length || sent === refusals.length + 1).toBe(true);
    });
  });

  it('remembers who refused, until it is told to ask them again', () => {
    holdsFor((steps) => {
      const refused: string[] = [];
      for (const { before, event, after } of steps) {
        if (before.phase.name === 'submitting' && after.phase.name === 'queued') refused.push(before.phase.provider);
        const isTold = event.kind === 'all-busy' && before.phase.name === 'queued';
        const kept = isTold ? refused.filter((provider) => !event.forget.includes(provider)) : refused;
        refused.splice(0, refused.length, ...kept);
        if (!('refusals' in after.phase)) continue;
        expect(after.phase.refusals.map(({ provider }) => provider)).toEqual(refused);
      }
    });
  });

  it('buys from no one else, and not again, once a provider has accepted', () => {
    holdsFor((steps) => {
      const accepted = steps.findIndex(isAcceptance);
      if (accepted < 0) return;
      const since = steps.slice(accepted + 1);
      expect(since.filter((step) => isSubmission(step) || step.after.phase.name === 'queued')).toEqual([]);
    });
  });

  it('follows the one ticket that the provider gave', () => {
    holdsFor((steps) => {
      for (const { before, after } of steps) {
        if (before.phase.name !== 'following' || after.phase.name !== 'following') continue;
        expect(after.phase.ticket).toBe(before.phase.ticket);
        expect(after.phase.provider).toBe(before.phase.provider);
      }
    });
  });

  it('names the provider that accepted, and its price, at every step from there to the end', () => {
    holdsFor((steps) => {
      const accepted = steps.findIndex(isAcceptance);
      if (accepted < 0) return;
      const { phase } = steps[accepted]?.before ?? {};
      const seller = phase?.name === 'submitting' ? { provider: phase.provider, priceMicros: phase.priceMicros } : null;
      for (const { after } of steps.slice(accepted)) {
        expect('ending' in after.phase ? after.phase.ending : after.phase).toMatchObject({ ...seller });
      }
    });
  });

  it('cannot tell what became of a purchase that a restart finds half sent', () => {
    holdsFor((steps) => {
      for (const { before, event, after } of steps) {
        if (before.phase.name !== 'submitting' || event.kind !== 'woke') continue;
        const ending = after.phase.name === 'settling' ? after.phase.ending : null;
        expect(ending).toMatchObject({ outcome: 'unknown', provider: before.phase.provider, charge: null });
      }
    });
  });

  it('has ended for good once it has ended', () => {
    holdsFor((steps) => {
      const ended = steps.findIndex(hasEntered('ended'));
      if (ended < 0) return;
      const final = steps[ended]?.after;
      for (const { after } of steps.slice(ended)) expect(after).toBe(final);
    });
  });

  it('settles the ending that it came to, and no other', () => {
    holdsFor((steps) => {
      for (const { before, after } of steps) {
        if (before.phase.name === 'settling' && 'ending' in after.phase)
          expect(after.phase.ending).toBe(before.phase.ending);
      }
    });
  });

  it('never goes back in its progress, and is done only at the end', () => {
    holdsFor((steps) => {
      for (const { before, after } of steps) {
        expect(after.progress).toBeGreaterThanOrEqual(before.progress);
        expect(after.progress).toBeLessThanOrEqual(0.99);
      }
    });
  });

  it('has a picture exactly where the outcome is ready, and a fault everywhere else', () => {
    holdsFor((steps) => {
      for (const { after } of steps) {
        if (!('ending' in after.phase)) continue;
        const { outcome, sha256, fault } = after.phase.ending;
        expect(sha256 !== null).toBe(outcome === 'ready');
        expect(fault === null).toBe(outcome === 'ready');
      }
    });
  });

  it('waits for a moment to come, never for one before the event', () => {
    fc.assert(
      fc.property(sequences, anyEvent, (sequence, event) => {
        const record = lifeOf(sequence).at(-1)?.after ?? recordIn(phases.queued);
        const now = began + 100 * 60_000;
        const { phase } = advance(record, event, { now, jitter: 0, rebuysUnknown: false });
        if (phase !== record.phase && 'notBefore' in phase) expect(phase.notBefore).toBeGreaterThanOrEqual(now);
      }),
    );
  });

  it('ends from wherever it is, once it was woken, its time is up and the ledger has it', () => {
    holdsFor((steps) => {
      const last = steps.at(-1)?.after ?? recordIn(phases.queued);
      const moment = { now: last.deadline, jitter: 0, rebuysUnknown: false };
      const ending = [events.woke, events.deadline, events.settled];
      expect(ending.reduce((record, event) => advance(record, event, moment), last).phase.name).toBe('ended');
    });
  });
});
