import { join, posix } from 'node:path';
import { digestOf } from './downloads';
import { insidePath, type Lock } from './lock';
import type { Site } from './site';
import { contentOf } from './site-files';
import { removeWithin } from './written-file';

type Files = Pick<Site, 'pages' | 'others'>;

/** All that belongs into another folder, with the pictures beside the pages. */
export function outFiles({ pages, others }: Files, lock: Lock): string[] {
  const files = [...pages, ...others].map(({ path }) => path);
  return [...new Set([...files, ...downloadsOf(lock).keys()])].sort();
}

/** What an earlier run wrote, to another folder or beside the pages, and nothing calls for any more. */
export function leftOver(site: Files, before: Lock | null, now: Lock): readonly string[] {
  if (before === null) return [];
  // In place, the pictures that are there are among the site's own files.
  const [named, wanted] =
    before.out === null
      ? [[...downloadsOf(before).keys()], [...downloadsOf(now).keys()]]
      : [before.written ?? [], outFiles(site, now)];
  const kept = new Set(wanted);
  return named.filter((path) => !kept.has(path) && insidePath.test(path));
}

export interface LeftOver {
  readonly site: Site;
  readonly out: string | null;
  readonly before: Lock | null;
  readonly lock: Lock;
}

/**
 * Removes what is left over, from the folder that the lock tells of alone: in another, nothing is ours. A picture stays
 * where it is another than was downloaded, or where a page names it all the same.
 * @returns what was removed
 */
export async function removeLeftOver({ site, out, before, lock }: LeftOver): Promise<readonly string[]> {
  if (before === null || before.out !== lock.out) return [];
  const root = out ?? site.folder;
  const downloads = downloadsOf(before);
  const left = leftOver(site, before, lock);
  const texts = left.length === 0 ? [] : await textsIn(root, site);
  const names = new Set([...downloadsOf(lock).keys()].map((path) => posix.basename(path)));
  const removed: string[] = [];
  for (const path of left) {
    const digest = downloads.get(path);
    const name = posix.basename(path);
    // In another folder, it has the same name.
    const isNamed = texts.some((text) => text.includes(names.has(name) ? path : name));
    const isOurs = digest === undefined || (!isNamed && (await digestAt(join(root, path))) === digest);
    if (isOurs && (await removeWithin(root, path))) removed.push(path);
  }
  return removed;
}

/** What the pages say as they were written, or could not be. */
async function textsIn(root: string, { pages }: Site): Promise<readonly string[]> {
  const contents = await Promise.all(pages.map(({ path }) => contentOf(join(root, path))));
  return contents.map((content) => content?.toString('utf8') ?? '');
}

async function digestAt(path: string): Promise<string | null> {
  const content = await contentOf(path).catch(() => null);
  return content === null ? null : digestOf(content);
}

/** The digests of a lock's downloads by their paths in the folder of the pages. */
function downloadsOf({ inline, pictures }: Lock): ReadonlyMap<string, string> {
  if (inline === null) return new Map();
  const files = Object.values(pictures).flatMap((locked) => Object.values(locked.files).flat());
  return new Map(files.map(({ name, sha256 }) => [posix.join(inline.folder, name), sha256]));
}
