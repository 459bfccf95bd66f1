import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const msPerTick = 10;

/** Every workerd that this process started: our Worker, its objects, and Miniflare's simulations. */
export async function workerdProcesses(): Promise<readonly { readonly pid: string; readonly bytes: number }[]> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm=']);
  const processes = stdout.split('\n').map((line) => {
    const [pid = '', parent = '', kilobytes = '', ...command] = line.trim().split(/\s+/);
    return { pid, parent, bytes: Number(kilobytes) * 1024, isWorkerd: command.join(' ').includes('workerd') };
  });
  const ours = new Set([String(process.pid)]);
  for (let before = 0; before !== ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  return processes.filter(({ pid, isWorkerd }) => isWorkerd && ours.has(pid));
}

/** Milliseconds of CPU that processes have used; null where the system does not tell it in Linux's way. */
export function cpuMsOf(pids: readonly string[]): number | null {
  try {
    return pids.reduce((sum, pid) => sum + ticksOf(readFileSync(`/proc/${pid}/stat`, 'utf8')) * msPerTick, 0);
  } catch {
    return null;
  }
}

/** The user's and the system's time: fields 14 and 15, counted after the command's closing bracket. */
function ticksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
