import { median } from './compare.ts';
import type { Row } from './report.ts';
import { type Props, type Role, raise } from './stage.ts';

/** From nothing to the first answer, in a new workerd each time: the difference is what our code takes to load. */
export async function startUp(props: Props, repeats: number): Promise<Row[]> {
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round <= repeats; round += 1) {
    ours.push(await firstAnswerMs(props, 'service', '/health'));
    floor.push(await firstAnswerMs(props, 'floor', '/'));
  }
  const [mine, theirs] = [ours.slice(1), floor.slice(1)];
  const added = median(mine.map((value, index) => value - (theirs[index] ?? 0)));
  const row = { measure: 'start to first answer', unit: 'ms', ratio: null, aim: null };
  return [
    { ...row, ours: median(mine), floor: median(theirs) },
    { ...row, measure: 'start to first answer, added', ours: added, floor: null },
  ];
}

async function firstAnswerMs(props: Props, role: Role, path: string): Promise<number> {
  const startedAt = performance.now();
  const { urls, miniflare } = await raise(props, [role]);
  await (await fetch(urls[role] + path)).arrayBuffer();
  const took = performance.now() - startedAt;
  await miniflare.dispose();
  return took;
}
