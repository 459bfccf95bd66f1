import { basename, dirname, resolve } from 'node:path';
import { formatLock, type Lock, parseLock } from './lock';
import { contentOf } from './site-files';
import { writeWithin } from './written-file';

/** @returns null where there is none yet */
export async function readLock(path: string): Promise<Lock | null> {
  const content = await contentOf(path);
  return content === null ? null : parseLock(content.toString('utf8'), path);
}

/** @returns whether that changed it */
export async function writeLock(path: string, lock: Lock): Promise<boolean> {
  return await writeWithin(dirname(resolve(path)), basename(path), formatLock(lock));
}
