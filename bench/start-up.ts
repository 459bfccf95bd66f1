import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localEnvironment } from '../scripts/environment.mjs';
import { run } from '../scripts/guarded.mjs';
import { tool } from '../scripts/root.mjs';
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

const profiles = 5;

/** How long the script computes before it can answer, as wrangler's own profiler samples it. */
export async function startUpCpu(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-profile-'));
  const command = [tool('wrangler'), 'check', 'startup', '--outfile', join(folder, 'start.cpuprofile')] as const;
  const active: number[] = [];
  try {
    for (let time = 0; time < profiles; time += 1) {
      const { output } = await run(command, { env: { ...localEnvironment(), WRANGLER_LOG: 'log' } });
      const told = /Active:\s*([\d.]+) ms/.exec(output)?.[1];
      if (told === undefined) throw new Error(`The start cannot be profiled:\n${output}`);
      active.push(Number(told));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const row = { measure: 'start-up CPU', unit: 'ms, by wrangler check startup', floor: null, ratio: null };
  return [{ ...row, ours: median(active), aim: { atMost: 400, isPromise: false } }];
}
