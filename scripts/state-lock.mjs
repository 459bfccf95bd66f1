import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Halt } from './halt.mjs';

/**
 * Takes a state folder for this process alone: two services on one database would corrupt each other's work. What a
 * killed one left behind is cleared away.
 *
 * @param {string} state folder
 * @throws {Halt} when a service that is alive has it
 */
export function claimState(state) {
  mkdirSync(state, { recursive: true });
  const path = join(state, 'service.pid');
  const owner = readOwner(path);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new Halt(
      `The state in ${state} is used by another service (process ${owner}): name another folder with FLUXGATE_STATE.`,
    );
  }
  for (const name of readdirSync(state)) {
    if (/^variables-\d+\.env$/.test(name)) rmSync(join(state, name), { force: true });
  }
  writeFileSync(path, `${process.pid}\n`);
  process.on('exit', () => {
    if (readOwner(path) === process.pid) rmSync(path, { force: true });
  });
}

/** @param {string} path */
function readOwner(path) {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether a process has ended and nobody has asked how, as in a container whose first process buries no others:
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 *
 * @param {number} pid
 */
function isZombie(pid) {
  try {
    // The name stands in parentheses, and may hold some.
    return /^ [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, ''));
  } catch {
    return false;
  }
}
