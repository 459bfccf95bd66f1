import { type Accounts, accountsPort } from '../accounts/accounts-port';
import type { Administration } from '../accounts/administration';
import { KeyRing } from '../accounts/key-ring';
import { RefusalMemory } from '../accounts/refusal-memory';
import type { Catalogue } from '../core/dialect';
import type { Readiness } from '../http/readiness';
import type { Ports } from '../pipeline/ports';
import { providerEntries } from '../providers/registry';
import { KeyTable } from '../storage/key-table';
import { type PublicFigures, publicFigures } from '../storage/public-figures';
import { administrationOf } from './administration';
import { type Config, readConfig } from './config';
import { type LedgerCare, ledgerCareOf } from './ledger-care';
import { catalogueOf, createMarket, type Market } from './market';
import { pipelinePorts } from './pipeline-ports';
import { readinessOf } from './readiness';
import { type Stores, storesOf } from './stores';
import { type Visiting, visitingOf } from './visiting';

/** Everything a deployment is made of: built once for each isolate, from its bindings. */
export interface Service extends Omit<Stores, 'vault'>, LedgerCare, Visiting {
  readonly config: Config;
  readonly ports: Ports;
  readonly keyRing: KeyRing;
  readonly administration: Administration;
  readonly accounts: Accounts;
  readonly market: Market;
  readonly catalogue: Catalogue;
  readonly readiness: Readiness;
  publicFigures(): Promise<PublicFigures>;
}

/** @throws ConfigError */
export function buildService(env: Env): Service {
  const config = readConfig(env, providerEntries);
  const { vault, ...stores } = storesOf(env, config);
  const market = createMarket(config, {
    vault,
    gates: env.GATES,
    entriesForKeys: (id, key) => withCallersKey(config, id, key),
  });
  const keyRing = new KeyRing({
    keys: new KeyTable(env.LEDGER),
    developmentKey: config.DEV_API_KEY ?? null,
    adminToken: config.ADMIN_TOKEN ?? null,
    now: () => Date.now(),
  });
  const refusals = new RefusalMemory();
  const accounts = accountsPort(env.ACCOUNTS, () => refusals.forget(Date.now()));
  return {
    ...stores,
    ...ledgerCareOf(env, config, { ...stores, accounts }),
    ...visitingOf(env, config),
    publicFigures: () => publicFigures(env.LEDGER),
    readiness: readinessOf({
      ledger: () => env.LEDGER.prepare('SELECT 1 FROM accounts LIMIT 1').first(),
      pictures: () => stores.pictures.facts('0'.repeat(64)),
      objects: () => market.states(),
    }),
    ...{ config, accounts, market, keyRing },
    administration: administrationOf(env, { ...stores, config, accounts, keyRing }),
    catalogue: catalogueOf(market),
    ports: pipelinePorts(env, { ...stores, accounts, refusals, config, market, vault }),
  };
}

/** A provider with the key of a caller: at the operator's base URL where there is one, so that it goes nowhere else. */
function withCallersKey(config: Config, id: string, apiKey: string) {
  const entry = providerEntries.find((candidate) => candidate.id === id);
  if (entry === undefined) return null;
  const configured = config.providers.find((candidate) => candidate.entry.id === id);
  const baseUrl = configured?.settings.baseUrl ?? entry.defaultBaseUrl;
  return entry.create({ apiKey, baseUrl, accountId: configured?.settings.accountId ?? null, ai: null });
}
