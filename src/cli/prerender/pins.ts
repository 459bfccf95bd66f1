import type { Lock, LockedPicture } from './lock';
import type { PictureService } from './picture-service';
import { forEach } from './pool';

/** What became of the pins that a lock is to have. */
export interface PinnedLock {
  readonly lock: Lock;
  /** Fingerprints that were pinned, or let go, just now. */
  readonly done: readonly string[];
  /** Those that could not be pinned: lost, or bought by another account. */
  readonly unpinnable: readonly string[];
}

/** Pins a lock's pictures as far as the service has them not; what was pinned and is wanted no more is let go. */
export async function pinned(
  service: PictureService,
  { before, lock }: { before: Lock | null; lock: Lock },
  concurrency: number,
): Promise<PinnedLock> {
  const left = pinnedIn(before).filter((fingerprint) => !(fingerprint in lock.pictures));
  await forEach(left, concurrency, async (fingerprint) => void (await service.unpin(fingerprint)));
  const wanted = Object.keys(lock.pictures);
  const there = await service.pinnedOf(wanted);
  const missing = wanted.filter((fingerprint) => !there.has(fingerprint));
  const { done, unpinnable } = await pinEach(service, missing, concurrency);
  return { lock: marked(lock, (fingerprint) => !unpinnable.includes(fingerprint)), done, unpinnable };
}

/** Pins again what a lock has pinned and the service made anew: a pin goes with its picture. */
export async function pinnedAgain(
  service: PictureService,
  { lock, made }: { lock: Lock; made: readonly { readonly fingerprint: string }[] },
  concurrency: number,
): Promise<PinnedLock> {
  const anew = new Set(made.map(({ fingerprint }) => fingerprint));
  const wanted = pinnedIn(lock).filter((fingerprint) => anew.has(fingerprint));
  const { done, unpinnable } = await pinEach(service, wanted, concurrency);
  const keeps = (fingerprint: string, { isPinned }: LockedPicture) => isPinned && !unpinnable.includes(fingerprint);
  return { lock: marked(lock, keeps), done, unpinnable };
}

/** Lets all of a lock's pictures go, as the retention has it. */
export async function unpinned(service: PictureService, lock: Lock, concurrency: number): Promise<PinnedLock> {
  const done: string[] = [];
  await forEach(pinnedIn(lock), concurrency, async (fingerprint) => {
    if (await service.unpin(fingerprint)) done.push(fingerprint);
  });
  return { lock: marked(lock, () => false), done, unpinnable: [] };
}

export function pinnedIn(lock: Lock | null): readonly string[] {
  return Object.entries(lock?.pictures ?? {}).flatMap(([fingerprint, { isPinned }]) => (isPinned ? [fingerprint] : []));
}

async function pinEach(
  service: PictureService,
  fingerprints: readonly string[],
  concurrency: number,
): Promise<Omit<PinnedLock, 'lock'>> {
  const [done, unpinnable] = [[] as string[], [] as string[]];
  await forEach(fingerprints, concurrency, async (fingerprint) => {
    const list = (await service.pin(fingerprint)) ? done : unpinnable;
    list.push(fingerprint);
  });
  return { done, unpinnable };
}

function marked(lock: Lock, isPinned: (fingerprint: string, locked: LockedPicture) => boolean): Lock {
  const pictures = Object.entries(lock.pictures).map(
    ([fingerprint, locked]) => [fingerprint, { ...locked, isPinned: isPinned(fingerprint, locked) }] as const,
  );
  return { ...lock, pictures: Object.fromEntries(pictures) };
}
