import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of this machine, by its ids. */
interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** The name of its program. */
  readonly command: string;
}

/** A process and all that it started, as `ps` lists them. */
export function familyOf(pid: number): readonly Running[] {
  const all = everyProcess();
  const family = all.filter((process) => process.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** Kills every process group of the family at once: none gets to say goodbye to the others. */
export async function killFamily(pid: number): Promise<void> {
  const family = familyOf(pid);
  const own = everyProcess().find((running) => running.pid === process.pid)?.group;
  const groups = new Set(family.map(({ group }) => group));
  if (own !== undefined && groups.has(own)) throw new Error('The service shares the group of the test itself.');
  for (const group of groups) process.kill(-group, 'SIGKILL');
  await untilGone(family.map((member) => member.pid));
}

/** @throws Error naming those that are still there after ten seconds. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 10_000;
  let left = survivors(pids);
  while (left.length > 0) {
    if (Date.now() > deadline) throw new Error(`Still running: ${left.join(', ')}.`);
    await sleep(50);
    left = survivors(pids);
  }
}

function survivors(pids: readonly number[]): number[] {
  const running = new Set(everyProcess().map(({ pid }) => pid));
  return pids.filter((pid) => running.has(pid));
}

/** A dead child that nobody has waited for yet is a zombie, and runs no more. */
function everyProcess(): Running[] {
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,comm='], { encoding: 'utf8' });
  return listing
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state = '']) => !state.startsWith('Z'))
    .map(([pid, parent, group, , ...command]) => ({
      ...{ pid: Number(pid), parent: Number(parent), group: Number(group) },
      command: basename(command.join(' ')),
    }));
}
