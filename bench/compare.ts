import type { LoadGenerator, Shot, Slice } from './load.ts';

/** How often and how long each contender is measured. */
export interface Effort {
  readonly repeats: number;
  readonly milliseconds: number;
  readonly connections: number;
}

/**
 * Measures contenders in turn, in short slices, forwards and backwards: whatever else the machine does meanwhile
 * befalls them alike. The first round warms up and is thrown away.
 *
 * @returns each contender's slices: those with the same index were measured next to each other
 */
export async function compare<Name extends string>(
  generator: LoadGenerator,
  contenders: Readonly<Record<Name, Shot>>,
  { repeats, ...how }: Effort,
): Promise<Readonly<Record<Name, readonly Slice[]>>> {
  const names = Object.keys(contenders) as Name[];
  const rounds: Record<Name, Slice>[] = [];
  for (let round = 0; round <= repeats; round += 1) {
    const slices: Partial<Record<Name, Slice>> = {};
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      slices[name] = await generator.fire({ shot: contenders[name], ...how });
    }
    if (round > 0) rounds.push(slices as Record<Name, Slice>);
  }
  const slicesOf = (name: Name) => rounds.map((round) => round[name]);
  return Object.fromEntries(names.map((name) => [name, slicesOf(name)])) as Record<Name, Slice[]>;
}

/** The median of the ratios of what was measured next to each other. */
export function ratioOf(ours: readonly number[], floor: readonly number[]): number {
  return median(ours.map((value, index) => value / (floor[index] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
