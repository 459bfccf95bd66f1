import type { Account } from '../accounts/account';
import type { KeyRing } from '../accounts/key-ring';
import type { ProviderKeys } from '../accounts/provider-keys';
import type { Catalogue } from '../core/dialect';
import type { Gates } from '../core/gate';
import type { Provider } from '../core/provider';
import type { Ports } from '../pipeline/ports';
import type { PictureStore } from '../storage/picture-store';
import type { ReferenceStore } from '../storage/reference-store';
import type { Renditions } from '../storage/renditions';
import type { Signatures } from '../storage/signatures';
import type { UsageLedger } from '../storage/usage-ledger';

/** The providers, as their report shows them. */
export interface MarketFace {
  readonly providers: readonly Provider[];
  states(): Promise<Gates>;
}

/** What the front door works with. */
export interface Front {
  readonly ports: Ports;
  readonly keyRing: KeyRing;
  readonly providerKeys: ProviderKeys;
  readonly ledger: UsageLedger;
  readonly pictures: PictureStore;
  readonly renditions: Renditions;
  readonly references: ReferenceStore;
  readonly signatures: Signatures;
  readonly catalogue: Catalogue;
  readonly market: MarketFace;
}

/** Hono's types for our apps: the service is set before any route runs. */
export interface FrontEnv {
  Variables: { front: Front; requestId: string; account: Account };
}
