import { median } from './compare.ts';
import type { Row } from './report.ts';
import { key, type Stage } from './stage.ts';

const warmUps = 3;

/**
 * What a miss costs beyond the vendor's own time: the sandbox answers at once here, so what is left is drawing the
 * picture and our part. The floor draws and stores the same picture, and does nothing else.
 */
export async function missOverhead({ urls }: Stage, repeats: number): Promise<Row[]> {
  const ours: number[] = [];
  const floor: number[] = [];
  for (let seed = 0; seed < warmUps + repeats; seed += 1) {
    const contenders = [
      () => timed(ours, () => buy(urls.service, seed)),
      () => timed(floor, () => draw(urls.counting, seed)),
    ];
    for (const contender of seed % 2 === 0 ? contenders : contenders.toReversed()) await contender();
  }
  const [mine, theirs] = [ours.slice(warmUps), floor.slice(warmUps)];
  const added = median(mine.map((value, index) => value - (theirs[index] ?? 0)));
  return [
    { measure: 'miss', unit: 'p50 ms', ours: median(mine), floor: median(theirs), ratio: null, aim: null },
    { measure: 'miss, added to drawing and storing', unit: 'p50 ms', ours: added, floor: null, ratio: null, aim: null },
  ];
}

async function timed(into: number[], work: () => Promise<Response>): Promise<void> {
  const startedAt = performance.now();
  const response = await work();
  const text = await response.text();
  into.push(performance.now() - startedAt);
  if (!response.ok) throw new Error(`A miss answered ${response.status}: ${text}`);
}

/** The same picture as {@link draw} draws. */
function buy(url: string, seed: number): Promise<Response> {
  return fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ prompt: 'bench: a miss', size: '256x256', seed }),
  });
}

function draw(url: string, seed: number): Promise<Response> {
  return fetch(`${url}/bench/draw?seed=${seed}`, { method: 'POST' });
}
