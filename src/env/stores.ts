import { ProviderKeys } from '../accounts/provider-keys';
import { providerEntries } from '../providers/registry';
import { CreditTable } from '../storage/credit-table';
import { LinkSignatures } from '../storage/link-signatures';
import { PictureRegister } from '../storage/picture-register';
import { PictureStore } from '../storage/picture-store';
import { ReferenceStore } from '../storage/reference-store';
import { Renditions } from '../storage/renditions';
import { Signatures } from '../storage/signatures';
import { UsageLedger } from '../storage/usage-ledger';
import { Vault } from '../storage/vault';
import type { Config } from './config';
import { callerKeyPurpose } from './market';

/** What keeps things, and the secrets that it is kept with. */
export interface Stores {
  readonly signatures: Signatures;
  readonly linkSignatures: LinkSignatures;
  readonly vault: Vault;
  readonly ledger: UsageLedger;
  readonly credits: CreditTable;
  readonly pictures: PictureStore;
  readonly register: PictureRegister;
  readonly renditions: Renditions;
  readonly references: ReferenceStore;
  readonly providerKeys: ProviderKeys;
}

export function storesOf(env: Env, config: Config): Stores {
  const { SIGNING_SECRET: secret, SIGNING_SECRET_PREVIOUS: previous = null } = config;
  const signatures = new Signatures(secret, previous);
  const vault = new Vault(secret, previous);
  const pictures = new PictureStore(env.PICTURES);
  return {
    signatures,
    linkSignatures: new LinkSignatures(signatures),
    vault,
    ledger: new UsageLedger(env.LEDGER),
    credits: new CreditTable(env.LEDGER),
    pictures,
    register: new PictureRegister(env.LEDGER),
    renditions: new Renditions(env.IMAGES, pictures),
    references: new ReferenceStore(env.PICTURES, (input, init) => fetch(input, init), config.TRUSTED_ORIGINS),
    providerKeys: new ProviderKeys(env.LEDGER, {
      providers: providerEntries.map(({ id }) => id),
      seal: (key) => vault.seal(key, callerKeyPurpose),
      reseal: (sealedKey) => vault.reseal(sealedKey, callerKeyPurpose),
    }),
  };
}
