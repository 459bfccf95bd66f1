import type { Sale } from '../vendors/simulator.ts';
import type { Plan } from './plan.ts';
import type { Outage } from './service.ts';
import type { Witness } from './witness.ts';

/** A purchase as the ledger has it, oldest first. Money in micro-dollars. */
export interface PurchaseRow {
  readonly id: string;
  readonly accountId: string;
  readonly fingerprint: string;
  readonly provider: string;
  readonly outcome: string;
  readonly task: string;
  readonly settledAt: number;
  readonly quotedMicros: number;
  readonly spentMicros: number;
}
export interface CreditRow {
  readonly accountId: string;
  readonly kind: string;
  readonly micros: number;
}
export interface ListedRender {
  readonly fingerprint: string;
  readonly sha256: string;
}
/** An object of the picture store, looked at. */
export interface StoredFile {
  readonly key: string;
  readonly fingerprint: string;
  readonly isMaster: boolean;
  readonly sha256: string;
  /** The digest that stands beside a master. */
  readonly declaredSha256: string | null;
  /** What is wrong with it as a picture; null: it decodes whole, in its own size. */
  readonly problem: string | null;
}
export interface VendorSale extends Sale {
  readonly vendor: string;
}
/** How an account stands by its own object. */
export interface Standing {
  readonly account: string;
  readonly balanceMicros: number;
  readonly reservedMicros: number;
  readonly dayMicros: number;
  /** What its tasks under way have set aside that the service knows nothing of any more: it heals by itself. */
  readonly orphanedMicros: number;
  /** Ids of those tasks. */
  readonly orphans: readonly string[];
  /** Tasks that still go on. */
  readonly underWay: number;
}
export interface Difference {
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** All that is known when a run is over. */
export interface Evidence {
  /** As it was performed: with the orders that were placed. */
  readonly plan: Plan;
  /** How many orders were to be placed: more than in `plan` where the machine did not keep up. */
  readonly plannedOrders: number;
  readonly witness: Witness;
  readonly outages: readonly Outage[];
  readonly sales: readonly VendorSale[];
  readonly rows: readonly PurchaseRow[];
  readonly entries: readonly CreditRow[];
  readonly renders: readonly ListedRender[];
  readonly files: readonly StoredFile[];
  readonly standings: readonly Standing[];
  readonly differences: readonly Difference[];
  /** Paths at which a webhook was taken. */
  readonly webhooks: ReadonlySet<string>;
  /** Picture URLs that did not answer with a picture. */
  readonly deadUrls: readonly string[];
  /** What the service printed, in lines, and those of them that hold what no log may. */
  readonly log: { readonly lines: number; readonly leaks: readonly string[] };
  /** Whether all of it was in one UTC day. */
  readonly isOneDay: boolean;
}

/** Something that must not be. */
export interface Violation {
  readonly rule: string;
  readonly subject: string;
  readonly message: string;
}
