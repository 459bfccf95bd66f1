import { workerdProcesses } from './workerd-processes.ts';

const sampleMs = 200;

/** Bytes in memory of every workerd that this process started. */
export async function workerdBytes(): Promise<number> {
  return (await workerdProcesses()).reduce((sum, { bytes }) => sum + bytes, 0);
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
