/** Which days the figures are of, as it stands in the page's address. */
export type DayRange =
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'between'; readonly from: string; readonly to: string };

export const usualDays = [7, 30, 90, 365] as const;
const dayPattern = /^\d{4}-\d\d-\d\d$/;
const dayMs = 86_400_000;

export function rangeOf(fragment: string): DayRange {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const [from, to, days] = [query.get('from') ?? '', query.get('to') ?? '', Number(query.get('days'))];
  if (dayPattern.test(from) && dayPattern.test(to)) return { kind: 'between', from, to };
  return { kind: 'days', days: Number.isInteger(days) && days >= 1 && days <= 366 ? days : 30 };
}

export function fragmentOfRange(range: DayRange): string {
  return range.kind === 'days' ? `#days=${range.days}` : `#from=${range.from}&to=${range.to}`;
}

/** The range as the service is asked for it. */
export function rangeQuery(range: DayRange) {
  return range.kind === 'days' ? { days: range.days } : { from: range.from, to: range.to };
}

/** Every day from one to another, both included. */
export function daysBetween(from: string, to: string): readonly string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    new Date(Date.parse(from) + index * dayMs).toISOString().slice(0, 10),
  );
}
