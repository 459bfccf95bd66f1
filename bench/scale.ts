/**
 * What happens at ten, a thousand and a hundred thousand requests a second: `npm run -s bench:scale`. Nothing is measured
 * by a clock, so that the same figures come out everywhere; docs/scale.md has them, and a test holds it to them.
 */
import { fileURLToPath } from 'node:url';
import { WaitingRoom } from '../src/renders/waiting-room.ts';
import { rowBytes } from './row-bytes.ts';

/** Limits of the platform: requests a second of one Durable Object, queries a second of one D1, bytes of one D1. */
const limits = { objectCalls: 1_000, d1Queries: 1_000, d1Bytes: 10e9 } as const;
/** Dollars for a million, but for storage: a gigabyte and month. What a plan includes is not taken off. */
const prices = {
  ...{ request: 0.3, cpuMs: 0.02, objectCall: 0.15, objectSecond: 12.5 * 0.128, row: 1, rowRead: 0.001 },
  ...{ r2Write: 4.5, r2Read: 0.36, transformation: 500, r2Month: 0.015 },
} as const;
/** What requests cost, as bench/operations.ts counts it; what is done by and within objects is added. */
export const hit = { requests: 1, cpuMs: 3, r2Reads: 1 } as const;
export const miss = {
  // A look at a PNG of a megapixel is 30 of the milliseconds. Of another format, it is a transformation.
  ...{ requests: 1, cpuMs: 50, r2Reads: 2, r2Writes: 2, d1Queries: 3, d1Rows: 4, transformations: 0 },
  // Join, wait and the alarm; reserve and settle; acquire and report.
  ...{ renderCalls: 3, accountCalls: 2, gateCalls: 2 },
  // Six of the render, four of the account: its reservation twice, what was spent, what was settled.
  objectRows: 10,
  // The render sleeps between polls; what it is awake, and the caller's wait that keeps it so.
  objectSeconds: 10,
} as const;
const picture = { bytes: 1.5e6, makingSeconds: 10, vendorMicros: 50_000 } as const;
const daySeconds = 86_400;
const monthSeconds = 30 * daySeconds;
/**
 * Requests that one isolate answers in a second before the platform starts another: taken, not measured, as the platform
 * promises nothing about it. The others show what depends on it.
 */
const isolateRequests = 100;
const otherIsolateRequests = [20, 500];

/** A load: requests a second that reach the Worker, and what share of them is for a new picture. */
interface Load {
  readonly name: string;
  readonly requests: number;
  readonly newShare: number;
}
const loads: readonly Load[] = [
  { name: '10 requests/s', requests: 10, newShare: 0.01 },
  { name: '10³ requests/s', requests: 1_000, newShare: 0.01 },
  { name: '10⁵ requests/s', requests: 100_000, newShare: 0.01 },
  { name: '10⁶ new pictures among 10⁸ requests a day', requests: 1_157.4, newShare: 0.01 },
  { name: '10⁶ new pictures a day, and nothing else', requests: 1e6 / daySeconds, newShare: 1 },
];

export function report(): string {
  return [
    table(
      ['', 'calls/s of the gate', 'calls/s of one account', 'calls/s of a render', 'D1 queries/s', 'D1 full after'],
      loads.map(saturation),
    ),
    table(
      [
        'requests/s of an isolate',
        'isolates at 10⁵',
        'D1 queries/s at 10³',
        'D1 queries/s at 10⁵',
        "D1's limit at requests/s",
        'a million hits',
      ],
      [isolateRequests, ...otherIsolateRequests].toSorted((one, other) => one - other).map(isolation),
    ),
    table(['', 'hits', 'misses', 'stored in the month', 'Cloudflare', 'vendors'], loads.map(bill)),
    table(['renders waiting', 'asks/s before', 'asks/s now'], [100, 1_000, 10_000].map(waiting)),
    table(['one picture asked for 10⁵ times/s', ''], popularity()),
  ].join('\n\n');
}

function saturation({ name, requests, newShare }: Load): string[] {
  const misses = requests * newShare;
  return [
    name,
    against(misses * miss.gateCalls, limits.objectCalls),
    against(misses * miss.accountCalls, limits.objectCalls),
    // Renders are told apart by a hash: two that are made at once never meet in one object.
    against(miss.renderCalls / picture.makingSeconds, limits.objectCalls),
    against(d1Queries({ requests, newShare }, isolateRequests), limits.d1Queries),
    daysUntilFull(misses),
  ];
}

/** Misses, and the counts of hits, which each isolate writes once a second. */
function d1Queries({ requests, newShare }: Omit<Load, 'name'>, perIsolate: number): number {
  return requests * newShare * miss.d1Queries + Math.min(isolatesFor(requests, perIsolate), requests);
}

const isolatesFor = (requests: number, perIsolate: number) => Math.max(1, Math.ceil(requests / perIsolate));

/** What comes out otherwise where an isolate answers so many requests. */
function isolation(perIsolate: number): string[] {
  const queries = (requests: number) => against(d1Queries({ requests, newShare: 0.01 }, perIsolate), limits.d1Queries);
  return [
    round(perIsolate),
    round(isolatesFor(100_000, perIsolate)),
    queries(1_000),
    queries(100_000),
    round(limits.d1Queries / (0.01 * miss.d1Queries + 1 / perIsolate)),
    `$${hitDollars(perIsolate).toFixed(2)}`,
  ];
}

function bill({ name, requests, newShare }: Load): string[] {
  const misses = requests * newShare * monthSeconds;
  const hits = requests * (1 - newShare) * monthSeconds;
  const storedGb = (misses * picture.bytes) / 1e9;
  const dollars = (hits * hitDollars() + misses * missDollars()) / 1e6 + (storedGb * prices.r2Month) / 2;
  return [
    name,
    round(hits),
    round(misses),
    `${round(storedGb)} GB`,
    `$${round(dollars)}`,
    `$${round((misses * picture.vendorMicros) / 1e6)}`,
  ];
}

/** For a million. */
export function hitDollars(perIsolate: number = isolateRequests): number {
  const countRows = 1 / perIsolate;
  return (
    hit.requests * prices.request + hit.cpuMs * prices.cpuMs + hit.r2Reads * prices.r2Read + countRows * prices.row
  );
}

/** For a million. */
export function missDollars(): number {
  const calls = miss.renderCalls + miss.accountCalls + miss.gateCalls;
  return (
    miss.requests * prices.request +
    miss.cpuMs * prices.cpuMs +
    miss.r2Reads * prices.r2Read +
    miss.r2Writes * prices.r2Write +
    (miss.d1Rows + miss.objectRows) * prices.row +
    miss.transformations * prices.transformation +
    calls * prices.objectCall +
    miss.objectSeconds * prices.objectSecond
  );
}

/** How often the renders that wait for a place ask for one: each half second, or as the waiting room has it. */
function waiting(renders: number): string[] {
  const room = new WaitingRoom();
  for (let render = 0; render < renders; render += 1) room.wait(`${render}`, 500, 0);
  const now = 60_000;
  const asks = Array.from({ length: renders }, (_, render) => 1_000 / room.wait(`${render}`, 500, now));
  return [
    round(renders),
    against(renders * 2, limits.objectCalls),
    against(
      asks.reduce((sum, rate) => sum + rate, 0),
      limits.objectCalls,
    ),
  ];
}

/** A hundred thousand requests of a second, for a million pictures that are as popular as words are (Zipf). */
function popularity(): string[][] {
  const counts = drawPictures(1_000_000, 100_000);
  const hottest = Math.max(...counts.values());
  return [
    ['pictures asked for in that second', round(counts.size)],
    ['requests for the most popular one: stored, they are reads', round(hottest)],
    ['the same while it is made: calls/s of its render', against(hottest * 2, limits.objectCalls)],
    ['pictures with more than 500 requests in it', round([...counts.values()].filter((count) => count > 500).length)],
  ];
}

function drawPictures(pictures: number, draws: number): ReadonlyMap<number, number> {
  const harmonic = Math.log(pictures) + 0.5772;
  const counts = new Map<number, number>();
  const draw = generator(20_261_121);
  for (let request = 0; request < draws; request += 1) {
    // The inverse of the sum of 1/rank, near enough.
    const rank = Math.min(pictures, Math.max(1, Math.round(Math.exp(draw() * harmonic - 0.5772))));
    counts.set(rank, (counts.get(rank) ?? 0) + 1);
  }
  return counts;
}

/** Numbers from 0 to 1 that are always the same (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** At 400 days of purchases, which go, and of pictures, whose rows stay. */
function daysUntilFull(misses: number): string {
  const { purchase, render } = rowBytes();
  const perDay = misses * daySeconds * (purchase + render);
  const days = limits.d1Bytes / perDay;
  if (days <= 400) return `${round(days)} days`;
  const left = limits.d1Bytes - 400 * misses * daySeconds * purchase;
  return `${round(left / (misses * daySeconds * render) / 365)} years`;
}

function against(value: number, limit: number): string {
  return `${value > limit ? '**' : ''}${round(value)}${value > limit ? '**' : ''}`;
}

function round(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  const [whole = '', part] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined || /^0+$/.test(part) ? grouped : `${grouped}.${part}`;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...body.map(line)].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(report());
