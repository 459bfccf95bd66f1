import { setTimeout as sleep } from 'node:timers/promises';
import { brokeKey } from './refusals.ts';
import type { Row } from './report.ts';
import { key, type Stage } from './stage.ts';
import type { Tally } from './workers/tally.ts';

/** What each kind of request may cost at the most; what is not named, nothing. A miss is bought from a vendor. */
export const allowances = {
  'hit, picture': { r2Reads: 1 },
  'hit, order, before the answer': { r2Reads: 1 },
  // The count of hits is one row for all that came within a second.
  'hit, order, after the answer': { d1Queries: 1, d1RowsRead: 1, d1RowsWritten: 1 },
  // The account said no a moment ago: it is not asked again, nor is an object for the picture woken.
  'refusal of an order': { r2Reads: 1 },
  miss: {
    r2Reads: 2, // Is it stored? Asked at the door, and again where nobody can overtake.
    r2Writes: 2, // The picture and its recipe.
    d1Queries: 3, // Was it made before? Then the purchase and the picture's row, in one batch.
    d1RowsWritten: 4, // The purchase and its day's roll-up, the picture and its place in the index by age.
    objectCalls: 6, // Join and wait; the account reserves and settles; the gate gives a place and hears how it went.
    objectAlarms: 1,
    imageTransformations: 0, // A PNG is looked at without them: see src/storage/glimpse.ts.
    // The render: three states, its alarm, and its clean-up of both. The account: a reservation, its end, what is
    // settled and what was spent.
    objectRowsWritten: 10,
  },
} as const satisfies Readonly<Record<string, Partial<Tally>>>;
export type Kind = keyof typeof allowances;

/** Longer than counts of hits are gathered, and than a render takes to clean up after itself. */
const settleMs = 1_500;

/**
 * Counts what Cloudflare would bill for, in the service itself: see workers/counting.ts. One picture is bought before,
 * so that the isolate has what it remembers, such as the keys of an account.
 */
export async function countOperations({ urls }: Pick<Stage, 'urls'>): Promise<Readonly<Record<Kind, Tally>>> {
  const url = urls.counting;
  await buy(url, 1);
  await sleep(settleMs);
  await takeTally(url);
  const picture = await buy(url, 2);
  await sleep(settleMs);
  const miss = await takeTally(url);
  await fetch(picture).then((response) => response.arrayBuffer());
  const hitPicture = await takeTally(url);
  await buy(url, 2);
  const before = await takeTally(url);
  await sleep(settleMs);
  const after = await takeTally(url);
  const refusal = await refusedAgain(url);
  return {
    'hit, picture': hitPicture,
    'hit, order, before the answer': before,
    'hit, order, after the answer': after,
    'refusal of an order': refusal,
    miss,
  };
}

export function operationRows(counted: Readonly<Record<Kind, Tally>>): Row[] {
  return (Object.keys(allowances) as Kind[]).flatMap((kind) => {
    const allowed: Partial<Tally> = allowances[kind];
    const names = Object.keys(counted[kind]) as (keyof Tally)[];
    const told = names.filter((name) => counted[kind][name] > 0 || allowed[name] !== undefined);
    return told.map((name) => ({
      measure: `billed for a ${kind}`,
      unit: wording[name],
      ours: counted[kind][name],
      floor: null,
      ratio: null,
      aim: { atMost: allowed[name] ?? 0, isPromise: true },
    }));
  });
}

const wording: Readonly<Record<keyof Tally, string>> = {
  r2Writes: 'R2 class A',
  r2Reads: 'R2 class B',
  d1Queries: 'D1 queries',
  d1RowsRead: 'D1 rows read',
  d1RowsWritten: 'D1 rows written',
  objectCalls: 'object calls',
  objectAlarms: 'object alarms',
  objectRowsWritten: 'object rows written',
  imageTransformations: 'image transformations',
};

/** An account without credit orders two pictures: what the second refusal costs. */
async function refusedAgain(url: string): Promise<Tally> {
  const broke = await brokeKey(url, { prepaid: true });
  for (const seed of [3, 4]) {
    await takeTally(url);
    const response = await order(url, seed, broke);
    if (response.status !== 402) throw new Error(`A refusal answered ${response.status}.`);
  }
  return await takeTally(url);
}

const order = (url: string, seed: number, bearer: string): Promise<Response> =>
  fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ prompt: 'bench: operations', size: '128x128', seed }),
  });

async function buy(url: string, seed: number): Promise<string> {
  const response = await order(url, seed, key);
  const text = await response.text();
  if (!response.ok) throw new Error(`An order answered ${response.status}: ${text}`);
  const { data }: { data: { url: string }[] } = JSON.parse(text);
  return data[0]?.url ?? '';
}

async function takeTally(url: string): Promise<Tally> {
  const response = await fetch(`${url}/bench/tally`, { method: 'DELETE' });
  return (await response.json()) as Tally;
}
