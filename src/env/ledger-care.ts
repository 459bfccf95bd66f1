import type { Accounts } from '../accounts/accounts-port';
import type { ReconcileParts } from '../accounts/reconcile';
import type { RestoreParts } from '../accounts/restore';
import { version } from '../core/version';
import { LedgerAudit } from '../storage/ledger-audit';
import { LostLedger } from '../storage/lost-ledger';
import { PictureInventory } from '../storage/picture-inventory';
import { Retention } from '../storage/retention';
import { UsageReports } from '../storage/usage-reports';
import type { Config } from './config';
import type { Stores } from './stores';

/** What reads the ledger, and keeps it small and honest. */
export interface LedgerCare {
  readonly reports: UsageReports;
  readonly reconciling: ReconcileParts;
  readonly restoring: RestoreParts;
  readonly retention: Retention;
  readonly build: Readonly<Record<string, string>>;
}

export function ledgerCareOf(
  env: Env,
  config: Config,
  { accounts, credits, register }: Pick<Stores, 'credits' | 'register'> & { readonly accounts: Accounts },
): LedgerCare {
  const inventory = new PictureInventory(env.LEDGER, env.PICTURES);
  const now = () => Date.now();
  return {
    reports: new UsageReports(env.LEDGER),
    reconciling: {
      audit: new LedgerAudit(env.LEDGER),
      ...{ inventory, accounts, now },
      deadlineMs: config.RENDER_DEADLINE_SECONDS * 1000,
    },
    restoring: { lost: new LostLedger(env.LEDGER, env.PICTURES), inventory, register, credits, accounts, now },
    retention: new Retention(env.LEDGER),
    build: { version, route: config.ROUTE, on_unknown: config.ON_UNKNOWN },
  };
}
