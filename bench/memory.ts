import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const sampleMs = 200;

/** Bytes in memory of every workerd that this process started: our Worker, its objects, and Miniflare's simulations. */
export async function workerdBytes(): Promise<number> {
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
  return processes.reduce((sum, { pid, bytes, isWorkerd }) => sum + (isWorkerd && ours.has(pid) ? bytes : 0), 0);
}

/** Does the work, and tells by how much memory grew at the most meanwhile. */
export async function withMemory<Value>(work: () => Promise<Value>): Promise<{ value: Value; grownBytes: number }> {
  const before = await workerdBytes();
  let most = before;
  const look = async () => {
    most = Math.max(most, await workerdBytes());
  };
  const timer = setInterval(() => void look().catch(() => undefined), sampleMs);
  try {
    const value = await work();
    await look();
    return { value, grownBytes: most - before };
  } finally {
    clearInterval(timer);
  }
}
