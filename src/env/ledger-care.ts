import type { Accounts } from '../accounts/accounts-port';
import type { ReconcileParts } from '../accounts/reconcile';
import { version } from '../core/version';
import { LedgerAudit } from '../storage/ledger-audit';
import { PictureInventory } from '../storage/picture-inventory';
import { Retention } from '../storage/retention';
import { UsageReports } from '../storage/usage-reports';
import type { Config } from './config';

/** What reads the ledger, and keeps it small and honest. */
export interface LedgerCare {
  readonly reports: UsageReports;
  readonly reconciling: ReconcileParts;
  readonly retention: Retention;
  readonly build: Readonly<Record<string, string>>;
}

export function ledgerCareOf(env: Env, config: Config, accounts: Accounts): LedgerCare {
  return {
    reports: new UsageReports(env.LEDGER),
    reconciling: {
      audit: new LedgerAudit(env.LEDGER),
      inventory: new PictureInventory(env.LEDGER, env.PICTURES),
      accounts,
      deadlineMs: config.RENDER_DEADLINE_SECONDS * 1000,
      now: () => Date.now(),
    },
    retention: new Retention(env.LEDGER),
    build: { version, route: config.ROUTE, on_unknown: config.ON_UNKNOWN },
  };
}
