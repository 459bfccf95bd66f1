import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A purchase as the ledger has it. */
export interface PurchaseRow {
  readonly id: string;
  readonly fingerprint: string;
  readonly provider: string;
  readonly outcome: string;
  readonly spentMicros: number;
}

const sql = 'SELECT id, fingerprint, provider, outcome, spent_micros AS spentMicros FROM purchases';

/** Reads the ledger of a service that is not running, from its files: SQLite's own, of which only one has purchases. */
export function ledgerRows(state: string): readonly PurchaseRow[] {
  const folder = join(state, 'v3/d1');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sqlite'));
  const ledgers = paths.map((path) => new DatabaseSync(join(folder, path)));
  try {
    const [ledger, ...others] = ledgers.filter(hasPurchases);
    if (ledger === undefined || others.length > 0) throw new Error(`${ledgers.length} databases, and no one ledger.`);
    return ledger.prepare(sql).all() as unknown as PurchaseRow[];
  } finally {
    for (const ledger of ledgers) ledger.close();
  }
}

const hasPurchases = (database: DatabaseSync) =>
  database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'purchases'").get() !== undefined;
