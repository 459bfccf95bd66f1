import { readdir } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { CommandError } from '../exit-code';
import type { Lock } from './lock';
import { writeLock } from './lock-file';
import { isMarkedBy, markFor, markName, marksIn } from './out-mark';
import { realPathOf, wayTo } from './way';
import { writeWithin } from './written-file';

export interface OutFolder {
  /** The site's. */
  readonly folder: string;
  readonly out: string;
  readonly lock: Lock | null;
  readonly lockPath: string;
  /** Whether it was given just now: else the lock alone names it. */
  readonly isGiven: boolean;
}

/**
 * Whether a site may be written there without harm.
 * @throws CommandError where that would be written over which is not known to be ours
 */
export async function expectHarmless({ folder, out, lock, lockPath, isGiven }: OutFolder): Promise<void> {
  const [site, target] = [await realPathOf(folder), await realPathOf(out)];
  if (site === target)
    throw new CommandError(`${out} is the site itself: give --in-place, or another folder as --out.`);
  if (isWithin(target, site)) throw new CommandError(`${out} contains the site: give another folder as --out.`);
  const marks = await marksIn(out);
  const isFree = marks === null && (await isEmpty(out));
  if (isGiven) {
    const isNamed = lock?.out !== undefined && lock.out === wayTo(folder, out);
    if (!isWithin(site, target) || isFree || marks !== null || isNamed) return;
    throw new CommandError(`${out} is in the site, and has files of its own: empty it, or give another as --out.`);
  }
  const isOurs = await isMarkedBy(out, { folder, mark: lock?.mark });
  if (isSiteOf(lock, lockPath, folder) && (isOurs || (isFree && isWithin(dirname(site), target)))) return;
  throw new CommandError(
    `The lock names ${out}, and nothing there says that this site is written to it: give it as --out, or give --in-place.`,
  );
}

/** Whether a lock is of this site, and not of another. */
export function isSiteOf(lock: Pick<Lock, 'site'> | null, lockPath: string, folder: string): boolean {
  return (lock?.site ?? '') === wayTo(dirname(lockPath), folder);
}

interface Marking {
  /** The site's. */
  readonly folder: string;
  readonly before: Lock | null;
  readonly lock: Lock;
  readonly lockPath: string;
}

/**
 * Says in a folder, before anything is written there, that it is this site's, so that a run that is killed can go on; others'
 * marks stay. The lock knows its mark first, and forgets what it told of a folder without one: that is not ours by a mark
 * that comes later.
 */
export async function markOut(out: string, { folder, before, lock, lockPath }: Marking): Promise<void> {
  const { mark: own } = lock;
  const mark = await markFor(out, { folder, mark: own });
  if (own === undefined || mark === null || (await isMarkedBy(out, { folder, mark: before?.mark }))) return;
  const { written: _, ...known } = before ?? lock;
  await writeLock(lockPath, { ...known, mark: own });
  await writeWithin(out, markName, `${[...((await marksIn(out)) ?? []), mark].join('\n')}\n`);
}

async function isEmpty(out: string): Promise<boolean> {
  try {
    return (await readdir(out)).length === 0;
  } catch (thrown) {
    if (Object(thrown).code === 'ENOENT') return true;
    return false;
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}
