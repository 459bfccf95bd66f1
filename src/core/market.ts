import { Fault } from './fault';
import { type Fit, fitOf } from './fit';
import type { ImageRequest } from './image-request';
import { priceMicros } from './price';
import type { Provider } from './provider';

export const routes = ['order', 'price', 'latency'] as const;
/** How to choose between providers that can make exactly the picture: the operator's order, the price, or the speed. */
export type Route = (typeof routes)[number];

/** What one provider could do about a request. */
export interface Offer {
  readonly provider: Provider;
  readonly fit: Fit;
  /** For the request as this provider would make it. */
  readonly priceMicros: number;
}

/** What a caller says about who is to make the picture. */
export interface Preference {
  /** The one provider to ask; null: any. */
  readonly provider: string | null;
  /** Whether the caller brings a key of its own for that provider. */
  readonly bringsKey: boolean;
  /** Whether a picture that is not exactly the one asked for will do. */
  readonly allowsNearest: boolean;
}

/** Every provider's offer, in the order in which they would be asked. */
export function offersFor(
  providers: readonly Provider[],
  request: ImageRequest,
  { route, preference }: { route: Route; preference: Preference },
): Offer[] {
  const asked = preference.provider === null ? providers : providers.filter(({ id }) => id === preference.provider);
  const offers = asked.map((provider) => offerOf(provider, request));
  return route === 'price' ? offers.toSorted((a, b) => a.priceMicros - b.priceMicros) : offers;
}

/** What the dearest of those asks that can make exactly the picture; 0: none can. */
export function dearestMicros(offers: readonly Offer[]): number {
  const exact = offers.filter(({ fit }) => fit.kind === 'exact');
  return Math.max(0, ...exact.map(({ priceMicros }) => priceMicros));
}

/** The request that will be made, and what changed in it. Exact offers come before adjusted ones. */
export interface Choice {
  readonly request: ImageRequest;
  readonly changes: readonly string[];
  readonly offer: Offer;
}

/** @throws Fault `no_provider` that says for each provider why it cannot make the picture. */
export function choose(offers: readonly Offer[], request: ImageRequest, preference: Preference): Choice {
  const exact = offers.find(({ fit }) => fit.kind === 'exact');
  if (exact !== undefined) return { request, changes: [], offer: exact };
  if (preference.allowsNearest) {
    for (const offer of offers) {
      if (offer.fit.kind === 'adjusted') return { request: offer.fit.request, changes: offer.fit.changes, offer };
    }
  }
  throw noProvider(offers, preference);
}

function offerOf(provider: Provider, request: ImageRequest): Offer {
  const fit = fitOf(provider.capability, request);
  const made = fit.kind === 'adjusted' ? fit.request : request;
  return { provider, fit, priceMicros: priceMicros(provider.capability.price, made) };
}

function noProvider(offers: readonly Offer[], preference: Preference): Fault {
  if (offers.length === 0 && preference.provider !== null) {
    return Fault.ofField('x-fluxgate-provider', `there is no provider "${preference.provider.slice(0, 40)}" here.`);
  }
  const reasons = offers.map(({ provider, fit }) => ({ path: [provider.id], message: reasonOf(fit) }));
  const list = reasons.map(({ path, message }) => `${path.join('')}: ${message}`).join('; ');
  const hint = offers.some(({ fit }) => fit.kind === 'adjusted')
    ? ' Send "x-fluxgate-fit: nearest" to take what comes nearest.'
    : '';
  return new Fault('no_provider', `No configured provider can make exactly this picture. ${list}.${hint}`, {
    issues: reasons,
  });
}

function reasonOf(fit: Fit): string {
  if (fit.kind === 'cannot') return fit.reasons.join(', ');
  return fit.kind === 'adjusted' ? fit.changes.join(', ') : 'can';
}
