/** What `npm run bench` takes. */
import { closeSync, openSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Effort } from './compare.ts';

/** What was asked for on the command line. */
export interface Flags {
  readonly names: readonly string[];
  readonly effort: Effort;
  /** The file that the result is written to. */
  readonly json: string | null;
}
/** What to do, or why not: the words to say, and the code to end with. */
export type Reading = { readonly flags: Flags } | { readonly words: string; readonly exitCode: 0 | 2 };

/** A whole number, from the first to the last. */
const ranges = { repeats: [5, 1_000], milliseconds: [10, 60_000], connections: [1, 1_000] } as const;

const options = {
  help: { type: 'boolean', short: 'h', default: false },
  only: { type: 'string' },
  full: { type: 'boolean', default: false },
  json: { type: 'string' },
  repeats: { type: 'string' },
  milliseconds: { type: 'string' },
  connections: { type: 'string' },
} as const;

/** @param parts the names of all that can be measured */
export function readFlags(args: readonly string[], parts: readonly string[]): Reading {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { words: help(parts), exitCode: 0 };
    const { only, full, json = null } = values;
    const number = (name: keyof typeof ranges, otherwise: number) => numberOf(name, values[name], otherwise);
    const effort = {
      repeats: number('repeats', full ? 15 : 5),
      milliseconds: number('milliseconds', full ? 500 : 250),
      connections: number('connections', 8),
    };
    const names = wantedParts(parts, only);
    if (json !== null) closeSync(openSync(json, 'a'));
    return { flags: { names, effort, json } };
  } catch (error) {
    return { words: `${error instanceof Error ? error.message : error}\n\n${help(parts)}`, exitCode: 2 };
  }
}

function numberOf(name: keyof typeof ranges, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const [least, most] = ranges[name];
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  throw new Error(`--${name} is a whole number from ${least} to ${most}, not "${given}".`);
}

function wantedParts(all: readonly string[], only: string | undefined): readonly string[] {
  if (only === undefined) return all;
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}".`);
  return wanted;
}

function help(parts: readonly string[]): string {
  const [repeats, milliseconds, connections] = [ranges.repeats, ranges.milliseconds, ranges.connections].map((range) =>
    range.join(' to '),
  );
  return `npm run -s bench -- [options]

  --only <parts>           these alone, with commas between: ${parts.join(', ')}
  --full                   more and longer slices
  --json <file>            the result, also as JSON
  --repeats <n>            rounds of slices, ${repeats}
  --milliseconds <n>       the length of a slice, ${milliseconds}
  --connections <n>        callers at once, where nothing else is said, ${connections}
  --help`;
}
