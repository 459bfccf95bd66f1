import type { FaultCode, FaultRecord } from '../../src/core/fault';
import { squareMegapixel } from '../../src/core/price';
import type { RenderEvent } from '../../src/renders/render-event';
import type { Ending, Phase, RenderRecord } from '../../src/renders/render-record';

export type PhaseName = Phase['name'];
export type EventKind = RenderEvent['kind'];

/** When the sample render began. */
export const began = 1_795_000_000_000;

export const faultOf = (code: FaultCode): FaultRecord => ({ code, message: `A sentence about ${code}.` });

/** An ending with a picture, with what a test wants to be different. */
export function endingWith(changes: Partial<Ending> = {}): Ending {
  const sha256 = 'd'.repeat(64);
  const sold = { provider: 'one', priceMicros: 58_000, charge: 52_500 };
  return { ...sold, outcome: 'ready', fault: null, endedAt: began + 9_000, sha256, ...changes };
}

const bought = {
  provider: 'one',
  priceMicros: 58_000,
  charge: 60_000,
  acceptedAt: began + 100,
  notBefore: began + 200,
} as const;

/** A render in each of its phases. */
export const phases: { readonly [Name in PhaseName]: Extract<Phase, { readonly name: Name }> } = {
  queued: { name: 'queued', refusals: [], notBefore: began, waits: 0 },
  submitting: { name: 'submitting', provider: 'one', priceMicros: 58_000, since: began + 50, refusals: [], waits: 2 },
  following: { name: 'following', ...bought, ticket: { id: 'vendor-1' }, polls: 3, errors: 1 },
  collecting: { name: 'collecting', ...bought, output: { url: 'https://vendor.example/1' }, tries: 0 },
  settling: { name: 'settling', ending: endingWith(), tries: 0, notBefore: began + 9_000 },
  ended: { name: 'ended', ending: endingWith() },
};

/** Each kind of event once. */
export const events: { readonly [Kind in EventKind]: Extract<RenderEvent, { readonly kind: Kind }> } = {
  submitting: { kind: 'submitting', provider: 'two', priceMicros: 59_000 },
  'no-provider': { kind: 'no-provider', fault: faultOf('no_provider') },
  'all-busy': { kind: 'all-busy', retryAfterMs: null, forget: [] },
  accepted: { kind: 'accepted', ticket: { id: 'vendor-2' }, charge: 70_000, pollAfterMs: null },
  done: { kind: 'done', output: { url: 'https://vendor.example/2' }, charge: 70_000 },
  refused: { kind: 'refused', reason: 'busy', fault: faultOf('rate_limited'), isFinal: false },
  unknown: { kind: 'unknown', fault: faultOf('outcome_unknown') },
  pending: { kind: 'pending', progress: 0.5, pollAfterMs: null },
  'poll-error': { kind: 'poll-error', retryAfterMs: null },
  finished: { kind: 'finished', output: { url: 'https://vendor.example/3' }, charge: null },
  failed: { kind: 'failed', fault: faultOf('provider_failed'), charge: null },
  stored: { kind: 'stored', sha256: 'e'.repeat(64) },
  'collect-error': { kind: 'collect-error', fault: faultOf('provider_failed'), isFinal: false },
  settled: { kind: 'settled' },
  'settle-error': { kind: 'settle-error' },
  stopped: { kind: 'stopped' },
  deadline: { kind: 'deadline' },
  woke: { kind: 'woke' },
};

/** The sample render in a phase, with what a test wants to be different. */
export function recordIn(phase: Phase, changes: Partial<RenderRecord> = {}): RenderRecord {
  const fingerprint = 'f'.repeat(64);
  return {
    fingerprint,
    request: squareMegapixel,
    buyer: { accountId: 'acme', keyId: 'key_1', dialect: 'bfl', nonce: 'buyer', quotedMicros: 61_500 },
    plan: { provider: null, sealedKey: null },
    handle: {
      fingerprint,
      accountTag: 'feedfacecafebeef',
      generation: began,
      createdAt: began,
      source: 'bought',
      format: 'png',
      quality: null,
      size: { width: 1024, height: 1024 },
      nonce: '00112233445566',
    },
    generation: began,
    deadline: began + 900_000,
    phase,
    progress: 0.25,
    cancelled: [],
    losses: [],
    past: [],
    ...changes,
  };
}
