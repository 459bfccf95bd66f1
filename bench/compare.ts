import type { Load, LoadGenerator, Shot, Slice } from './load.ts';
import { cpuMsOf, workerdProcesses } from './workerd-processes.ts';

/** How often and how long each contender is measured. */
export interface Effort {
  readonly repeats: number;
  readonly milliseconds: number;
  readonly connections: number;
}

/** A slice, and what it took of workerd's processes; null where the system does not tell. */
export interface Measured extends Slice {
  readonly cpuMs: number | null;
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
): Promise<Readonly<Record<Name, readonly Measured[]>>> {
  const names = Object.keys(contenders) as Name[];
  const pids = (await workerdProcesses()).map(({ pid }) => pid);
  const rounds: Record<Name, Measured>[] = [];
  for (let round = 0; round <= repeats; round += 1) {
    const slices: Partial<Record<Name, Measured>> = {};
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      slices[name] = await measured(generator, { shot: contenders[name], ...how }, pids);
    }
    if (round > 0) rounds.push(slices as Record<Name, Measured>);
  }
  const slicesOf = (name: Name) => rounds.map((round) => round[name]);
  return Object.fromEntries(names.map((name) => [name, slicesOf(name)])) as Record<Name, Measured[]>;
}

async function measured(generator: LoadGenerator, load: Load, pids: readonly string[]): Promise<Measured> {
  const before = cpuMsOf(pids);
  const slice = await generator.fire(load);
  const after = cpuMsOf(pids);
  return { ...slice, cpuMs: before === null || after === null ? null : after - before };
}

/**
 * Milliseconds of CPU that a request took over all slices, Miniflare's simulations included: what else the machine does
 * hardly changes them. Null where the system does not tell.
 */
export function cpuMsEach(slices: readonly Measured[]): number | null {
  const requests = slices.reduce((sum, slice) => sum + slice.requests, 0);
  const cpuMs = slices.reduce((sum, slice) => sum + (slice.cpuMs ?? Number.NaN), 0);
  return Number.isNaN(cpuMs) ? null : cpuMs / requests;
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
