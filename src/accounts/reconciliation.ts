import type { DaySums, LedgerMoney, SuspectPurchase } from '../storage/ledger-audit';
import type { RenderRow, StoredState } from '../storage/picture-inventory';
import type { Standing } from './accounts-port';

/** Two records of one thing that do not agree. */
export interface Difference {
  readonly kind: string;
  /** What it is about: an account, a purchase or a picture. */
  readonly subject: string;
  readonly message: string;
  readonly expected: number | string | null;
  readonly actual: number | string | null;
}

/** Days of an account whose roll-ups are not the sum of its purchases. */
export function dayDifferences(accountId: string, days: readonly DaySums[]): Difference[] {
  return days.map(({ day, rows, rollUps }) => {
    const isMoney = rows.spentMicros !== rollUps.spentMicros;
    return {
      kind: 'roll_up',
      subject: `${accountId}/${day}`,
      message: `The ${isMoney ? 'money spent' : 'number of purchases'} of the day is not what its purchases come to.`,
      expected: isMoney ? rows.spentMicros : rows.purchases,
      actual: isMoney ? rollUps.spentMicros : rollUps.purchases,
    };
  });
}

/** Where an account's object and the ledger do not agree. `now` and `deadlineMs` in milliseconds. */
export function standingDifferences(
  accountId: string,
  known: {
    readonly standing: Standing;
    readonly ledger: LedgerMoney;
    readonly now: number;
    readonly deadlineMs: number;
  },
): Difference[] {
  const { standing, ledger, now, deadlineMs } = known;
  const pairs = [
    { kind: 'credited', what: 'What was credited', expected: ledger.creditedMicros, actual: standing.creditedMicros },
    { kind: 'spent', what: 'What was ever spent', expected: ledger.spentMicros, actual: standing.spentMicros },
    {
      kind: 'balance',
      what: 'The balance',
      expected: ledger.creditedMicros - ledger.spentMicros,
      actual: standing.balanceMicros,
    },
    { kind: 'day_spent', what: 'What was spent today', expected: ledger.dayMicros, actual: standing.day.micros },
    {
      kind: 'month_spent',
      what: 'What was spent this month',
      expected: ledger.monthMicros,
      actual: standing.month.micros,
    },
  ];
  const money = pairs.filter(({ expected, actual }) => expected !== actual);
  return [
    ...money.map(({ kind, what, expected, actual }) => {
      const message = `${what} is not what the ledger comes to${standing.inFlight > 0 ? '; renders are under way' : ''}.`;
      return { kind, subject: accountId, message, expected, actual };
    }),
    ...staleReservation(accountId, standing.oldestReservationAt, now - deadlineMs),
  ];
}

/** What is wrong with purchases by themselves. */
export function purchaseDifferences(suspects: readonly SuspectPurchase[]): Difference[] {
  return suspects.flatMap(({ id, fingerprint, isOffQuote, hasPicture, isSecond, ...money }) => {
    const { quotedMicros, actualMicros, spentMicros, owedMicros } = money;
    const found: (Difference | null)[] = [
      spentMicros === owedMicros
        ? null
        : {
            kind: 'charged',
            subject: id,
            message: 'The account was charged another sum than the vendor reported, or than is owed for how it ended.',
            ...{ expected: owedMicros, actual: spentMicros },
          },
      isOffQuote
        ? {
            kind: 'off_quote',
            subject: id,
            message: 'The vendor charged over 20 % more or less than was quoted.',
            ...{ expected: quotedMicros, actual: actualMicros },
          }
        : null,
      hasPicture
        ? null
        : {
            kind: 'no_picture',
            subject: id,
            message: 'A picture was bought, and none is listed, though it was never purged.',
            ...{ expected: fingerprint, actual: null },
          },
      isSecond
        ? {
            kind: 'bought_twice',
            subject: id,
            message: 'The picture was bought before, and was not to be made again.',
            ...{ expected: 1, actual: 2 },
          }
        : null,
    ];
    return found.filter((difference) => difference !== null);
  });
}

/** What is missing of a picture that is listed, or is not what was listed. */
export function pictureDifferences(
  { fingerprint, sha256 }: RenderRow,
  { master, hasRecipe }: StoredState,
): Difference[] {
  const missing = (kind: string, message: string) => {
    return { kind, subject: fingerprint, message, expected: fingerprint, actual: null };
  };
  const hashes = [master?.sha256 ?? null, master?.factsSha256 ?? null].filter((hash) => hash !== null);
  const other = hashes.find((hash) => hash !== sha256);
  return [
    ...(master === null ? [missing('no_master', 'The picture is listed, and its master is not stored.')] : []),
    ...(hasRecipe ? [] : [missing('no_recipe', 'The picture is listed, and its recipe is not stored.')]),
    ...(other === undefined
      ? []
      : [
          {
            kind: 'other_bytes',
            subject: fingerprint,
            message: 'The stored master is not the one that was listed (SHA-256).',
            ...{ expected: sha256, actual: other },
          },
        ]),
  ];
}

/** Pictures that are stored and not listed. */
export function unlistedDifferences(fingerprints: readonly string[]): Difference[] {
  return fingerprints.map((fingerprint) => ({
    kind: 'not_listed',
    subject: fingerprint,
    message: 'The picture is stored and not listed, unless its render is being settled just now.',
    expected: fingerprint,
    actual: null,
  }));
}

function staleReservation(accountId: string, oldest: number | null, before: number): Difference[] {
  if (oldest === null || oldest >= before) return [];
  const [expected, actual] = [before, oldest].map((time) => new Date(time).toISOString());
  const message = 'Money is set aside for a render that must have ended by now.';
  return [
    { kind: 'stale_reservation', subject: accountId, message, expected: expected ?? null, actual: actual ?? null },
  ];
}
