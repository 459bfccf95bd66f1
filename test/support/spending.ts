import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { Standing } from '../../src/accounts/account-messages';
import { accounts } from './reserve';

/** A row of the ledger, as an auditor reads it. */
export interface SpendingRow {
  readonly id: string;
  readonly fingerprint: string;
  readonly key_id: string | null;
  readonly dialect: string;
  readonly outcome: string;
  readonly input_megapixels: number;
  readonly output_megapixels: number;
  readonly quoted_micros: number;
  readonly actual_micros: number | null;
  readonly spent_micros: number;
}

/** What an account bought, in the order of settlement. */
export async function rowsOf(account: string): Promise<readonly SpendingRow[]> {
  const statement = 'SELECT * FROM purchases WHERE account_id = ?1 ORDER BY settled_at';
  return (await env.LEDGER.prepare(statement).bind(account).all<SpendingRow>()).results;
}

export const totalOf = (rows: readonly SpendingRow[]) => rows.reduce((sum, { spent_micros }) => sum + spent_micros, 0);

/** Once nothing of an account is in the making any more: every purchase is settled and booked. */
export async function whenSettled(account: string): Promise<Standing> {
  return await vi.waitFor(
    async () => {
      const standing = await accounts.standing(account);
      if (standing.inFlight > 0) throw new Error(`${standing.inFlight} pictures of ${account} are in the making.`);
      return standing;
    },
    { timeout: 15_000, interval: 30 },
  );
}

/** What hits and joins of an account were counted as. */
export async function countsOf(account: string): Promise<Readonly<Record<string, number>>> {
  const statement = 'SELECT kind, sum(count) AS count FROM daily_counts WHERE account_id = ?1 GROUP BY kind';
  const rows = (await env.LEDGER.prepare(statement).bind(account).all<{ kind: string; count: number }>()).results;
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

/** The price list of the sandbox, worked out anew: five cents a megapixel, the first one whole, exact to two decimals. */
export function priceOfMegapixels({ input_megapixels: input, output_megapixels: output }: SpendingRow): number {
  return Math.round(50_000 * (Math.max(1, output) + input));
}
