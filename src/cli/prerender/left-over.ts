import { lstat } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { fileUrls } from './delivery';
import { digestOf, downloadsOf } from './downloads';
import { insidePath, type Lock, lockName } from './lock';
import { type Mentions, mentionsOf } from './mentions';
import { markFor } from './out-mark';
import type { Site } from './site';
import { contentOf } from './site-files';
import type { WrittenSite } from './write-site';
import { removeWithin } from './written-file';

type Files = Pick<Site, 'pages' | 'others' | 'absent'>;

/** All that belongs into another folder, with the pictures beside the pages. */
function outFiles({ pages, others }: Files, lock: Lock): readonly string[] {
  const files = [...pages, ...others].map(({ path }) => path);
  return [...new Set([...files, ...downloadsOf(lock).keys()])].sort();
}

/**
 * What the lock is to say of another folder: what was written there just now, or before and is still the same. What was
 * there without that is nobody's to remove, whatever it holds.
 */
export function writtenTo(
  site: Files,
  { before, lock }: { readonly before: Lock | null; readonly lock: Lock },
  { written, digests }: Pick<WrittenSite, 'written' | 'digests'>,
): NonNullable<Lock['written']> {
  const known = before !== null && isSamePlace(before, lock) ? (before.written ?? {}) : {};
  const [news, downloads] = [new Set(written), downloadsOf(lock)];
  const now = outFiles(site, lock).flatMap((path) => {
    const isOurs = news.has(path) || path in known;
    const digest = downloads.get(path) ?? (isOurs ? digests.get(path) : undefined) ?? known[path];
    return digest === undefined ? [] : [[path, digest] as const];
  });
  const still = Object.entries(known).filter(([path]) => isAbsent(site, path));
  return Object.fromEntries([...now, ...still].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** What an earlier run wrote, to another folder or beside the pages, and nothing calls for any more. */
export function leftOver(site: Files, before: Lock | null, now: Lock): readonly string[] {
  if (before === null) return [];
  // In place, the pictures that are there are among the site's own files.
  const [named, wanted] =
    before.out === null
      ? [[...downloadsOf(before).keys()], [...downloadsOf(now).keys()]]
      : [Object.keys(before.written ?? {}), outFiles(site, now)];
  const kept = new Set(wanted);
  return named.filter((path) => !kept.has(path) && insidePath.test(path) && !isAbsent(site, path));
}

export interface LeftOver {
  readonly site: Site;
  readonly out: string | null;
  readonly lockPath: string;
  readonly before: Lock | null;
  readonly lock: Lock;
  /** What the other folder was marked with before this run. */
  readonly marks: readonly string[];
}
export interface KeptFile {
  readonly path: string;
  readonly reason: string;
}
export interface Cleared {
  readonly removed: readonly string[];
  /** What was left over, and may be somebody's. */
  readonly kept: readonly KeptFile[];
}

/**
 * Removes what is left over, from the folder that the lock tells of alone: in another, nothing is ours, and in one of several
 * sites it may be another's. A file stays where it is another than was written, and a picture where any file names it all
 * the same: a page that goes, too, does not.
 */
export async function removeLeftOver(leavings: LeftOver): Promise<Cleared> {
  const { site, out, before, lock } = leavings;
  const [removed, kept] = [[] as string[], [] as KeptFile[]];
  if (before === null || !isSamePlace(before, lock)) return { removed, kept };
  const root = out ?? site.folder;
  const downloads = downloadsOf(before);
  const mark = out === null ? null : await markFor(out, { folder: site.folder, mark: before.mark });
  const foreign = out === null ? null : reasonOfMarks(leavings.marks, mark);
  const clear = async (path: string, namedBy: () => string | null) => {
    const digest = out === null ? downloads.get(path) : before.written?.[path];
    const reason = foreign ?? (await reasonAgainst(join(root, path), digest)) ?? namedBy();
    if (reason === null) {
      if (await removeWithin(root, path)) removed.push(path);
    } else if ((await stateOf(join(root, path))) !== null) kept.push({ path, reason });
  };
  const left = leftOver(site, before, lock);
  const pictures = left.filter((path) => downloads.has(path));
  for (const path of left) if (!downloads.has(path)) await clear(path, () => null);
  const mentions = await mentionsIn(leavings, foreign === null ? pictures : []);
  for (const path of pictures) await clear(path, () => reasonToKeep(path, mentions));
  return { removed: removed.sort(), kept };
}

function reasonOfMarks(marks: readonly string[], mark: string | null): string | null {
  if (mark === null || !marks.includes(mark)) return 'its folder has no mark of this site';
  return marks.every((one) => one === mark)
    ? null
    : 'another site is written to its folder, too, and may have the same (.fluxgate-out)';
}

/** Who names pictures, in the site and where it is written. */
async function mentionsIn({ site, out, lockPath, lock }: LeftOver, pictures: readonly string[]): Promise<Mentions> {
  return await mentionsOf(
    pictures.map((path) => posix.basename(path)),
    {
      roots: [...new Set([out ?? site.folder, site.folder])],
      except: [resolve(lockPath), join(resolve(site.folder), lockName), ...(out === null ? [] : [resolve(out)])],
      ownUrls: ownUrlsIn(site, lock),
    },
  );
}

/** As pages name their pictures now: that is no mention of a file elsewhere. */
function ownUrlsIn({ pages }: Site, lock: Lock): (path: string, name: string) => readonly string[] {
  const { inline } = lock;
  if (inline === null) return () => [];
  const paths = new Set(pages.map(({ path }) => path));
  const names = new Set([...downloadsOf(lock).keys()].map((path) => posix.basename(path)));
  return (path, name) => (paths.has(path) && names.has(name) ? [fileUrls(path, inline)(name)] : []);
}

function reasonToKeep(path: string, { byName, unread }: Mentions): string | null {
  const namer = byName.get(posix.basename(path));
  if (namer !== undefined) return `${namer} names it`;
  return unread === null ? null : `${unread} cannot be searched for its name`;
}

/** @returns why a file is not known to be as it was written; null where it is */
async function reasonAgainst(file: string, digest: string | null | undefined): Promise<string | null> {
  if (digest === null || digest === undefined) return 'the lock does not say what was written';
  const state = await stateOf(file);
  const content = state?.isFile() ? await contentOf(file).catch(() => null) : null;
  return content !== null && digestOf(content) === digest ? null : 'it was changed since';
}

async function stateOf(file: string) {
  return await lstat(file).catch(() => null);
}

function isSamePlace(before: Lock, lock: Lock): boolean {
  return before.out === lock.out && before.site === lock.site;
}

/** Whether the site has it, or a folder that it is in, and it is not copied. */
function isAbsent({ absent }: Files, path: string): boolean {
  return absent.some((one) => path === one.path || path.startsWith(`${one.path}/`));
}
