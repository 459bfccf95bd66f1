import { InvalidArgumentError } from 'commander';

/** Reads an option's word. @throws InvalidArgumentError that says what is expected */
type Reader<Value> = (text: string) => Value;

/** A whole number within a range. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return numberWithin(/^-?\d+$/, min, max, 'a whole number');
}

export function decimalNumber(min: number, max: number): Reader<number> {
  return numberWithin(/^-?\d+(\.\d+)?$/, min, max, 'a number');
}

/** Dollars such as `25` or `0.05`, as millionths. */
export function dollarsAsMicros(text: string): number {
  const [, sign = '', whole = '', decimals = ''] = /^([-−]?)\$?(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === '') throw new InvalidArgumentError('Expected dollars, such as 25 or 0.05.');
  const micros = Number(whole) * 1_000_000 + Number(decimals.padEnd(6, '0'));
  return sign === '' ? micros : -micros;
}

/** Dollars that may be spent. */
export function allowance(text: string): number {
  const micros = dollarsAsMicros(text);
  if (micros >= 0) return micros;
  throw new InvalidArgumentError('Expected dollars, such as 25 or 0.05, and no fewer than none.');
}

/** Dollars, or `none` for no limit. */
export function budget(text: string): number | null {
  return text === 'none' ? null : dollarsAsMicros(text);
}

/** A whole number from 1, or `none` for no limit. */
export function countOrNone(text: string): number | null {
  return text === 'none' ? null : wholeNumber(1, 1_000_000)(text);
}

/** A size such as `1024x768`. */
export function size(text: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^(\d{2,4})[x×](\d{2,4})$/.exec(text) ?? [];
  if (width === undefined || height === undefined) throw new InvalidArgumentError('Expected a size such as 1024x768.');
  return { width: Number(width), height: Number(height) };
}

/** A list of words, separated by commas. */
export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** An option that may be given more than once. */
export function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** How long from now, such as `30d` or `12h`, or a day such as `2027-01-31`: as an ISO time. */
export function moment(text: string): string {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const hours = unit === 'd' ? 24 : 1;
  const time = count === undefined ? Date.parse(text) : Date.now() + Number(count) * hours * 3_600_000;
  if (Number.isNaN(time)) throw new InvalidArgumentError('Expected a time such as 30d, 12h or 2027-01-31.');
  return new Date(time).toISOString();
}

/** The same, and not past. */
export function momentToCome(text: string): string {
  const time = moment(text);
  if (Date.parse(time) > Date.now()) return time;
  throw new InvalidArgumentError(
    `Expected a time to come, such as 30d, 12h or ${new Date().getUTCFullYear() + 1}-01-31.`,
  );
}

/** What stands under "Examples:" in a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ fluxgate ${line}`).join('\n')}`;
}

function numberWithin(form: RegExp, min: number, max: number, what: string): Reader<number> {
  return (text) => {
    const value = Number(text);
    if (form.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected ${what} from ${min} to ${max}.`);
  };
}
