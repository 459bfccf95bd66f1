import { join, posix } from 'node:path';
import { digestOf, missingFiles } from './downloads';
import type { Lock, LockedFile } from './lock';
import { contentOf } from './site-files';
import { writeWithin } from './written-file';

/** Where downloads are put, and where they are kept, each named for its digest: build tools empty the first. */
export interface Keeping {
  /** The folder that pages are written to, and the one for pictures in it. */
  readonly root: string;
  readonly folder: string;
  readonly cache: string;
}

/**
 * Puts a lock's downloads back from where they are kept, so that nobody is asked for them. What is not as the lock has it
 * is not used.
 * @returns how many are missing
 */
export async function bringBack(lock: Lock, { root, folder, cache }: Keeping): Promise<number> {
  let missing = 0;
  for (const { name, sha256 } of await missingFiles(join(root, folder), filesOf(lock))) {
    const content = await contentOf(join(cache, sha256));
    if (content === null || digestOf(content) !== sha256) missing += 1;
    else await writeWithin(root, posix.join(folder, name), content);
  }
  return missing;
}

/** @throws CommandError where they cannot be written */
export async function keepDownloads(lock: Lock, { root, folder, cache }: Keeping): Promise<void> {
  for (const { name, sha256 } of filesOf(lock)) {
    const content = await contentOf(join(root, folder, name));
    if (content !== null && digestOf(content) === sha256) await writeWithin(cache, sha256, content);
  }
}

function filesOf({ pictures }: Lock): readonly LockedFile[] {
  return Object.values(pictures).flatMap(({ files }) => Object.values(files).flat());
}
