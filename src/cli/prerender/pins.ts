import type { Lock } from './lock';
import type { PictureService } from './picture-service';
import { forEach } from './pool';

export interface PinnedLock {
  readonly lock: Lock;
  /** Fingerprints that could not be pinned: lost, or bought by another account. */
  readonly unpinnable: readonly string[];
}

/** Pins a lock's pictures as far as they are not; what was pinned and is wanted no more is let go. */
export async function pinned(
  service: PictureService,
  { before, lock }: { before: Lock | null; lock: Lock },
  concurrency: number,
): Promise<PinnedLock> {
  const unpinnable: string[] = [];
  const pictures = { ...lock.pictures };
  const left = Object.entries(before?.pictures ?? {}).filter(([id, { isPinned }]) => isPinned && !(id in pictures));
  await forEach(left, concurrency, async ([fingerprint]) => void (await service.unpin(fingerprint)));
  await forEach(Object.entries(lock.pictures), concurrency, async ([fingerprint, locked]) => {
    if (locked.isPinned) return;
    const isPinned = await service.pin(fingerprint);
    if (isPinned) pictures[fingerprint] = { ...locked, isPinned };
    else unpinnable.push(fingerprint);
  });
  return { lock: { ...lock, pictures }, unpinnable };
}

/** Lets all of a lock's pictures go, as the retention has it. */
export async function unpinned(service: PictureService, lock: Lock, concurrency: number): Promise<Lock> {
  const pictures = { ...lock.pictures };
  await forEach(Object.entries(lock.pictures), concurrency, async ([fingerprint, locked]) => {
    if (locked.isPinned) await service.unpin(fingerprint);
    pictures[fingerprint] = { ...locked, isPinned: false };
  });
  return { ...lock, pictures };
}
