import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { call } from './front-door';

/** A line of `GET /v1/providers`. */
export interface WireProvider {
  readonly id: string;
  readonly circuit: 'open' | 'closed';
  readonly circuit_until: string | null;
  readonly last_error: { readonly class: string; readonly at: string } | null;
  readonly in_flight: number;
  readonly median_latency_ms: number | null;
  readonly purchases: number;
  readonly spent_micros: number;
}

/** Closes every circuit and forgets every place. For `beforeEach`. */
export async function forgetCircuits(): Promise<void> {
  const gate = env.GATES.getByName('providers');
  await runInDurableObject(gate, (_, { storage }) => storage.deleteAll());
  await evictDurableObject(gate);
}

/** How a provider is doing, by our own report. */
export async function reportOn(id: string): Promise<WireProvider> {
  const { data } = await (await call('/v1/providers')).json<{ readonly data: readonly WireProvider[] }>();
  const provider = data.find((candidate) => candidate.id === id);
  if (provider === undefined) throw new Error(`There is no provider ${id} in the report.`);
  return provider;
}
