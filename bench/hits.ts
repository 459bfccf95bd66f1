import { randomBytes } from 'node:crypto';
import { compare, cpuMsEach, type Effort, type Measured, median, ratioOf } from './compare.ts';
import { dialectOrders, pictureWithin } from './dialect-orders.ts';
import type { LoadGenerator, Shot, Slice } from './load.ts';
import type { Aim, Row } from './report.ts';
import type { Stage } from './stage.ts';

/** Pictures by their sizes in bytes. */
const pictureSizes = [20_000, 300_000, 3_000_000];
const connectionCounts = [1, 8, 16];

/** What a hit on a picture should keep of its floor's requests per second, and add to its p50. */
const pictureAims = { speed: { atLeast: 0.9, isPromise: false }, p50: { atMost: 1.15, isPromise: false } } as const;
const orderAims = { speed: { atLeast: 0.7, isPromise: false }, p50: null } as const;

/** The bytes of a stored picture, against the floor that reads the same object. */
export async function pictureHits(stage: Stage, generator: LoadGenerator, effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of pictureSizes) {
    const path = await storePicture(stage, size);
    const get = (url: string): Shot => ({ url: url + path, method: 'GET', headers: {}, body: '' });
    for (const connections of connectionCounts) {
      const contenders = { ours: get(stage.urls.service), floor: get(stage.urls.floor) };
      const slices = await compare(generator, contenders, { ...effort, connections });
      rows.push(...speedRows(`hit, picture of ${nameOf(size)}, ${connections} at a time`, slices, pictureAims));
    }
  }
  return rows;
}

/**
 * An order for a picture that is stored, in each dialect. The floor reads nothing: it parses the JSON, hashes it and
 * answers as much. A second one also reads the object that says whether the picture is there, as we must: it shows what
 * Miniflare's simulated R2 takes of every local figure.
 */
export async function orderHits({ urls }: Stage, generator: LoadGenerator, effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, path, headers, body } of dialectOrders) {
    const fingerprint = await make(urls.service + path, headers, body);
    const post = (url: string): Shot => ({
      ...{ url, method: 'POST', body, answers: [200, 201, 202] },
      headers: { ...headers, 'x-bench-recipe': `pictures/${fingerprint}/recipe.json` },
    });
    const { ours, reading, hashing } = await compare(
      generator,
      {
        ours: post(urls.service + path),
        reading: post(`${urls.floor}/hash-and-read`),
        hashing: post(`${urls.floor}/hash`),
      },
      effort,
    );
    rows.push(
      ...speedRows(`hit, ${name} order`, { ours, floor: reading }, name === pictureWithin ? noAims : orderAims),
    );
    rows.push(...speedRows(`hit, ${name} order, floor without R2`, { ours, floor: hashing }, noAims).slice(0, 1));
  }
  return rows;
}

interface Aims {
  readonly speed: Aim | null;
  readonly p50: Aim | null;
}
const noAims: Aims = { speed: null, p50: null };

function speedRows(
  measure: string,
  { ours, floor }: { readonly ours: readonly Measured[]; readonly floor: readonly Measured[] },
  aims: Aims,
): Row[] {
  const row = (unit: string, pick: (slice: Slice) => number, aim: Aim | null): Row => {
    const [mine, theirs] = [ours.map(pick), floor.map(pick)];
    return { measure, unit, ours: median(mine), floor: median(theirs), ratio: ratioOf(mine, theirs), aim };
  };
  return [
    row('requests/s', ({ requestsPerSecond }) => requestsPerSecond, aims.speed),
    row('p50 ms', ({ p50Ms }) => p50Ms, aims.p50),
    ...cpuRows(measure, cpuMsEach(ours), cpuMsEach(floor)),
  ];
}

function cpuRows(measure: string, ours: number | null, floor: number | null): Row[] {
  if (ours === null || floor === null) return [];
  return [{ measure, unit: 'CPU ms each', ours, floor, ratio: ours / floor, aim: null }];
}

/** Stands for a picture of that many bytes: nobody decodes it on its way out. It has the metadata of a real one. */
async function storePicture({ miniflare }: Stage, size: number): Promise<string> {
  const bucket = await miniflare.getR2Bucket('PICTURES', 'service');
  const fingerprint = randomBytes(32).toString('hex');
  const traits = { namespace: 'public', width: '1024', height: '1024', determinism: 'pinned', color: '#336699' };
  await bucket.put(`pictures/${fingerprint}/master`, randomBytes(size), {
    httpMetadata: { contentType: 'image/png' },
    customMetadata: { ...traits, thumbhash: randomBytes(24).toString('base64') },
  });
  return `/images/${fingerprint}.png`;
}

/** Makes the picture, and comes back when it is stored: some dialects answer before. */
async function make(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
    const fingerprint = response.headers.get('x-fluxgate-fingerprint') ?? '';
    if (response.headers.get('x-fluxgate-source') === 'hit') return fingerprint;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} never made its picture.`);
}

const nameOf = (size: number) => (size < 1e6 ? `${size / 1000} KB` : `${size / 1e6} MB`);
