import { type Lock, type LockedPicture, lockedBy } from './lock';
import type { PictureService } from './picture-service';
import type { PlannedPicture } from './plan';
import { forEach } from './pool';

interface Asking {
  readonly concurrency: number;
  onDone(count: number): void;
}

/** Pictures that the service has no more, or has otherwise than the lock. */
export async function lostPictures(
  service: PictureService,
  lock: Lock,
  pictures: readonly PlannedPicture[],
  asking: Asking,
): Promise<readonly PlannedPicture[]> {
  const known = lockedBy(lock);
  const digests = await storedDigests(service, lock, asking);
  return pictures.filter(({ parameters }) => {
    const fingerprint = known(parameters);
    return fingerprint !== undefined && digests.get(fingerprint) !== lock.pictures[fingerprint]?.sha256;
  });
}

/** What the service has of each picture of a lock. */
export async function storedDigests(
  service: PictureService,
  lock: Lock,
  { concurrency, onDone }: Asking,
): Promise<ReadonlyMap<string, LockedPicture['sha256'] | null>> {
  const digests = new Map<string, string | null>();
  await forEach(Object.keys(lock.pictures), concurrency, async (fingerprint) => {
    digests.set(fingerprint, await service.digestOf(fingerprint));
    onDone(digests.size);
  });
  return digests;
}
