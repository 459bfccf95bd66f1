import { type Accounts, accountsPort } from '../accounts/accounts-port';
import type { Administration } from '../accounts/administration';
import { HitCharge } from '../accounts/hit-charge';
import { KeyRing } from '../accounts/key-ring';
import { ProviderKeys } from '../accounts/provider-keys';
import { UsageCounter } from '../accounts/usage-counter';
import type { Catalogue } from '../core/dialect';
import { openTaskId, sealTaskId } from '../core/task-id';
import { openPictures } from '../pipeline/open-pictures';
import type { Ports, Uploads } from '../pipeline/ports';
import { providerEntries } from '../providers/registry';
import { rendersPort } from '../renders/renders-port';
import { CreditTable } from '../storage/credit-table';
import { KeyTable } from '../storage/key-table';
import { LinkSignatures } from '../storage/link-signatures';
import { PictureRegister } from '../storage/picture-register';
import { PictureStore } from '../storage/picture-store';
import { type PublicFigures, publicFigures } from '../storage/public-figures';
import { ReferenceStore } from '../storage/reference-store';
import { Renditions } from '../storage/renditions';
import { Signatures } from '../storage/signatures';
import { TaskList } from '../storage/task-list';
import { UsageLedger } from '../storage/usage-ledger';
import { Vault } from '../storage/vault';
import { administrationOf } from './administration';
import { type Config, readConfig } from './config';
import { type LedgerCare, ledgerCareOf } from './ledger-care';
import { callerKeyPurpose, catalogueOf, createMarket, type Market } from './market';
import { pictureUrls } from './picture-urls';
import { type Visiting, visitingOf } from './visiting';

/** Everything a deployment is made of: built once for each isolate, from its bindings. */
export interface Service extends LedgerCare, Visiting {
  readonly config: Config;
  readonly ports: Ports;
  readonly keyRing: KeyRing;
  readonly administration: Administration;
  readonly accounts: Accounts;
  readonly credits: CreditTable;
  readonly providerKeys: ProviderKeys;
  readonly ledger: UsageLedger;
  readonly pictures: PictureStore;
  readonly register: PictureRegister;
  readonly renditions: Renditions;
  readonly references: ReferenceStore;
  readonly signatures: Signatures;
  readonly linkSignatures: LinkSignatures;
  readonly market: Market;
  readonly catalogue: Catalogue;
  publicFigures(): Promise<PublicFigures>;
}

/** @throws ConfigError */
export function buildService(env: Env): Service {
  const config = readConfig(env, providerEntries);
  const signatures = new Signatures(config.SIGNING_SECRET);
  const linkSignatures = new LinkSignatures(signatures);
  const vault = new Vault(config.SIGNING_SECRET);
  const ledger = new UsageLedger(env.LEDGER);
  const pictures = new PictureStore(env.PICTURES);
  const register = new PictureRegister(env.LEDGER);
  const renditions = new Renditions(env.IMAGES, pictures);
  const references = new ReferenceStore(env.PICTURES, (input, init) => fetch(input, init), config.TRUSTED_ORIGINS);
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
  const providerKeys = new ProviderKeys(env.LEDGER, {
    providers: providerEntries.map(({ id }) => id),
    seal: (key) => vault.seal(key, callerKeyPurpose),
  });
  const accounts = accountsPort(env.ACCOUNTS);
  const credits = new CreditTable(env.LEDGER);
  const parts = {
    ...ledgerCareOf(env, config, accounts),
    ...visitingOf(env, config),
    publicFigures: () => publicFigures(env.LEDGER),
    accounts,
    credits,
    config,
    ledger,
    pictures,
    register,
    renditions,
    references,
    signatures,
    linkSignatures,
    market,
    providerKeys,
    administration: administrationOf(env, { config, accounts, credits, ledger, register, keyRing, signatures }),
  };
  return { ...parts, keyRing, catalogue: catalogueOf(market), ports: portsOf(env, { ...parts, vault }) };
}

type Parts = Omit<Service, 'ports' | 'keyRing' | 'catalogue'> & { readonly vault: Vault };

function portsOf(
  env: Env,
  { accounts, config, ledger, pictures, renditions, references, signatures, market, providerKeys, vault }: Parts,
): Ports {
  const counter = new UsageCounter(ledger, accounts);
  return {
    renders: rendersPort(env.RENDERS),
    accounts,
    hitCharge: new HitCharge(accounts, config.HIT_PRICE_MICROS),
    pictures: openPictures(pictures, renditions),
    taskIds: {
      seal: async (handle) => await sealTaskId(handle, await signatures.taskKey),
      open: async (id) => await openTaskId(id, await signatures.taskKey),
    },
    uploads: uploadsOf(references, signatures),
    waitSeconds: config.WAIT_SECONDS,
    trustedOrigins: config.TRUSTED_ORIGINS,
    admitReference: (source, own) => references.admit(source, own),
    settledTasks: new TaskList(env.LEDGER),
    offers: (request, preference) => market.offers(request, preference),
    choose: (request, preference) => market.choose(request, preference),
    storedKeys: (accountId) => providerKeys.keysOf(accountId),
    sealKey: (key) => vault.seal(key, callerKeyPurpose),
    ...pictureUrls(signatures, config.PRIVATE_URL_SECONDS),
    count: (counted, defer) => counter.add(counted, defer),
    seedOfKey: (accountId, key) => signatures.number('seed', `${accountId}\n${key}`),
    drawSeed: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    drawNonce: () => crypto.getRandomValues(new Uint8Array(7)).toHex(),
    now: () => Date.now(),
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

function uploadsOf(references: ReferenceStore, signatures: Signatures): Uploads {
  return {
    put: (file, id) => references.upload(file, id),
    find: (id) => references.uploaded(id),
    bytes: async (id) => {
      const object = await references.read(id);
      return object === null ? null : new Uint8Array(await object.arrayBuffer());
    },
    promise: async () => {
      const id = `u${crypto.getRandomValues(new Uint8Array(20)).toHex()}`;
      return { id, ticket: `${id}.${await signatures.sign('upload', id)}` };
    },
    redeem: async (ticket) => {
      const [id = '', signature = ''] = ticket.split('.');
      return (await signatures.isSigned('upload', id, signature)) ? id : null;
    },
  };
}
