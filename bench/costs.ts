import type { Kind } from './operations.ts';
import type { Row } from './report.ts';
import type { Tally } from './workers/tally.ts';

/** Dollars for a million of each, past what a paid plan includes. docs/performance.md says where they are from. */
const dollarsPerMillion: Readonly<Record<keyof Tally, number>> = {
  r2Writes: 4.5,
  r2Reads: 0.36,
  d1Queries: 0,
  d1RowsRead: 0.001,
  d1RowsWritten: 1,
  objectCalls: 0.15,
  objectAlarms: 0.15,
  objectRowsWritten: 1,
  imageTransformations: 500,
};
const requestDollars = 0.3;
const cpuDollarsPerMs = 0.02;
/** A second of an object that is awake, with the 128 MB that are billed: a gigabyte-second is 12.50 a million. */
const awakeDollarsPerSecond = 0.128 * 12.5;

/** What cannot be counted here is assumed: CPU time on Cloudflare's machines, and how long a vendor takes. */
const assumed = {
  'hit, picture': { cpuMs: 2, awakeSeconds: 0 },
  'hit, order': { cpuMs: 4, awakeSeconds: 0 },
  'refusal of an order': { cpuMs: 4, awakeSeconds: 0 },
  miss: { cpuMs: 50, awakeSeconds: 10 },
} as const;

/** Dollars for a million requests, from the operations that were counted. */
export function costRows(counted: Readonly<Record<Kind, Tally>>): Row[] {
  const order = [counted['hit, order, before the answer'], counted['hit, order, after the answer']];
  const { 'hit, picture': picture, 'refusal of an order': refusal, miss } = counted;
  const tallies = {
    ...{ 'hit, picture': [picture], 'hit, order': order },
    ...{ 'refusal of an order': [refusal], miss: [miss] },
  } as const;
  return (Object.keys(assumed) as (keyof typeof assumed)[]).map((kind) => {
    const { cpuMs, awakeSeconds } = assumed[kind];
    const operations = tallies[kind].map(dollarsOf).reduce((sum, dollars) => sum + dollars, 0);
    const ours = requestDollars + cpuMs * cpuDollarsPerMs + awakeSeconds * awakeDollarsPerSecond + operations;
    const words = `${cpuMs} ms CPU${awakeSeconds === 0 ? '' : ` and ${awakeSeconds} s awake`} assumed`;
    return { measure: `cost of a million: ${kind}`, unit: `$, ${words}`, ours, floor: null, ratio: null, aim: null };
  });
}

function dollarsOf(tally: Tally): number {
  const names = Object.keys(dollarsPerMillion) as (keyof Tally)[];
  return names.reduce((sum, name) => sum + tally[name] * dollarsPerMillion[name], 0);
}
