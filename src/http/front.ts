import type { Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts-port';
import type { Administration } from '../accounts/administration';
import type { KeyHolder } from '../accounts/api-key';
import type { KeyRing } from '../accounts/key-ring';
import type { ProviderKeys } from '../accounts/provider-keys';
import type { ReconcileParts } from '../accounts/reconcile';
import type { RestoreParts } from '../accounts/restore';
import type { Catalogue } from '../core/dialect';
import type { Gates } from '../core/gate';
import type { Provider } from '../core/provider';
import type { Ports } from '../pipeline/ports';
import type { LinkSignatures } from '../storage/link-signatures';
import type { PictureRegister } from '../storage/picture-register';
import type { PictureStore } from '../storage/picture-store';
import type { ReferenceStore } from '../storage/reference-store';
import type { Renditions } from '../storage/renditions';
import type { Signatures } from '../storage/signatures';
import type { UsageLedger } from '../storage/usage-ledger';
import type { UsageReports } from '../storage/usage-reports';
import type { AnonymousRules } from './anonymous';
import type { Readiness } from './readiness';
import type { LoggedRequests, RequestFacts } from './request-log';
import type { Visitors } from './visitor-rates';

/** The providers, as their report shows them. */
export interface MarketFace {
  readonly providers: readonly Provider[];
  states(): Promise<Gates>;
}

/** What the front door works with. */
export interface Front {
  readonly ports: Ports;
  readonly keyRing: KeyRing;
  readonly accounts: Accounts;
  readonly administration: Administration;
  readonly providerKeys: ProviderKeys;
  readonly ledger: UsageLedger;
  readonly reports: UsageReports;
  readonly reconciling: ReconcileParts;
  readonly restoring: RestoreParts;
  /** What runs, by name: see `/metrics`. */
  readonly build: Readonly<Record<string, string>>;
  readonly pictures: PictureStore;
  readonly register: PictureRegister;
  readonly renditions: Renditions;
  readonly references: ReferenceStore;
  readonly signatures: Signatures;
  readonly linkSignatures: LinkSignatures;
  readonly catalogue: Catalogue;
  /** Which requests get a line in the log. */
  readonly logged: LoggedRequests;
  readonly visitors: Visitors;
  /** What requests without a key may do; null: nothing that needs one. */
  readonly anonymous: AnonymousRules | null;
  /** An account by its id, as it was within the last half minute; null: there is none. */
  accountOf(id: string): Promise<Account | null>;
  readonly market: MarketFace;
  readonly readiness: Readiness;
}

/**
 * Hono's types for our apps: the service is set before any route runs. `actor` names who runs the deployment, in routes
 * that need the scope `admin`; the operator's token has no account and no holder.
 */
export interface FrontEnv {
  Variables: {
    front: Front;
    requestId: string;
    facts: RequestFacts;
    account: Account;
    holder: KeyHolder | null;
    actor: string;
    /** Whether the request asks for what only administrators may, or comes with the operator's token. */
    isForAdmins?: boolean;
  };
}
