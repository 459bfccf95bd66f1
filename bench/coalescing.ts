import { setTimeout as sleep } from 'node:timers/promises';
import { withMemory } from './memory.ts';
import type { Row } from './report.ts';
import { key, type Stage } from './stage.ts';
import type { Vendor } from './vendor.ts';

/** How many callers at the same moment. */
const crowds = [10, 100, 1_000];
const flights = [1, 100, 1_000];
/** So long that all have come before the first picture is made. */
const vendorMs = 2_000;
/** The vendor hangs up on connections that were idle for five seconds: none of those is to be used again. */
const restMs = 6_000;
const none = { atMost: 0, isPromise: false } as const;
const megabyte = 1024 * 1024;

/** Many callers ask for the same new picture at the same moment, over HTTP, while the vendor is making it. */
export async function coalescing(stage: Stage, vendor: Vendor): Promise<Row[]> {
  await warm(stage, vendor);
  await vendor.takes(vendorMs);
  const rows: Row[] = [];
  for (const callers of crowds) {
    const order = { prompt: `bench: the same for ${callers}`, size: '1024x1024', seed: 1 };
    const before = await vendor.sold();
    const { lastMs, grownBytes, answers } = await askAll(stage, Array(callers).fill(order));
    const purchases = (await vendor.sold()) - before;
    const pictures = new Set(answers.flatMap((answer) => answer?.picture ?? [])).size;
    const bought = answers.filter((answer) => answer?.source === 'bought').length;
    const row = { measure: `${callers} identical at once`, floor: null, ratio: null };
    const exactlyOne = { atMost: 1, isPromise: true };
    rows.push(
      { ...row, unit: 'purchases at the vendor', ours: purchases, aim: exactlyOne },
      { ...row, unit: 'callers told that they bought', ours: bought, aim: exactlyOne },
      { ...row, unit: 'different pictures', ours: pictures, aim: exactlyOne },
      { ...row, unit: 'without a picture', ours: answers.filter((answer) => answer === null).length, aim: none },
      { ...row, unit: 'ms to the last answer, without the vendor', ours: lastMs - vendorMs, aim: null },
      { ...row, unit: 'MiB more memory', ours: grownBytes / megabyte, aim: null },
    );
  }
  return rows;
}

/** Many different pictures under way at the same moment: time and memory should grow no faster than their number. */
export async function inFlight(stage: Stage, vendor: Vendor): Promise<Row[]> {
  await warm(stage, vendor);
  await vendor.takes(vendorMs);
  const rows: Row[] = [];
  const seen: { readonly count: number; readonly addedMs: number; readonly grownBytes: number }[] = [];
  for (const count of flights) {
    const orders = Array.from({ length: count }, (_, seed) => {
      return { prompt: `bench: ${count} at once`, size: '256x256', seed };
    });
    const before = await vendor.sold();
    const { lastMs, grownBytes, answers } = await askAll(stage, orders);
    const purchases = (await vendor.sold()) - before;
    const addedMs = lastMs - vendorMs;
    seen.push({ count, addedMs, grownBytes });
    const row = { measure: `${count} different at once`, floor: null, ratio: null, aim: null };
    rows.push(
      { ...row, unit: 'purchases at the vendor', ours: purchases, aim: { atMost: count, isPromise: true } },
      { ...row, unit: 'without a picture', ours: answers.filter((answer) => answer === null).length, aim: none },
      { ...row, unit: 'ms to the last answer, without the vendor', ours: addedMs },
      { ...row, unit: 'MiB more memory', ours: grownBytes / megabyte },
    );
  }
  return [...rows, ...growthRows(seen.at(-2), seen.at(-1))];
}

type Seen = { readonly count: number; readonly addedMs: number; readonly grownBytes: number } | undefined;

/** What ten times as many cost, as a multiple: 10 is linear. */
function growthRows(less: Seen, more: Seen): Row[] {
  if (less === undefined || more === undefined) return [];
  const times = more.count / less.count;
  const row = { measure: `${less.count} to ${more.count} different`, floor: null, ratio: null };
  const aim = { atMost: times, isPromise: false };
  return [
    { ...row, unit: 'times as long', ours: more.addedMs / Math.max(1, less.addedMs), aim },
    { ...row, unit: 'times the memory', ours: more.grownBytes / Math.max(megabyte, less.grownBytes), aim },
  ];
}

/** The first picture of all also pays for starting objects and tables. */
async function warm(stage: Stage, vendor: Vendor): Promise<void> {
  await vendor.takes(0);
  await ask(stage.urls.vendor, { prompt: 'bench: a first picture', size: '256x256', seed: 1 });
}

async function askAll(stage: Stage, orders: readonly object[]) {
  await sleep(restMs);
  const { value, grownBytes } = await withMemory(async () => {
    const startedAt = performance.now();
    const answers = await Promise.all(orders.map((order) => ask(stage.urls.vendor, order)));
    return { answers, lastMs: performance.now() - startedAt };
  });
  return { ...value, grownBytes };
}

/** Null where the answer is no picture. */
async function ask(url: string, order: object) {
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(order),
  });
  const text = await response.text();
  if (!response.ok) {
    process.stderr.write(`One of many answered ${response.status}: ${text}\n`);
    return null;
  }
  const { data }: { data: { url: string }[] } = JSON.parse(text);
  return { picture: data[0]?.url, source: response.headers.get('x-fluxgate-source') };
}
