import type { ModelLimits } from '../site-facts';
import type { Bench } from './bench-state';

export const axisNames = ['steps', 'guidance', 'seed', 'upsampling'] as const;
export type AxisName = (typeof axisNames)[number];

/** A setting that a sweep goes over, with its values as they were typed. */
export interface Axis {
  readonly name: AxisName;
  readonly text: string;
}
export type ReadAxis =
  | { readonly kind: 'values'; readonly values: readonly number[] }
  | { readonly kind: 'wrong'; readonly message: string };

/** So many rows and columns a sheet has at the most. */
export const mostValues = 8;
export const usualText: Readonly<Record<AxisName, string>> = {
  steps: '10, 25, 50',
  guidance: '2.5, 5',
  seed: '1-4',
  upsampling: 'off, on',
};
/** A span of them, in words that are accepted. */
const usualSpan: Readonly<Record<Exclude<AxisName, 'upsampling'>, string>> = {
  steps: '10-50 by 20',
  guidance: '2-8 by 2',
  seed: '10-40 by 10',
};
const usualGap: Readonly<Record<AxisName, number>> = { steps: 10, guidance: 1, seed: 1, upsampling: 1 };
const switches: Readonly<Record<string, number>> = { off: 0, on: 1, no: 0, yes: 1, '0': 0, '1': 1 };
const span = /^(\d+(?:\.\d+)?)\s*(?:-|–|\.\.|to)\s*(\d+(?:\.\d+)?)(?:\s*(?:\/|by|step)\s*(\d+(?:\.\d+)?))?$/;

/** `10, 25, 50`, `10-50 by 20`, or both at once; `on, off` for the upsampling. */
export function readAxis({ name, text }: Axis, limits: ModelLimits): ReadAxis {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  const values = new Set<number>();
  for (const part of parts) {
    const read = name === 'upsampling' ? switchOf(part) : numbersOf(part, usualGap[name]);
    if (read === null) return wrong(name, `“${part}” is not understood`);
    const outside = read.find((value) => !isWithin(name, value, limits));
    if (outside !== undefined) return wrong(name, `${outside} is not accepted`, limits);
    for (const value of read) values.add(name === 'guidance' ? Math.round(value * 10) / 10 : value);
  }
  if (values.size === 0) return wrong(name, 'No value yet');
  if (values.size > mostValues)
    return {
      kind: 'wrong',
      message: `${values.size} values are more than the ${mostValues} that a sheet has room for.`,
    };
  return { kind: 'values', values: [...values] };
}

/** The picture at a place of the sheet. */
export function benchAt(bench: Bench, name: AxisName, value: number): Bench {
  return name === 'upsampling' ? { ...bench, promptUpsampling: value === 1 } : { ...bench, [name]: value };
}

/** A value as the head of its row or column. */
export function valueWords(name: AxisName, value: number): string {
  return name === 'upsampling' ? `upsampling ${value === 1 ? 'on' : 'off'}` : `${name} ${value}`;
}

const switchOf = (part: string) => (switches[part] === undefined ? null : [switches[part]]);

function numbersOf(part: string, usual: number): number[] | null {
  if (/^\d+(\.\d+)?$/.test(part)) return [Number(part)];
  const match = span.exec(part);
  if (match === null) return null;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const gap = Number(match[3] ?? usual) || usual;
  const count = Math.floor(Math.abs(last - first) / gap + 1e-9) + 1;
  const direction = Math.sign(last - first) || 1;
  // One more than there is room for says enough.
  return Array.from({ length: Math.min(count, 1_000) }, (_, index) => first + direction * index * gap);
}

function isWithin(name: AxisName, value: number, limits: ModelLimits): boolean {
  if (name === 'upsampling') return true;
  const { min, max } = limits[name];
  return value >= min && value <= max && (name === 'guidance' || Number.isInteger(value));
}

/** What is wrong, in two lines of a narrow page: the range where that is it, else an example. */
function wrong(name: AxisName, what: string, limits?: ModelLimits): ReadAxis {
  if (name === 'upsampling') return { kind: 'wrong', message: `${what}: on, off, or both.` };
  if (limits === undefined) return { kind: 'wrong', message: `${what}: try ${usualText[name]} or ${usualSpan[name]}.` };
  const { min, max } = limits[name];
  const kind = name === 'guidance' ? 'numbers' : 'whole numbers';
  return { kind: 'wrong', message: `${what}: ${kind} from ${min} to ${max}.` };
}
