import { join } from 'node:path';
import type { Delivery } from './delivery';
import { showsOf } from './delivery';
import { missingFiles } from './downloads';
import { leftOver } from './left-over';
import { type Lock, lockedBy, lockName } from './lock';
import { readLock } from './lock-file';
import { pictureFormats } from './picture-parameters';
import type { PictureService } from './picture-service';
import { titleOf } from './picture-title';
import { pinnedIn } from './pins';
import { placeText } from './place';
import { isLocked, type PlannedPicture, planned } from './plan';
import { readSite, type Site } from './site';
import { storedDigests } from './stored-digests';
import { withPictures } from './write-site';

/** Something that is not as the lock has it. */
export interface Stale {
  readonly where: string;
  readonly message: string;
}
export interface Checking {
  readonly folder: string;
  readonly out: string | null;
  readonly lockPath: string;
  readonly concurrency: number;
  /** Where the stored digests are to be compared, too. */
  readonly service: PictureService | null;
}

/** Compares a site with its lock; without a service, nobody is asked. */
export async function checkSite(checking: Checking): Promise<{ stale: readonly Stale[]; count: number }> {
  const lock = await readLock(checking.lockPath);
  const site = await readSite(checking.folder, { out: checking.out, mark: lock?.mark });
  const wanted = planned(site.pages);
  if (lock === null) {
    const stale = wanted.length === 0 ? [] : [{ where: lockName, message: 'There is none.' }];
    return { stale, count: wanted.length };
  }
  const stale = [
    ...wanted.flatMap((picture) => (isLocked(lock, picture) ? [] : [newOrChanged(lock, picture)])),
    ...unlikeUse(lock, wanted),
    ...(await unlikePages(lock, site)),
    ...leftOver(site, lock, lock).map((path) => ({
      where: `${lock.out}/${path}`,
      message: 'It is in no page and no file of the site any more.',
    })),
    ...(await unlikeFiles(lock, checking.folder)),
    ...(checking.service === null ? [] : await unlikeStored(lock, checking.service, checking.concurrency)),
    ...(checking.service === null ? [] : await unlikePins(lock, checking.service)),
  ];
  return { stale, count: wanted.length };
}

function newOrChanged(lock: Lock, { parameters, places, formats }: PlannedPicture): Stale {
  const where = places.map(placeText).join(', ');
  const title = titleOf(parameters);
  if (lockedBy(lock)(parameters) !== undefined)
    return { where, message: `${title} is not in the lock as ${[...formats].join(' and ')}.` };
  const before = Object.values(lock.pictures).find(
    ({ prompt, usedIn }) => prompt === parameters.prompt && places.some(({ path }) => usedIn.includes(path)),
  );
  if (before === undefined) return { where, message: `${title} is not in the lock.` };
  const names = ['seed', 'width', 'height', 'steps', 'guidance'] as const;
  const differing = names.filter((name) => before[name] !== parameters[name]);
  const told = differing.map((name) => `${name} ${before[name]} → ${parameters[name]}`).join(', ');
  return { where, message: `${title} is in the lock with another ${told}.` };
}

function unlikeUse(lock: Lock, wanted: readonly PlannedPicture[]): readonly Stale[] {
  const known = lockedBy(lock);
  const uses = new Map<string, readonly string[]>();
  for (const { parameters, places } of wanted) {
    const fingerprint = known(parameters);
    if (fingerprint !== undefined) uses.set(fingerprint, [...new Set(places.map(({ path }) => path))].sort());
  }
  return Object.entries(lock.pictures).flatMap(([fingerprint, locked]) => {
    const usedIn = uses.get(fingerprint);
    if (usedIn === undefined) return [{ where: lockName, message: `${titleOf(locked)} is in no page any more.` }];
    if (usedIn.join('\n') === [...locked.usedIn].sort().join('\n')) return [];
    return [{ where: lockName, message: `${titleOf(locked)} is now in ${usedIn.join(', ')}.` }];
  });
}

/** Links themselves cannot be compared: that takes their secret. */
async function unlikePages(lock: Lock, { pages }: Site): Promise<readonly Stale[]> {
  if (lock.out !== null) return [];
  const isLinked = lock.delivery === 'links';
  const shows = await showsOf(lock, deliveryOf(lock));
  const compared = (text: string) => (isLinked ? text.replaceAll(/ (src|srcset)="[^"]*"/gi, '') : text);
  return pages.flatMap((page) => {
    const isSame = compared(withPictures(page, lock, shows(page.path))) === compared(page.text);
    return isSame ? [] : [{ where: page.path, message: 'Its tags are not as the lock has them.' }];
  });
}

function deliveryOf({ inline }: Lock): Delivery {
  return inline === null ? { kind: 'stored' } : { kind: 'inline', ...inline };
}

async function unlikeFiles(lock: Lock, folder: string): Promise<readonly Stale[]> {
  const { inline, out } = lock;
  if (inline === null || out !== null) return [];
  const files = Object.values(lock.pictures).flatMap(({ files: all }) =>
    pictureFormats.flatMap((format) => all[format] ?? []),
  );
  const missing = await missingFiles(join(folder, inline.folder), files);
  return missing.map(({ name }) => ({
    where: `${inline.folder}/${name}`,
    message: 'The file is not there, or is another.',
  }));
}

async function unlikeStored(lock: Lock, service: PictureService, concurrency: number): Promise<readonly Stale[]> {
  const digests = await storedDigests(service, lock, { concurrency, onDone: () => undefined });
  return Object.entries(lock.pictures).flatMap(([fingerprint, locked]) => {
    const stored = digests.get(fingerprint) ?? null;
    if (stored === locked.sha256) return [];
    const message =
      stored === null
        ? `${titleOf(locked)} is not stored at ${service.baseUrl}, or is private there.`
        : `${titleOf(locked)} is stored as ${stored.slice(0, 12)}…, and locked as ${locked.sha256.slice(0, 12)}….`;
    return [{ where: fingerprint, message }];
  });
}

async function unlikePins(lock: Lock, service: PictureService): Promise<readonly Stale[]> {
  const wanted = pinnedIn(lock);
  const there = await service.pinnedOf(wanted);
  return wanted.flatMap((fingerprint) => {
    const locked = lock.pictures[fingerprint];
    if (locked === undefined || there.has(fingerprint)) return [];
    const message = `${titleOf(locked)} is pinned in the lock, and not at ${service.baseUrl}. Pin it with --pin.`;
    return [{ where: fingerprint, message }];
  });
}
