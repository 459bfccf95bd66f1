import { accountPlans, hitPriceMicros } from './accounts.ts';
import type { CreditRow, Evidence, Standing, Violation } from './evidence.ts';
import { spentOf } from './judge-purchases.ts';

/** Ends without a picture that are given back (REFUND_FAILED is on by default). */
const refunded: ReadonlySet<string> = new Set(['failed', 'unknown', 'unfinished', 'lost']);

/** Each account's object stands where its payments, purchases and refunds put it. */
export function judgeMoney(evidence: Evidence): Violation[] {
  return accountPlans.flatMap(({ id }) => judgeAccount(evidence, id));
}

function judgeAccount(
  { rows, entries, standings, witness, outages, isOneDay }: Evidence,
  account: string,
): Violation[] {
  const standing = standings.find((candidate) => candidate.account === account);
  if (standing === undefined) return [{ rule: 'balance', subject: account, message: 'It has no standing.' }];
  const own = rows.filter(({ accountId }) => accountId === account);
  const spent = spentOf(own);
  const refunds = spentOf(own.filter(({ outcome }) => refunded.has(outcome)));
  const paidIn = witness.credited.get(account) ?? 0;
  const booked = entries.filter(({ accountId }) => accountId === account);
  const listed = sumOf(booked);
  // Hits and joins, which have a price: an entry of each batch.
  const hits = -sumOf(booked.filter(({ kind }) => kind === 'hits'));
  const pairs: readonly (readonly [string, number, number])[] = [
    ['The balance', paidIn + refunds - spent - hits, standing.balanceMicros],
    ['What the ledger says was credited', paidIn + refunds - hits, listed],
    ['What is set aside', standing.orphanedMicros + heldForJoins(standing, outages.length), standing.reservedMicros],
    ['What goes on', 0, standing.underWay],
    ...(isOneDay ? [['What was spent today', spent + hits, standing.dayMicros] as const] : []),
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
  return [...wrong, ...unsettled, ...judgeHits(hits, witness.askedBy.get(account) ?? 0, account)];
}

/** Killed between the hold for a join and the render's own row, a hit's price is set aside until the hold runs out. */
function heldForJoins({ reservedMicros, orphanedMicros }: Standing, kills: number): number {
  const held = reservedMicros - orphanedMicros;
  return held % hitPriceMicros === 0 && held > 0 && held <= kills * hitPriceMicros ? held : 0;
}

/** Each hit has the one price, and none is charged that nobody asked for. A kill may lose some that were not booked yet. */
function judgeHits(micros: number, asked: number, account: string): Violation[] {
  const count = micros / hitPriceMicros;
  if (Number.isInteger(count) && count >= 0 && count <= asked) return [];
  const message = `It was charged ${micros} for hits and joins, and asked ${asked} times.`;
  return [{ rule: 'hits', subject: account, message }];
}

const sumOf = (entries: readonly CreditRow[]) => entries.reduce((sum, { micros }) => sum + micros, 0);
