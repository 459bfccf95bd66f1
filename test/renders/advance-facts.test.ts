import { describe, expect, it } from 'vitest';
import { advance } from '../../src/renders/advance';
import { collectDelayMs, pollDelayMs, queueDelayMs, settleDelayMs } from '../../src/renders/back-off';
import type { RenderEvent } from '../../src/renders/render-event';
import type { Phase } from '../../src/renders/render-record';
import { events, faultOf, phases, recordIn } from '../support/render-records';

const now = 1_795_000_100_000;
const moment = { now, jitter: 0.5, rebuysUnknown: false };

describe('what is known while it goes on', () => {
  const following = phases.following;
  const refusal = { provider: 'zero', reason: 'unavailable', fault: faultOf('unavailable'), at: now - 5 } as const;

  it.each<[string, Phase, RenderEvent, object]>([
    [
      'the intent names its provider and price, and keeps the refusals',
      { ...phases.queued, refusals: [refusal] },
      events.submitting,
      { name: 'submitting', provider: 'two', priceMicros: 59_000, since: now, refusals: [refusal], waits: 0 },
    ],
    [
      'a refusal is kept, and the next provider is asked at once',
      { ...phases.submitting, refusals: [refusal] },
      events.refused,
      {
        refusals: [refusal, { provider: 'one', reason: 'busy', fault: faultOf('rate_limited'), at: now }],
        notBefore: now,
        waits: 2,
      },
    ],
    [
      'acceptance keeps the vendor’s ticket and charge',
      phases.submitting,
      events.accepted,
      {
        provider: 'one',
        priceMicros: 58_000,
        ticket: { id: 'vendor-2' },
        charge: 70_000,
        acceptedAt: now,
        notBefore: now + pollDelayMs(0, 0.5),
      },
    ],
    [
      'a vendor that says when to poll is polled then',
      phases.submitting,
      { ...events.accepted, pollAfterMs: 1234 },
      { notBefore: now + 1234 },
    ],
    [
      'a picture that is done at once is collected at once',
      phases.submitting,
      events.done,
      { provider: 'one', output: events.done.output, charge: 70_000, acceptedAt: now, tries: 0, notBefore: now },
    ],
    [
      'a poll makes the next one later',
      following,
      events.pending,
      { polls: 4, errors: 0, notBefore: now + pollDelayMs(4, 0.5) },
    ],
    ['or as late as the vendor says', following, { ...events.pending, pollAfterMs: 77 }, { notBefore: now + 77 }],
    [
      'a failed poll makes it later still',
      following,
      events['poll-error'],
      { polls: 4, errors: 2, ticket: following.ticket, notBefore: now + pollDelayMs(6, 0.5) },
    ],
    ['or as late as told', following, { ...events['poll-error'], retryAfterMs: 9000 }, { notBefore: now + 9000 }],
    [
      'a vendor that says nothing of the charge at the end has said it before',
      following,
      events.finished,
      { provider: 'one', charge: 60_000, acceptedAt: following.acceptedAt, output: events.finished.output, tries: 0 },
    ],
    ['what it says at the end counts', following, { ...events.finished, charge: 1 }, { charge: 1 }],
    ['also when that is nothing', following, { ...events.finished, charge: 0 }, { charge: 0 }],
    [
      'collecting is tried again later',
      phases.collecting,
      events['collect-error'],
      { tries: 1, output: phases.collecting.output, notBefore: now + collectDelayMs(0, 0.5) },
    ],
    [
      'settling is tried again later, for as long as it takes',
      { ...phases.settling, tries: 500 },
      events['settle-error'],
      { tries: 501, ending: phases.settling.ending, notBefore: now + settleDelayMs(500, 0.5) },
    ],
    [
      'a queue that is full is asked again later',
      phases.queued,
      events['all-busy'],
      { waits: 1, notBefore: now + queueDelayMs(0, 0.5) },
    ],
    [
      'and what those who were busy had said is forgotten',
      { ...phases.queued, refusals: [refusal, { ...refusal, provider: 'one' }] },
      { ...events['all-busy'], forget: ['zero'] },
      { refusals: [{ ...refusal, provider: 'one' }] },
    ],
    ['or when told', phases.queued, { ...events['all-busy'], retryAfterMs: 4000 }, { notBefore: now + 4000 }],
  ])('%s', (_, phase, event, expected) => {
    expect(advance(recordIn(phase), event, moment).phase).toMatchObject(expected);
  });
});
