import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Halt } from './halt.mjs';

/** Linux's folder in memory. */
const MEMORY = '/dev/shm';
/** Many times what the tests keep there. */
const ROOM_BYTES = 4 * 1024 ** 3;
const PREFIX = 'fluxgate-scratch-';

/**
 * A folder that goes when this process does. What is written there is read again soon or never, and a database waits for
 * its disk with every row: so it is in memory, where there is room for it.
 *
 * @returns {string}
 */
export function scratchFolder() {
  const folder = (hasRoom() ? folderIn(MEMORY) : null) ?? folderIn(tmpdir());
  if (folder === null)
    throw new Halt(`No folder can be made in ${tmpdir()}: set TMPDIR to one that can be written to.`);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/**
 * @param {string} place
 * @returns {string | null} nothing where this user may write nothing
 */
function folderIn(place) {
  try {
    removeLeftovers(place);
    return mkdtempSync(join(place, `${PREFIX}${process.pid}-`));
  } catch {
    return null;
  }
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    return false;
  }
}

/**
 * Of processes that were killed.
 *
 * @param {string} place
 */
function removeLeftovers(place) {
  for (const name of readdirSync(place)) {
    const owner = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (owner > 0 && !isAlive(owner)) removeIfOurs(join(place, name));
  }
}

/** @param {string} path */
function removeIfOurs(path) {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another user's.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
