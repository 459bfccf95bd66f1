import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { realPathOf, wayTo } from './way';

/** A folder that holds one is written by `fluxgate prerender`: a line for each site. */
export const markName = '.fluxgate-out';

/** A site, and what its lock says of itself; nothing, where it was never written to another folder. */
export interface MarkedSite {
  readonly folder: string;
  readonly mark: string | undefined;
}

/** What its sites are called there; null where there is no mark. */
export async function marksIn(folder: string): Promise<readonly string[] | null> {
  const text = await readFile(join(folder, markName), 'utf8').catch(() => null);
  return text === null ? null : text.split(/\s+/).filter(Boolean);
}

/**
 * What a site is called in a folder that it is written to: by its lock and by the way from there to it. So a copy of a site,
 * whose lock is a copy, too, is another one there, and a checkout elsewhere that has both is the same.
 */
export async function markFor(folder: string, site: MarkedSite): Promise<string | null> {
  if (site.mark === undefined) return null;
  const way = wayTo(await realPathOf(folder), await realPathOf(site.folder));
  return createHash('sha256').update(`${site.mark}\n${way}`).digest('hex').slice(0, 32);
}

/** Whether this site is written to that folder, whatever else is. */
export async function isMarkedBy(folder: string, site: MarkedSite): Promise<boolean> {
  const marks = site.mark === undefined ? null : await marksIn(folder);
  const mark = marks === null ? null : await markFor(folder, site);
  return mark !== null && marks?.includes(mark) === true;
}
