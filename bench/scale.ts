/**
 * What happens at ten, a thousand and a hundred thousand requests a second: `npm run -s bench:scale`. Nothing is measured
 * by a clock, so that the same figures come out everywhere; docs/scale.md has them, and a test holds it to them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { WaitingRoom } from '../src/renders/waiting-room.ts';

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
/** Requests that one isolate answers in a second before the platform starts another. */
const isolateRequests = 100;

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
    table(['', 'hits', 'misses', 'stored in the month', 'Cloudflare', 'vendors'], loads.map(bill)),
    table(['renders waiting', 'asks/s before', 'asks/s now'], [100, 1_000, 10_000].map(waiting)),
    table(['one picture asked for 10⁵ times/s', ''], popularity()),
  ].join('\n\n');
}

function saturation({ name, requests, newShare }: Load): string[] {
  const misses = requests * newShare;
  const isolates = Math.max(1, Math.ceil(requests / isolateRequests));
  const d1 = misses * miss.d1Queries + Math.min(isolates, requests);
  return [
    name,
    against(misses * miss.gateCalls, limits.objectCalls),
    against(misses * miss.accountCalls, limits.objectCalls),
    // Renders are told apart by a hash: two that are made at once never meet in one object.
    against(miss.renderCalls / picture.makingSeconds, limits.objectCalls),
    against(d1, limits.d1Queries),
    daysUntilFull(misses),
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
export function hitDollars(): number {
  const countRows = 1 / isolateRequests;
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

let measured: { readonly purchase: number; readonly render: number } | null = null;

/** What a purchase and a picture take in the database, indexes and half-full pages included. */
export function rowBytes(): { readonly purchase: number; readonly render: number } {
  measured ??= { purchase: bytesOf(insertPurchase), render: bytesOf(insertRender) };
  return measured;
}

const rows = 20_000;
type Insert = (database: DatabaseSync, index: number) => void;

function bytesOf(insert: Insert): number {
  const database = new DatabaseSync(':memory:');
  const folder = fileURLToPath(new URL('../migrations/', import.meta.url));
  for (const name of readdirSync(folder).toSorted()) database.exec(readFileSync(join(folder, name), 'utf8'));
  const size = () =>
    Number(
      database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size').get()?.size,
    );
  const before = size();
  database.exec('BEGIN');
  for (let index = 0; index < rows; index += 1) insert(database, index);
  database.exec('COMMIT');
  const taken = (size() - before) / rows;
  database.close();
  return taken;
}

const digestOf = (index: number) => `${(index * 2_654_435_761) % 4_294_967_296}`.padEnd(64, '0123456789abcdef');

const insertPurchase: Insert = (database, index) => {
  database
    .prepare(
      `INSERT INTO purchases (account_id, settled_at, id, fingerprint, dialect, task, provider, outcome, input_megapixels,
        output_megapixels, quoted_micros, actual_micros, spent_micros, queued_at, paid_by, key_id)
      VALUES ('account-1', ?, ?, ?, 'openai', ?, 'bfl', 'ready', 0, 1.05, 50000, 50000, 50000, ?, 'account', 'key_0123456789')`,
    )
    .run(
      1_795_000_000_000 + index,
      `${digestOf(index)}-1795000000000`,
      digestOf(index),
      't'.repeat(115),
      1_795_000_000_000,
    );
};
const insertRender: Insert = (database, index) => {
  database
    .prepare(
      `INSERT INTO renders (fingerprint, account_id, stored_at, provider, sha256, width, height, seed)
      VALUES (?, 'account-1', ?, 'bfl', ?, 1024, 1024, 123456789)`,
    )
    .run(digestOf(index), 1_795_000_000_000 + index, digestOf(index + 7));
};

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
