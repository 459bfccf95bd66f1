import { localEnvironment } from '../../scripts/environment.mjs';
import { run } from '../../scripts/guarded.mjs';
import { tool } from '../../scripts/root.mjs';

/** A purchase as the ledger has it. */
export interface PurchaseRow {
  readonly id: string;
  readonly fingerprint: string;
  readonly provider: string;
  readonly outcome: string;
  readonly spentMicros: number;
}

const sql = 'SELECT id, fingerprint, provider, outcome, spent_micros AS spentMicros FROM purchases';

/** Reads the ledger of a service that is not running, from its files. */
export async function ledgerRows(state: string): Promise<readonly PurchaseRow[]> {
  const where = ['LEDGER', '--local', '--persist-to', state];
  const { code, output } = await run([tool('wrangler'), 'd1', 'execute', ...where, '--json', '--command', sql], {
    env: localEnvironment(),
  });
  if (code !== 0 || !output.includes('[')) throw new Error(`The ledger cannot be read:\n${output}`);
  const [answer]: { results: PurchaseRow[] }[] = JSON.parse(output.slice(output.indexOf('[')));
  return answer?.results ?? [];
}
