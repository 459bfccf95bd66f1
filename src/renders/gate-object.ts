import { DurableObject } from 'cloudflare:workers';
import {
  acquire,
  type Candidate,
  closedGate,
  type GateState,
  type Gates,
  type Grant,
  inTurn,
  type Report,
  report,
} from '../core/gate';
import { WaitingRoom } from './waiting-room';

const storageKey = 'gates';

/**
 * Circuits, places and latencies of all providers, where every render sees them. Asked on a miss alone. Places and
 * latencies live in memory: an object that was restarted gives out a few places too many, and the vendor's own 429
 * makes those renders wait. Only what went wrong is stored.
 */
export class GateObjectBase<Env> extends DurableObject<Env> {
  readonly #waiting = new WaitingRoom();
  #gates: Gates;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#gates = ctx.storage.kv.get<Gates>(storageKey) ?? {};
  }

  /** A place for a render at the first provider that has one; `isFastestFirst` orders candidates by their latency. */
  acquire(render: string, candidates: readonly Candidate[], isFastestFirst: boolean): Grant {
    const now = Date.now();
    const ordered = inTurn(this.#gates, candidates, isFastestFirst);
    const { gates, grant } = acquire(this.#gates, { render, candidates: ordered, now });
    this.#gates = gates;
    if (grant.kind === 'full') return { ...grant, retryAfterMs: this.#waiting.wait(render, grant.retryAfterMs, now) };
    this.#waiting.leave(render);
    return grant;
  }

  /** How a render's dealing with a provider went; gives its place back. */
  report(provider: string, told: Report): void {
    const before = this.#gateOf(provider);
    const after = report(before, told, Date.now());
    this.#gates = { ...this.#gates, [provider]: after };
    const isWorthStoring = after.lastError !== before.lastError || after.openUntil !== before.openUntil;
    if (isWorthStoring) this.ctx.storage.kv.put(storageKey, withoutLeases(this.#gates));
  }

  /** Every provider's state. */
  states(): Gates {
    return this.#gates;
  }

  #gateOf(provider: string): GateState {
    return this.#gates[provider] ?? closedGate;
  }
}

function withoutLeases(gates: Gates): Gates {
  return Object.fromEntries(Object.entries(gates).map(([provider, gate]) => [provider, { ...gate, leases: [] }]));
}
