import type { Purchase } from '../storage/usage-ledger';
import type { CreditEntry } from './account-messages';

/** Ends without a picture that are nobody's doing who ordered it. A picture that was moderated is its prompt's. */
const refunded: ReadonlySet<string> = new Set(['failed', 'unknown', 'unfinished', 'lost']);

/** The entries that give back what renders without a picture cost; none where the operator does not refund them. */
export function refundsOf(purchases: readonly Purchase[], isRefunding: boolean): CreditEntry[] {
  const lost = purchases.filter(({ outcome, spentMicros }) => isRefunding && refunded.has(outcome) && spentMicros > 0);
  return lost.map(({ id, outcome, spentMicros, settledAt }) => ({
    id: `refund-${id}`,
    kind: 'refund',
    micros: spentMicros,
    note: `No picture: ${outcome}`,
    purchaseId: id,
    at: settledAt,
  }));
}
