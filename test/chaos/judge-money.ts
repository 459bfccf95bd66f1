import { accountPlans } from './accounts.ts';
import type { Evidence, Violation } from './evidence.ts';
import { spentOf } from './judge-purchases.ts';

/** Ends without a picture that are given back (REFUND_FAILED is on by default). */
const refunded: ReadonlySet<string> = new Set(['failed', 'unknown', 'unfinished', 'lost']);

/** Each account's object stands where its payments, purchases and refunds put it. */
export function judgeMoney(evidence: Evidence): Violation[] {
  return accountPlans.flatMap(({ id }) => judgeAccount(evidence, id));
}

function judgeAccount({ rows, entries, standings, witness, isOneDay }: Evidence, account: string): Violation[] {
  const standing = standings.find((candidate) => candidate.account === account);
  if (standing === undefined) return [{ rule: 'balance', subject: account, message: 'It has no standing.' }];
  const own = rows.filter(({ accountId }) => accountId === account);
  const spent = spentOf(own);
  const refunds = spentOf(own.filter(({ outcome }) => refunded.has(outcome)));
  const paidIn = witness.credited.get(account) ?? 0;
  const listed = entries.filter(({ accountId }) => accountId === account).reduce((sum, { micros }) => sum + micros, 0);
  const pairs: readonly (readonly [string, number, number])[] = [
    ['The balance', paidIn + refunds - spent, standing.balanceMicros],
    ['What the ledger says was credited', paidIn + refunds, listed],
    ['What is set aside', standing.orphanedMicros, standing.reservedMicros],
    ['What goes on', 0, standing.underWay],
    ...(isOneDay ? [['What was spent today', spent, standing.dayMicros] as const] : []),
  ];
  const settled = new Set(own.map(({ task }) => task));
  const unsettled = standing.orphans
    .filter((task) => settled.has(task))
    .map((task) => {
      return { rule: 'balance', subject: account, message: `Money is set aside for ${task}, which is in the ledger.` };
    });
  const wrong = pairs
    .filter(([, expected, actual]) => expected !== actual)
    .map(([what, expected, actual]) => {
      return { rule: 'balance', subject: account, message: `${what} should be ${expected}, and is ${actual}.` };
    });
  return [...wrong, ...unsettled];
}
