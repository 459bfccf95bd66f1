import type { Count } from '../storage/usage-ledger';
import type { CreditEntry } from './account-messages';

/** What counted hits and joins take from each account's balance: an entry of the same id for each that pays anything. */
export function hitsEntries(
  counts: readonly Count[],
  { id, at }: Pick<CreditEntry, 'id' | 'at'>,
): { readonly accountId: string; readonly entry: CreditEntry }[] {
  const byAccount = Map.groupBy(counts, ({ accountId }) => accountId);
  const entries = Array.from(byAccount, ([accountId, own]) => {
    const hits = own.reduce((sum, { count }) => sum + count, 0);
    const micros = own.reduce((sum, { chargedMicros = 0 }) => sum - chargedMicros, 0);
    const note = `${hits} pictures that were stored or in the making`;
    return { accountId, entry: { id, kind: 'hits' as const, micros, note, purchaseId: null, at } };
  });
  return entries.filter(({ entry }) => entry.micros < 0);
}
