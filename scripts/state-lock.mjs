import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Halt } from './halt.mjs';

/**
 * Takes a state folder for this process alone: two services on one database would corrupt each other's work. What a
 * killed one left behind is cleared away.
 *
 * @param {string} state folder
 * @throws {Halt} when a service that is alive has it, or it cannot be written to
 */
export function claimState(state) {
  makeFolder(state);
  const path = join(state, 'service.pid');
  const owner = readOwner(path);
  if (owner !== undefined && owner.pid !== process.pid && isAlive(owner)) {
    throw new Halt(
      `The state in ${state} is used by another service (process ${owner.pid}): name another folder with FLUXGATE_STATE.`,
    );
  }
  for (const name of readdirSync(state)) {
    if (/^(?:service-\d+\.json|variables-\d+\.env)$/.test(name)) rmSync(join(state, name), { force: true });
  }
  writeFileSync(path, `${process.pid}\n${beginningOf(process.pid) ?? ''}\n`);
  process.on('exit', () => {
    if (readOwner(path)?.pid === process.pid) rmSync(path, { force: true });
  });
}

/** @param {string} state */
function makeFolder(state) {
  try {
    mkdirSync(state, { recursive: true });
    accessSync(state, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new Halt(`FLUXGATE_STATE must name a folder that can be written to, or made, not "${state}" (${code}).`);
  }
}

/**
 * @typedef {object} Owner
 * @property {number} pid
 * @property {string} beginning when it began; empty: nobody wrote that down
 */

/**
 * @param {string} path
 * @returns {Owner | undefined}
 */
function readOwner(path) {
  try {
    const [number = '', beginning = ''] = readFileSync(path, 'utf8').split('\n');
    const pid = Number.parseInt(number, 10);
    return pid > 0 ? { pid, beginning } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether it is that very process: once it has ended, its number may be another's.
 *
 * @param {Owner} owner
 */
function isAlive({ pid, beginning }) {
  if (!isThere(pid) || isZombie(pid)) return false;
  const known = beginning === '' ? undefined : beginningOf(pid);
  return known === undefined || known === beginning;
}

/** @param {number} pid */
function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {number} pid whether it has ended and nobody has asked how, as in a container whose first process buries no others */
function isZombie(pid) {
  return /^[ZX]$/.test(statOf(pid)?.[0] ?? '');
}

/**
 * When a process began, in words that no other process of this number has: those of the kernel, since which start of the
 * machine, or else of `ps`. Undefined: nobody can tell.
 *
 * @param {number} pid
 */
function beginningOf(pid) {
  const ticks = statOf(pid)?.[startTime];
  try {
    if (ticks !== undefined) return `${ticks} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
    const options = { encoding: /** @type {const} */ ('utf8'), env: { ...process.env, LC_ALL: 'C' } };
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Its place among the fields behind the name. */
const startTime = 19;

/**
 * The fields behind the name of a process, the first of which is its state:
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 *
 * @param {number} pid
 */
function statOf(pid) {
  try {
    // The name stands in parentheses, and may hold some.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}
