import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder that holds one is written by `fluxgate prerender`: a line for each site. */
export const markName = '.fluxgate-out';

/** What its sites are called there; null where there is no mark. */
export async function marksIn(folder: string): Promise<readonly string[] | null> {
  const text = await readFile(join(folder, markName), 'utf8').catch(() => null);
  return text === null ? null : text.split(/\s+/).filter(Boolean);
}

/** Whether this lock's site is written to that folder, whatever else is. */
export async function isMarkedBy(folder: string, mark: string | undefined): Promise<boolean> {
  return mark !== undefined && (await marksIn(folder))?.includes(mark) === true;
}
