import type * as z from 'zod';
import { allowanceName } from '../accounts/allowances';
import type { WireListedKey } from '../core/wire/api-key';
import type { Front } from './front';
import { cursorOf, type pageQuerySchema, positionOf, wirePage } from './page';
import { wireKey } from './wire-key';

/** A page of an account's keys, the newest first, each with what it spent. No secret is in it. */
export async function pageOfKeys(
  { accounts, administration }: Pick<Front, 'accounts' | 'administration'>,
  accountId: string,
  { limit, cursor }: z.output<typeof pageQuerySchema>,
) {
  const keys = await administration.keys.list(accountId, positionOf(cursor), limit + 1);
  const spent = await accounts.spentWithin(accountId, keys.map(allowanceName));
  const rows = keys.map((key, index) => ({ key, spent: spent[index] ?? { todayMicros: 0, everMicros: 0 } }));
  return wirePage(rows, {
    limit,
    wire: (row): WireListedKey => ({ ...wireKey(row.key), spent: wireSpent(row.spent) }),
    place: ({ key }) => cursorOf({ at: key.createdAt, id: key.id }),
  });
}

const wireSpent = ({ todayMicros, everMicros }: { readonly todayMicros: number; readonly everMicros: number }) => ({
  today_micros: todayMicros,
  ever_micros: everMicros,
});
