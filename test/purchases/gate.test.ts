import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import {
  acquire,
  closedGate,
  type GateState,
  type Gates,
  inTurn,
  likeliest,
  type ReportKind,
  report,
} from '../../src/core/gate';

const now = 1_795_000_000_000;
const candidate = (provider: string, concurrency: number | null = null) => ({ provider, concurrency });
const told = (kind: ReportKind, retryAfterMs: number | null = null) => ({
  ...{ render: 'one', kind, retryAfterMs },
  latencyMs: kind === 'ready' ? 1_000 : null,
});

/** What becomes of a gate by some reports, a second apart. */
function gateAfter(kinds: readonly ReportKind[], gate: GateState = closedGate): GateState {
  return kinds.reduce((state, kind, index) => report(state, told(kind), now + index * 1_000), gate);
}
const isOpen = (gate: GateState, at: number) => gate.openUntil > at;
const asked = (gates: Gates, candidates: readonly ReturnType<typeof candidate>[], at = now) =>
  acquire(gates, { render: 'new', candidates, now: at }).grant;

describe('a circuit', () => {
  it.each(['failed', 'unavailable', 'unknown'] as const)('opens after three in a row that were %s', (kind) => {
    expect(isOpen(gateAfter([kind, kind]), now + 1_000)).toBe(false);
    const gate = gateAfter([kind, kind, kind]);
    expect(isOpen(gate, now + 2_000 + 29_999)).toBe(true);
    expect(isOpen(gate, now + 2_000 + 30_000)).toBe(false);
    expect(gate.lastError).toMatchObject({ kind, at: now + 2_000 });
  });

  it.each(['credentials', 'credit'] as const)('opens at once for %s, for two minutes', (kind) => {
    const gate = gateAfter([kind]);
    expect(isOpen(gate, now + 119_999)).toBe(true);
    expect(isOpen(gate, now + 120_000)).toBe(false);
  });

  it.each(['ready', 'moderated', 'cancelled', 'invalid'] as const)('counts anew after one that was %s', (kind) => {
    expect(isOpen(gateAfter(['failed', 'failed', kind, 'failed', 'failed']), now + 4_000)).toBe(false);
  });

  it('stays open for as long as a vendor said to wait', () => {
    const busy = report(closedGate, told('busy', 45_000), now);
    expect(isOpen(busy, now + 44_999)).toBe(true);
    expect(isOpen(busy, now + 45_000)).toBe(false);
    expect(report(closedGate, told('unavailable', 7_000), now).openUntil).toBe(now + 7_000);
    expect(report(closedGate, told('busy'), now).openUntil).toBe(now + 1_000);
  });

  it('is not closed sooner by what goes wrong meanwhile', () => {
    const gate = gateAfter(['credentials', 'failed', 'unknown', 'unavailable', 'busy']);
    expect(isOpen(gate, now + 119_999)).toBe(true);
    const busy = report(closedGate, told('busy', 45_000), now);
    expect(report(busy, told('busy', 1_000), now + 10).openUntil).toBe(now + 45_000);
  });

  it('is not closed by a picture that was bought before it opened, but by one that was bought after', () => {
    const candidates = [candidate('bfl')];
    const before = acquire({}, { render: 'one', candidates, now: now - 5_000 }).gates.bfl ?? closedGate;
    for (const kind of ['busy', 'credit'] as const) {
      const gate = report(before, { ...told(kind, 45_000), render: 'refused' }, now);
      const finished = report(gate, told('ready'), now + 1_000);
      expect(isOpen(finished, now + 2_000)).toBe(true);
      const probed = acquire({ bfl: finished }, { render: 'one', candidates, now: now + 2_000 }).gates.bfl;
      expect(isOpen(report(probed ?? closedGate, told('ready'), now + 3_000), now + 3_000)).toBe(false);
    }
  });
});

describe('who is named before a purchase', () => {
  const both = [candidate('bfl', 1), candidate('fal')];
  const slow = { ...closedGate, latencies: [9_000] };
  const quick = { ...closedGate, latencies: [1_000] };
  const named = (gates: Gates) => likeliest(gates, { candidates: both, now })?.provider;

  it.each<[string, Gates, string]>([
    ['nothing is known', {}, 'bfl'],
    ['the first has an open circuit', { bfl: gateAfter(['credentials']) }, 'fal'],
    ['the first is full', { bfl: { ...closedGate, leases: [{ render: 'other', until: now + 1 }] } }, 'fal'],
    [
      'the last lease of the first is over',
      { bfl: { ...closedGate, leases: [{ render: 'other', until: now }] } },
      'bfl',
    ],
    ['all circuits are open', { bfl: gateAfter(['credit']), fal: gateAfter(['failed', 'failed', 'failed']) }, 'fal'],
  ])('is who gets the place: %s', (_name, gates, provider) => {
    expect(named(gates)).toBe(provider);
    expect(asked(gates, both)).toEqual({ kind: 'granted', provider });
  });

  it('is the first of those that are waited for, and nobody where there is nobody', () => {
    expect(named({ bfl: report(closedGate, told('busy', 5_000), now), fal: gateAfter(['credit']) })).toBe('bfl');
    expect(likeliest({}, { candidates: [], now })).toBeUndefined();
  });

  it('is the fastest, or one that was never tried, where the route is by latency', () => {
    const first = (gates: Gates, isFastestFirst: boolean) => inTurn(gates, both, isFastestFirst)[0]?.provider;
    expect(first({ bfl: slow, fal: quick }, true)).toBe('fal');
    expect(first({ bfl: slow, fal: quick }, false)).toBe('bfl');
    expect(first({ bfl: quick, fal: slow }, true)).toBe('bfl');
    expect(first({ bfl: quick }, true)).toBe('fal');
  });
});

describe('a place', () => {
  it('is at the first whose circuit is closed', () => {
    const gates = { bfl: gateAfter(['credentials']), fal: closedGate };
    expect(asked(gates, [candidate('bfl'), candidate('fal'), candidate('oxen')])).toMatchObject({ provider: 'fal' });
    expect(asked(gates, [candidate('bfl'), candidate('fal')], now + 120_000)).toMatchObject({ provider: 'bfl' });
  });

  it('is at the one that closes first where all are open', () => {
    const gates = { bfl: gateAfter(['credentials']), fal: gateAfter(['failed', 'failed', 'failed']) };
    expect(asked(gates, [candidate('bfl'), candidate('fal')])).toEqual({ kind: 'granted', provider: 'fal' });
  });

  it.each(['busy', 'unavailable'] as const)(
    'is waited for where that one was %s and said when to come back',
    (kind) => {
      const gates = { bfl: gateAfter(['credentials']), fal: report(closedGate, told(kind, 5_000), now) };
      const both = [candidate('bfl'), candidate('fal')];
      expect(asked(gates, both, now + 2_000)).toEqual({ kind: 'full', retryAfterMs: 3_000 });
      expect(asked(gates, both, now + 5_000)).toEqual({ kind: 'granted', provider: 'fal' });
    },
  );

  it('is waited for no longer than that one said, though its circuit is open for longer', () => {
    const gates = { bfl: report(gateAfter(['credentials']), told('busy', 5_000), now) };
    expect(asked(gates, [candidate('bfl')], now + 4_000)).toEqual({ kind: 'full', retryAfterMs: 1_000 });
    expect(asked(gates, [candidate('bfl')], now + 5_000)).toEqual({ kind: 'granted', provider: 'bfl' });
  });

  it('is at the next where the first is full, and nowhere where all are', () => {
    const both = [candidate('bfl', 2), candidate('fal', 1)];
    let gates: Gates = {};
    const grants = ['a', 'b', 'c', 'd'].map((render) => {
      const taken = acquire(gates, { render, candidates: both, now });
      gates = taken.gates;
      return taken.grant.kind === 'granted' ? taken.grant.provider : taken.grant.kind;
    });
    expect(grants).toEqual(['bfl', 'bfl', 'fal', 'full']);
    expect(
      asked({ ...gates, bfl: report(gates.bfl ?? closedGate, { ...told('ready'), render: 'a' }, now) }, both),
    ).toEqual({ kind: 'granted', provider: 'bfl' });
  });

  it('is one for a render, however often it asks', () => {
    const candidates = [candidate('bfl', 1)];
    const first = acquire({}, { render: 'a', candidates, now });
    const again = acquire(first.gates, { render: 'a', candidates, now: now + 1 });
    expect(again.grant).toEqual({ kind: 'granted', provider: 'bfl' });
    expect(again.gates.bfl?.leases).toHaveLength(1);
  });

  it('is free again after twenty minutes, should nobody give it back', () => {
    const candidates = [candidate('bfl', 1)];
    const { gates } = acquire({}, { render: 'dead', candidates, now });
    expect(asked(gates, candidates, now + 20 * 60_000 - 1)).toMatchObject({ kind: 'full' });
    expect(asked(gates, candidates, now + 20 * 60_000)).toMatchObject({ kind: 'granted' });
  });
});

describe('the gate of a deployment', () => {
  it('sends a render to the fastest, and first of all to who was never tried', async () => {
    const gate = env.GATES.getByName('latency');
    const candidates = [candidate('slow'), candidate('fast'), candidate('new')];
    const asks = await runInDurableObject(gate, (object) => {
      for (const [provider, latencyMs] of [
        ['slow', 9_000],
        ['fast', 3_000],
        ['slow', 8_000],
      ] as const) {
        object.report(provider, { ...told('ready'), latencyMs });
      }
      return [candidates, candidates.slice(0, 2)].flatMap((asked) => [
        object.acquire('a', asked, true),
        object.acquire('a', asked, false),
      ]);
    });
    expect(asks).toMatchObject([{ provider: 'new' }, { provider: 'slow' }, { provider: 'fast' }, { provider: 'slow' }]);
  });

  it('remembers what went wrong when it is restarted, and gives its places anew', async () => {
    const gate = env.GATES.getByName('restart');
    await runInDurableObject(gate, (object) => {
      object.acquire('a', [candidate('bfl', 1)], false);
      object.report('fal', told('credentials'));
    });
    await evictDurableObject(gate);
    const [states, grant] = await runInDurableObject(gate, (object) => {
      const seen = object.states();
      return [seen, object.acquire('b', [candidate('fal'), candidate('bfl', 1)], false)];
    });
    expect(states).toMatchObject({ fal: { lastError: { kind: 'credentials' }, openUntil: expect.any(Number) } });
    expect(grant).toEqual({ kind: 'granted', provider: 'bfl' });
  });
});
