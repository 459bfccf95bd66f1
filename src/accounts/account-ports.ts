import type { CreditEntry } from './account-messages';

/** What an Account object may touch outside itself. */
export interface AccountPorts {
  /** Writes entries into the ledger; each is one row however often it is sent. */
  record(accountId: string, entries: readonly CreditEntry[]): Promise<void>;
  /** Whether a render that the money was set aside for has begun, and is not settled. */
  isUnderWay(fingerprint: string, reservationId: string): Promise<boolean>;
  log(event: string, facts: Readonly<Record<string, unknown>>): void;
}
