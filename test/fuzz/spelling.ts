import * as fc from 'fast-check';
import { isJsonObject, type Json } from '../../src/core/json';

/** How a text of JSON is spelled: keys in another order, white space, escapes, numbers in other notations. */
export interface Spelling {
  readonly order: number;
  readonly space: string;
  readonly escapes: boolean;
  readonly notation: 'plain' | 'point' | 'exponent';
  readonly mark: boolean;
}

export const spellings: fc.Arbitrary<Spelling> = fc.record({
  order: fc.nat(),
  space: fc.constantFrom('', ' ', '\n', '\t', '\r\n  '),
  escapes: fc.boolean(),
  notation: fc.constantFrom('plain', 'point', 'exponent'),
  mark: fc.boolean(),
});

/** The same JSON value in another spelling. What stands in lists keeps its order. */
export function spelled(value: Json, spelling: Spelling): string {
  return (spelling.mark ? '\uFEFF' : '') + textOf(value, spelling);
}

function textOf(value: Json, spelling: Spelling): string {
  const { space } = spelling;
  const join = (parts: readonly string[]) => parts.join(`${space},${space}`);
  if (Array.isArray(value)) return `[${space}${join(value.map((member) => textOf(member, spelling)))}${space}]`;
  if (isJsonObject(value)) {
    const members = shuffled(Object.entries(value), spelling.order).map(
      ([key, member]) => `${stringText(key, spelling)}${space}:${space}${textOf(member, spelling)}`,
    );
    return `{${space}${join(members)}${space}}`;
  }
  if (typeof value === 'number') return numberText(value, spelling);
  return typeof value === 'string' ? stringText(value, spelling) : JSON.stringify(value);
}

/** Every notation is read as the very same double, or the plain one is kept. */
function numberText(value: number, { notation }: Spelling): string {
  const plain = JSON.stringify(value);
  const isWhole = /^-?\d+$/.test(plain);
  const text = { plain, point: isWhole ? `${plain}.0` : plain, exponent: value.toExponential().replace('e+', 'E+') }[
    notation
  ];
  return Object.is(JSON.parse(text), value) ? text : plain;
}

function stringText(value: string, { escapes }: Spelling): string {
  if (!escapes) return JSON.stringify(value);
  const units = Array.from({ length: value.length }, (_, index) => value.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  return items
    .map((item, index) => ({ item, place: ((index + 1) * 2_654_435_761 * (seed + 1)) % 1_000_003 }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
