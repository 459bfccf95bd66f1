import type { Evidence, PurchaseRow, VendorSale, Violation } from './evidence.ts';
import type { Picture } from './plan.ts';

/** What one picture came to: its rows in the ledger, and what the vendors sold of it. */
interface Dealing {
  readonly picture: Picture;
  readonly rows: readonly PurchaseRow[];
  /** Those that are on a bill. */
  readonly sales: readonly VendorSale[];
  readonly asked: number;
  /** How often the operator deleted it, and had it made again. */
  readonly purges: number;
  readonly rerenders: number;
}

/** Each picture is bought once, and the ledger is what the vendors' bills are. */
export function judgePurchases(evidence: Evidence): Violation[] {
  const { pictures, prints } = known(evidence);
  const dealings = dealingsOf(evidence, pictures);
  const strangers = evidence.rows.filter(({ fingerprint }) => !prints.has(fingerprint));
  const foundlings = billed(evidence.sales).filter(
    (sale) => !pictures.has(pictureOfSale(sale, evidence.witness.seeds)),
  );
  return [
    ...strangers.map(({ id }) => ({ rule: 'purchase', subject: id, message: 'Nobody ordered this picture.' })),
    ...foundlings.map(({ id, vendor }) => ({
      rule: 'purchase',
      subject: id,
      message: `${vendor} sold what nobody ordered.`,
    })),
    ...fingerprintsOf(evidence),
    ...dealings.flatMap((dealing) => judgeDealing(dealing)),
  ];
}

/** Pictures that vendors billed more than once: each time for a new order, after an end that gave no picture. */
export function soldAgain(evidence: Evidence): number {
  const { pictures } = known(evidence);
  const left = dealingsOf(evidence, pictures).filter(({ purges, rerenders }) => purges + rerenders === 0);
  return left.filter(({ sales }) => sales.length > 1).length;
}

/** What is on the bill: cancelled and failed sales are free. */
export const billed = (sales: readonly VendorSale[]) =>
  sales.filter((sale) => !sale.isCancelled && sale.priceMicros > 0);
export const billOf = (sales: readonly VendorSale[]) =>
  billed(sales).reduce((sum, { priceMicros }) => sum + priceMicros, 0);
export const spentOf = (rows: readonly PurchaseRow[]) => rows.reduce((sum, { spentMicros }) => sum + spentMicros, 0);

/** The index of the picture that a sale is of: most vendors keep the prompt as it was sent, and all of them the seed. */
function pictureOfSale({ parameters, seed }: VendorSale, seeds: ReadonlyMap<number, number>): number {
  const named = /chaos-\d+-(\d+)-/.exec(JSON.stringify(parameters) ?? '')?.[1];
  return named === undefined ? (seeds.get(seed) ?? Number.NaN) : Number(named);
}

function known({ plan, witness }: Evidence) {
  const pictures = new Map(plan.orders.map(({ picture }) => [picture.index, picture]));
  const prints = new Map(
    [...witness.prints].flatMap(([index, found]) => [...found].map((print) => [print, index] as const)),
  );
  return { pictures, prints };
}

function dealingsOf({ rows, sales, witness }: Evidence, pictures: ReadonlyMap<number, Picture>): Dealing[] {
  const sold = Map.groupBy(billed(sales), (sale) => pictureOfSale(sale, witness.seeds));
  const booked = Map.groupBy(rows, ({ fingerprint }) => fingerprint);
  return [...pictures.values()].map((picture) => ({
    picture,
    rows: [...(witness.prints.get(picture.index) ?? [])].flatMap((print) => booked.get(print) ?? []),
    sales: sold.get(picture.index) ?? [],
    asked: witness.asked.get(picture.index) ?? 0,
    purges: witness.actsOn(picture.index, 'purge'),
    rerenders: witness.actsOn(picture.index, 'rerender'),
  }));
}

/** In whatever dialect a picture is asked for, it has one fingerprint, and no other has it. */
function fingerprintsOf({ witness }: Evidence): Violation[] {
  const owners = new Map<string, number>();
  return [...witness.prints].flatMap(([index, prints]) => {
    const several = prints.size > 1 ? [`It has ${prints.size} fingerprints.`] : [];
    const shared = [...prints]
      .filter((print) => owners.has(print))
      .map((print) => `It shares ${print} with ${owners.get(print)}.`);
    for (const print of prints) owners.set(print, index);
    return [...several, ...shared].map((message) => ({ rule: 'fingerprint', subject: `picture ${index}`, message }));
  });
}

/**
 * At most one purchase gave the picture, and nothing was bought after it, unless the operator meant it to be; each sale has its row; and what the ledger
 * says was spent is what was billed, but for unknown outcomes, whose price is the most that they can have cost.
 */
function judgeDealing({ picture, rows, sales, asked, purges, rerenders }: Dealing): Violation[] {
  const ready = rows.filter(({ outcome }) => outcome === 'ready').length;
  const isAfter = rows.findIndex(({ outcome }) => outcome === 'ready') < rows.length - 1 && ready > 0;
  const meant = purges + rerenders;
  const told = `rows ${rows.map(({ outcome, provider, spentMicros }) => `${outcome}@${provider}:${spentMicros}`).join(' ')}; sales ${sales.map(({ vendor, priceMicros, failure }) => `${vendor}:${priceMicros}:${failure}`).join(' ')}; asked ${asked}, deleted ${purges}, made again ${rerenders}`;
  const found = [
    ready > 1 + meant || (isAfter && meant === 0) ? 'It was bought again although it was there' : null,
    rows.length > asked + rerenders ? 'It was bought more often than it was asked for' : null,
    sales.length > rows.length ? 'More was sold than the ledger has' : null,
    ...moneyOf(rows, sales),
  ];
  return found
    .filter((message) => message !== null)
    .map((message) => ({ rule: 'purchase', subject: `picture ${picture.index}`, message: `${message}: ${told}.` }));
}

function moneyOf(rows: readonly PurchaseRow[], sales: readonly VendorSale[]): (string | null)[] {
  const providers = new Set([...rows.map(({ provider }) => provider), ...sales.map(({ vendor }) => vendor)]);
  return [...providers].map((provider) => {
    const own = rows.filter((row) => row.provider === provider);
    const unknown = own.filter(({ outcome }) => outcome === 'unknown');
    const open = billOf(sales.filter(({ vendor }) => vendor === provider)) - (spentOf(own) - spentOf(unknown));
    return open >= 0 && open <= spentOf(unknown) ? null : `The ledger and the bill of ${provider} differ by ${open}`;
  });
}
