/** Which days the figures are of, as it stands in the page's address. */
export type DayRange =
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'between'; readonly from: string; readonly to: string };

export const usualDays = [7, 30, 90, 365] as const;
/** Of this millennium: a year that is still being typed is of an earlier one. */
const dayPattern = /^2\d{3}-\d\d-\d\d$/;
const dayMs = 86_400_000;

/** Whether a day is typed to its end, and may be meant. */
export const isWholeDay = (day: string) => dayPattern.test(day);

export function rangeOf(fragment: string): DayRange {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const [from, to, days] = [query.get('from') ?? '', query.get('to') ?? '', Number(query.get('days'))];
  if (isWholeDay(from) && isWholeDay(to)) return { kind: 'between', from, to };
  return { kind: 'days', days: Number.isInteger(days) && days >= 1 && days <= 366 ? days : 30 };
}

export function fragmentOfRange(range: DayRange): string {
  return range.kind === 'days' ? `#days=${range.days}` : `#from=${range.from}&to=${range.to}`;
}

/** The range as the service is asked for it. */
export function rangeQuery(range: DayRange) {
  return range.kind === 'days' ? { days: range.days } : { from: range.from, to: range.to };
}

/** The first and last day of a range, as the service counts them. */
export function daysOf(range: DayRange): { readonly from: string; readonly to: string } {
  if (range.kind === 'between') return { from: range.from, to: range.to };
  const now = Date.now();
  return { from: dayAt(now - (range.days - 1) * dayMs), to: dayAt(now) };
}

const dayAt = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Every day from one to another, both included. */
export function daysBetween(from: string, to: string): readonly string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayAt(Date.parse(from) + index * dayMs));
}
