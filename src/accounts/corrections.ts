import type { Correction, LedgerDay } from '../storage/lost-ledger';
import type { SpentDay } from './account-messages';

/**
 * What the ledger lacks of what an account spent, by days: together exactly the difference of the two sums. What is
 * missing goes to the newest days that lack something, so that a purchase which is counted before midnight by one and
 * after it by the other moves nothing. What is too much is taken back from restored rows alone.
 */
export function corrections(account: readonly SpentDay[], ledger: readonly LedgerDay[]): readonly Correction[] {
  const days = new Set([...account, ...ledger].map(({ day }) => day));
  const spent = new Map(account.map(({ day, micros }) => [day, micros]));
  const known = new Map(ledger.map((row) => [row.day, row]));
  let missing = sum(account) - sum(ledger);
  const isTooMuch = missing < 0;
  return [...days]
    .toSorted()
    .reverse()
    .flatMap((day) => {
      const row = known.get(day);
      const lacking = (spent.get(day) ?? 0) - (row?.micros ?? 0);
      const micros = isTooMuch
        ? -Math.min(Math.max(0, row?.restoredMicros ?? 0), -missing)
        : Math.min(Math.max(0, lacking), missing);
      missing -= micros;
      return micros === 0 ? [] : [{ day, micros, row: row?.restoredRows ?? 0 }];
    });
}

function sum(days: readonly { readonly micros: number }[]): number {
  return days.reduce((total, { micros }) => total + micros, 0);
}
