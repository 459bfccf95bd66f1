import type { Catalogue } from '../core/dialect';
import { candidatesOf, type Gates, inTurn, likeliest } from '../core/gate';
import type { ImageRequest } from '../core/image-request';
import { type Choice, choose, type Offer, offersFor, type Preference } from '../core/market';
import { priceMicros, squareMegapixel } from '../core/price';
import type { Provider } from '../core/provider';
import { sandboxProvider } from '../providers/sandbox/sandbox';
import type { GateObjectBase } from '../renders/gate-object';
import type { Gate } from '../renders/render-ports';
import type { Vault } from '../storage/vault';
import type { Config } from './config';

/** The providers of this deployment, and how one is chosen. */
export interface Market {
  readonly providers: readonly Provider[];
  readonly gate: Gate;
  offers(request: ImageRequest, preference: Preference): readonly Offer[];
  choose(request: ImageRequest, preference: Preference): Choice;
  /** A provider by its id, with a caller's own key where `sealedKey` holds one. */
  provider(id: string, sealedKey: string | null): Promise<Provider | null>;
  /** Of offers that are exact, the one that would be taken just now: by the circuits, the places and the route. */
  likeliest(offers: readonly Offer[]): Promise<Offer | undefined>;
  states(): Promise<Gates>;
}

/** What a caller's key is sealed for: it opens for nothing else. */
export const callerKeyPurpose = 'provider-key';

export function createMarket(config: Config, { vault, gates, entriesForKeys }: MarketParts): Market {
  const sandbox = sandboxProvider({ latencyMs: config.SANDBOX_LATENCY_MS });
  const configured = config.providers.map(({ entry, settings }) => entry.create(settings));
  const providers = inOrder(config, config.usesSandbox ? [...configured, sandbox] : configured);
  const offers = (request: ImageRequest, preference: Preference) =>
    offersFor(candidatesFor(preference, providers, entriesForKeys), request, { route: config.ROUTE, preference });
  return {
    providers,
    gate: gateOf(gates, config.ROUTE === 'latency'),
    offers,
    choose: (request, preference) => choose(offers(request, preference), request, preference),
    provider: async (id, sealedKey) => {
      if (sealedKey === null) return providers.find((provider) => provider.id === id) ?? null;
      return entriesForKeys(id, await vault.open(sealedKey, callerKeyPurpose));
    },
    likeliest: async (offered) => {
      const [only, ...others] = offered;
      if (others.length === 0) return only;
      const states = await gateStub(gates).states();
      const candidates = inTurn(states, candidatesOf(offered), config.ROUTE === 'latency');
      const found = likeliest(states, { candidates, now: Date.now() });
      return offered.find(({ provider }) => provider.id === found?.provider);
    },
    states: async () => await gateStub(gates).states(),
  };
}

export interface MarketParts {
  readonly vault: Vault;
  readonly gates: GateNamespace;
  /** A provider with a caller's own key; null where there is no such provider. */
  readonly entriesForKeys: (id: string, key: string) => Provider | null;
}

/** What this deployment offers, for model lists and pages. */
export function catalogueOf({ providers }: Market): Catalogue {
  const first = providers[0];
  return {
    priceMicros: first === undefined ? 0 : priceMicros(first.capability.price, squareMegapixel),
    isSandbox: providers.every((provider) => provider.isSandbox),
    providers: providers.map((provider) => provider.id),
  };
}

/** A caller may name a provider that the operator has no key for, and bring one: its capabilities are the same. */
function candidatesFor(
  preference: Preference,
  providers: readonly Provider[],
  entriesForKeys: MarketParts['entriesForKeys'],
): readonly Provider[] {
  if (preference.provider === null || !preference.bringsKey) return providers;
  const provider = entriesForKeys(preference.provider, 'the key is not needed to weigh a request');
  return provider === null ? [] : [provider];
}

function inOrder({ PROVIDERS: wanted }: Config, providers: readonly Provider[]): readonly Provider[] {
  if (wanted.length === 0) return providers;
  return wanted.flatMap((id) => providers.filter((provider) => provider.id === id));
}

type GateFace = Pick<GateObjectBase<unknown>, 'acquire' | 'report' | 'states'>;
type GateStub = {
  readonly [Name in keyof GateFace]: (...given: Parameters<GateFace[Name]>) => Promise<ReturnType<GateFace[Name]>>;
};
export interface GateNamespace {
  getByName(name: string): unknown;
}

// The platform's own type of a stub is too deep for the compiler to compare with ours.
const gateStub = (gates: GateNamespace) => gates.getByName('providers') as GateStub;

/** A single provider without a limit needs no gate: there is nothing to choose, and nothing to wait for. */
function gateOf(gates: GateNamespace, isFastestFirst: boolean): Gate {
  return {
    acquire: async (render, candidates) => {
      const [only, ...others] = candidates;
      if (only !== undefined && others.length === 0 && only.provider === 'sandbox')
        return { kind: 'granted', provider: only.provider };
      return await gateStub(gates).acquire(render, candidates, isFastestFirst);
    },
    report: async (provider, report) => {
      if (provider !== 'sandbox') await gateStub(gates).report(provider, report);
    },
  };
}
