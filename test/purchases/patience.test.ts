import { describe, expect, it } from 'vitest';
import { advance } from '../../src/renders/advance';
import { reportOf } from '../../src/renders/gate-report';
import { route } from '../../src/renders/perform';
import type { RenderPorts } from '../../src/renders/render-ports';
import type { RenderRecord } from '../../src/renders/render-record';
import { events, faultOf, phases, recordIn } from '../support/render-records';

const moment = { now: 2_000_000, jitter: 0.5, rebuysUnknown: false };
const busy = { provider: 'one', reason: 'busy', fault: faultOf('unavailable'), at: moment.now } as const;

/** Whoever could make the picture was asked, and refused. */
const noneLeft = { offers: () => [], draw: () => 0.5 } as Partial<RenderPorts> as RenderPorts;

describe('a render', () => {
  it('that waited for a place for long is as patient with a busy vendor as any other', async () => {
    const full = { ...events['all-busy'], retryAfterMs: 500 };
    let record = recordIn(phases.queued);
    for (let rounds = 0; rounds < 200; rounds += 1) record = advance(record, full, moment);
    if (record.phase.name !== 'queued') throw new Error(`The render is ${record.phase.name}.`);
    const event = await route(record, { ...record.phase, refusals: [busy] }, noneLeft);
    expect(event).toMatchObject({ kind: 'all-busy', forget: ['one'] });
  });

  it('gives its place back when its picture cannot be fetched', () => {
    let record = recordIn(phases.collecting);
    const told = [];
    for (let tries = 0; tries < 20 && record.phase.name === 'collecting'; tries += 1) {
      told.push(reportOf(record, events['collect-error'], moment.now));
      record = advance(record, events['collect-error'], moment);
    }
    expect(told.slice(0, -1).every((report) => report === null)).toBe(true);
    expect(told.at(-1)).toMatchObject({ provider: 'one', report: { render: record.fingerprint, kind: 'failed' } });
  });

  it('gives its place back when its picture is kept back', () => {
    const withheld = { ...events['collect-error'], fault: faultOf('moderated_output'), isFinal: true } as const;
    expect(reportOf(recordIn(phases.collecting), withheld, moment.now)).toMatchObject({
      report: { kind: 'moderated' },
    });
  });

  it('says nothing of a provider about a purchase with a caller’s own key', () => {
    const own: RenderRecord = recordIn(phases.submitting, { plan: { provider: 'one', sealedKey: 'sealed' } });
    for (const event of [events.refused, events.unknown]) expect(reportOf(own, event, moment.now)).toBeNull();
  });
});
