import { median } from './median';
import type { Provider } from './provider';

/** What is known of a provider across all renders. Times and durations in milliseconds. */
export interface GateState {
  /** Renders that hold one of the provider's places, and until when at the latest. */
  readonly leases: readonly { readonly render: string; readonly until: number }[];
  /** Failures in a row that say something about the provider, not about a request. */
  readonly failures: number;
  /** Until when the provider is passed over; 0 while its circuit is closed. */
  readonly openUntil: number;
  /** Until when the provider itself asked to wait: it is busy, or said when to come back. */
  readonly waitUntil: number;
  readonly lastError: { readonly kind: ReportKind; readonly at: number } | null;
  /** The last few times from submit to picture. */
  readonly latencies: readonly number[];
}

/** How a render's dealing with a provider went. */
export type ReportKind =
  | 'ready'
  | 'failed'
  | 'moderated'
  | 'cancelled'
  | 'credentials'
  | 'credit'
  | 'busy'
  | 'invalid'
  | 'unavailable'
  | 'unknown';
export interface Report {
  readonly render: string;
  readonly kind: ReportKind;
  readonly latencyMs: number | null;
  readonly retryAfterMs: number | null;
}

/** A provider that could serve a render, in the order of preference. */
export interface Candidate {
  readonly provider: string;
  readonly concurrency: number | null;
}
export type Grant =
  | { readonly kind: 'granted'; readonly provider: string }
  /** Every place is taken: ask again. */
  | { readonly kind: 'full'; readonly retryAfterMs: number };

export const closedGate: GateState = {
  leases: [],
  failures: 0,
  openUntil: 0,
  waitUntil: 0,
  lastError: null,
  latencies: [],
};

const failuresToOpen = 3;
const openMs = 30_000;
/** A wrong key or an empty balance does not mend itself within seconds. */
const operatorErrorOpenMs = 120_000;
/** Where a busy provider does not say when to come back. */
const busyMs = 1_000;
const rememberedLatencies = 21;
const leaseMs = 20 * 60_000;
const queueRetryMs = 500;

export type Gates = Readonly<Record<string, GateState>>;

export function candidatesOf(offers: readonly { readonly provider: Provider }[]): Candidate[] {
  return offers.map(({ provider: { id, capability } }) => ({ provider: id, concurrency: capability.concurrency }));
}

/** Candidates in the order in which they are asked: as given, or the fastest first. */
export function inTurn(gates: Gates, candidates: readonly Candidate[], isFastestFirst: boolean): readonly Candidate[] {
  if (!isFastestFirst) return candidates;
  // One that was never tried comes first, so that it gets a latency.
  const latencyOf = ({ provider }: Candidate) => medianLatency(gates[provider] ?? closedGate) ?? 0;
  return candidates.toSorted((a, b) => latencyOf(a) - latencyOf(b));
}

/** Who would get a render that came now, as {@link acquire} has it; where all places are taken, who is waited for first. */
export function likeliest(
  gates: Gates,
  { candidates, now }: { candidates: readonly Candidate[]; now: number },
): Candidate | undefined {
  const considered = consideredOf(gates, candidates, now);
  const withRoom = considered.find((one) => hasRoom(gates[one.provider] ?? closedGate, { ...one, render: '', now }));
  return withRoom ?? considered[0];
}

/** Those whose circuit is closed; where all are open, the one that closes first. */
function consideredOf(gates: Gates, candidates: readonly Candidate[], now: number): readonly Candidate[] {
  const openUntil = ({ provider }: Candidate) => gates[provider]?.openUntil ?? 0;
  const closed = candidates.filter((candidate) => openUntil(candidate) <= now);
  return closed.length > 0 ? closed : candidates.toSorted((a, b) => openUntil(a) - openUntil(b)).slice(0, 1);
}

/**
 * Gives a render a place at the first candidate whose circuit is closed and that has room. When all circuits are
 * open, the one that closes first is tried: failing at once helps nobody. One that said when to come back is waited for.
 */
export function acquire(
  gates: Gates,
  { render, candidates, now }: { render: string; candidates: readonly Candidate[]; now: number },
): { readonly gates: Gates; readonly grant: Grant } {
  const gateOf = (provider: string) => gates[provider] ?? closedGate;
  const considered = consideredOf(gates, candidates, now);
  const [first = closedGate] = considered.map(({ provider }) => gateOf(provider));
  const waitMs = first.openUntil > now ? first.waitUntil - now : 0;
  if (waitMs > 0) return { gates, grant: { kind: 'full', retryAfterMs: waitMs } };
  const chosen = considered.find((candidate) => hasRoom(gateOf(candidate.provider), { ...candidate, render, now }));
  if (chosen === undefined) return { gates, grant: { kind: 'full', retryAfterMs: queueRetryMs } };
  const gate = gateOf(chosen.provider);
  const others = gate.leases.filter((lease) => lease.render !== render && lease.until > now);
  const next = { ...gate, leases: [...others, { render, until: now + leaseMs }] };
  return { gates: { ...gates, [chosen.provider]: next }, grant: { kind: 'granted', provider: chosen.provider } };
}

/**
 * Takes a render's place back and learns from how it went. A circuit is not closed by what was bought before it opened,
 * nor sooner by what goes wrong while it is open: a vendor that said when to come back is not asked before.
 */
export function report(gate: GateState, { render, kind, latencyMs, retryAfterMs }: Report, now: number): GateState {
  const own = gate.leases.find((lease) => lease.render === render);
  const leases = gate.leases.filter((lease) => lease !== own && lease.until > now);
  const latencies = latencyMs === null ? gate.latencies : [...gate.latencies, latencyMs].slice(-rememberedLatencies);
  const isHealthy = kind === 'ready' || kind === 'moderated' || kind === 'cancelled' || kind === 'invalid';
  const isOldNews = own !== undefined && own.until - leaseMs < (gate.lastError?.at ?? 0);
  const { openUntil, waitUntil } = isOldNews ? gate : closedGate;
  if (isHealthy) return { leases, failures: 0, openUntil, waitUntil, lastError: gate.lastError, latencies };
  const failures = gate.failures + 1;
  const toldUntil = kind === 'busy' || retryAfterMs !== null ? now + (retryAfterMs ?? busyMs) : 0;
  return {
    leases,
    failures,
    openUntil: Math.max(gate.openUntil, openUntilOf(kind, { failures, toldUntil, now })),
    waitUntil: Math.max(gate.waitUntil, toldUntil),
    lastError: { kind, at: now },
    latencies,
  };
}

/** The median time to a picture; null until there was one. */
export function medianLatency(gate: GateState): number | null {
  return median(gate.latencies);
}

function openUntilOf(
  kind: ReportKind,
  { failures, toldUntil, now }: { failures: number; toldUntil: number; now: number },
): number {
  if (kind === 'credentials' || kind === 'credit') return now + operatorErrorOpenMs;
  if (toldUntil > 0) return toldUntil;
  return failures >= failuresToOpen ? now + openMs : 0;
}

function hasRoom(gate: GateState, { concurrency, render, now }: Candidate & { render: string; now: number }): boolean {
  const taken = gate.leases.filter((lease) => lease.until > now && lease.render !== render).length;
  return concurrency === null || taken < concurrency;
}
