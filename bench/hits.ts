import { randomBytes } from 'node:crypto';
import { compare, type Effort, median, ratioOf } from './compare.ts';
import type { LoadGenerator, Shot, Slice } from './load.ts';
import type { Aim, Row } from './report.ts';
import { key, type Stage } from './stage.ts';

/** Pictures by their sizes in bytes. */
const pictureSizes = [20_000, 300_000];

/** An order that every dialect here words alike; made once, then only asked for. */
const order = { prompt: 'bench: a hit', width: 128, height: 128, seed: 1 };
const json = { 'content-type': 'application/json' };
const dialects = [
  { name: 'OpenAI', path: '/v1/images/generations', headers: { ...json, authorization: `Bearer ${key}` } },
  { name: 'BFL', path: '/v1/flux-2-flex', headers: { ...json, 'x-key': key } },
];

/** The bytes of a stored picture, against the floor that reads the same object. */
export async function pictureHits(stage: Stage, generator: LoadGenerator, effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of pictureSizes) {
    const path = await storePicture(stage, size);
    const get = (url: string): Shot => ({ url: url + path, method: 'GET', headers: {}, body: '' });
    const { urls } = stage;
    const slices = await compare(generator, { ours: get(urls.service), floor: get(urls.floor) }, effort);
    const name = `hit, picture of ${size / 1000} KB`;
    rows.push(...speedRows(name, slices, { atLeast: 0.85, isPromise: false }));
  }
  return rows;
}

/**
 * An order for a picture that is stored. One floor reads what says so, as we must; the other reads nothing and shows
 * what Miniflare's simulated R2 takes of every local figure.
 */
export async function orderHits({ urls }: Stage, generator: LoadGenerator, effort: Effort): Promise<Row[]> {
  const fingerprint = await make(urls.service);
  const body = JSON.stringify(order);
  const rows: Row[] = [];
  for (const { name, path, headers } of dialects) {
    const post = (url: string): Shot => ({
      url,
      method: 'POST',
      body,
      headers: { ...headers, ...recipeOf(fingerprint) },
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
    rows.push(...speedRows(`hit, ${name} order`, { ours, floor: reading }, null));
    rows.push(...speedRows(`hit, ${name} order, floor without R2`, { ours, floor: hashing }, null).slice(0, 1));
  }
  return rows;
}

function speedRows(
  measure: string,
  { ours, floor }: { readonly ours: readonly Slice[]; readonly floor: readonly Slice[] },
  aim: Aim | null,
): Row[] {
  const row = (unit: string, pick: (slice: Slice) => number): Row => {
    const [mine, theirs] = [ours.map(pick), floor.map(pick)];
    return { measure, unit, ours: median(mine), floor: median(theirs), ratio: ratioOf(mine, theirs), aim: null };
  };
  return [
    { ...row('requests/s', ({ requestsPerSecond }) => requestsPerSecond), aim },
    row('p50 ms', ({ p50Ms }) => p50Ms),
  ];
}

/** Stands for a picture of that many bytes: nobody decodes it on its way out. */
async function storePicture({ miniflare }: Stage, size: number): Promise<string> {
  const bucket = await miniflare.getR2Bucket('PICTURES', 'service');
  const fingerprint = randomBytes(32).toString('hex');
  await bucket.put(`pictures/${fingerprint}/master`, randomBytes(size), { httpMetadata: { contentType: 'image/png' } });
  return `/images/${fingerprint}.png`;
}

async function make(url: string): Promise<string> {
  const headers = { ...json, authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers,
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(`The picture was not made: ${await response.text()}`);
  return response.headers.get('x-fluxgate-fingerprint') ?? '';
}

const recipeOf = (fingerprint: string) => ({ 'x-bench-recipe': `pictures/${fingerprint}/recipe.json` });
