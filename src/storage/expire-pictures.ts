import type { PictureFiles } from './picture-files';
import type { PictureRegister } from './picture-register';

const dayMs = 86_400_000;
/** Few, so that little time passes between reading that they are not pinned and deleting them. */
const batchSize = 20;

/**
 * Deletes pictures that are older than `retentionDays` and not pinned, the oldest first and at most `most` in a run;
 * tells how many. 0 days keeps all for ever. A hit leaves no trace, so a picture's age counts from its making. Its row
 * stays, and with it the digest of the first time. Safe to repeat, and to be cut off at any point.
 */
export async function expirePictures(
  { register, files }: { readonly register: PictureRegister; readonly files: PictureFiles },
  { retentionDays, now, most = 200 }: { retentionDays: number; now: number; most?: number },
): Promise<number> {
  if (retentionDays === 0) return 0;
  const before = now - retentionDays * dayMs;
  let expired = 0;
  while (expired < most) {
    const batch = await register.expirable(before, Math.min(batchSize, most - expired));
    if (batch.length === 0) break;
    await Promise.all(batch.map((fingerprint) => files.remove(fingerprint)));
    await register.markExpired(batch, before, now);
    expired += batch.length;
  }
  return expired;
}
