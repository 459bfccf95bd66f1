import { Hono } from 'hono';
import { closedGate, type GateState, medianLatency } from '../core/gate';
import { priceMicros, squareMegapixel } from '../core/price';
import type { Provider } from '../core/provider';
import type { WireProviderState } from '../core/wire/provider';
import type { FrontEnv } from './front';
import { withAccountOrToken } from './with-account';

/**
 * `GET /v1/providers`: what is configured, how each is doing, and what the account spent there; with the operator's
 * token, what all accounts did.
 */
export const providersRoute = new Hono<FrontEnv>().get('/v1/providers', withAccountOrToken, async (c) => {
  const { market, reports } = c.var.front;
  const [states, spent] = await Promise.all([market.states(), reports.byProvider(c.var.holder?.account.id ?? null)]);
  const data = market.providers.map((provider) => ({
    ...wireProvider(provider, states[provider.id] ?? closedGate),
    purchases: spent.get(provider.id)?.purchases ?? 0,
    spent_micros: spent.get(provider.id)?.spentMicros ?? 0,
  }));
  return c.json({ object: 'list', data });
});

function wireProvider(provider: Provider, gate: GateState): WireProviderState {
  const { capability } = provider;
  const isOpen = gate.openUntil > Date.now();
  return {
    id: provider.id,
    name: provider.title,
    sandbox: provider.isSandbox,
    price_micros: priceMicros(capability.price, squareMegapixel),
    concurrency: capability.concurrency,
    in_flight: gate.leases.filter((lease) => lease.until > Date.now()).length,
    circuit: isOpen ? 'open' : 'closed',
    circuit_until: isOpen ? new Date(gate.openUntil).toISOString() : null,
    last_error:
      gate.lastError === null ? null : { class: gate.lastError.kind, at: new Date(gate.lastError.at).toISOString() },
    median_latency_ms: medianLatency(gate),
  };
}
