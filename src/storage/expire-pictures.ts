import { type PictureClaims, whileHolding } from './picture-claims';
import type { PictureFiles } from './picture-files';
import type { PictureRegister } from './picture-register';

const dayMs = 86_400_000;
/** Few, so that nobody who wants to pin one of them is refused for long. */
const batchSize = 20;

export interface ExpiryParts {
  readonly register: PictureRegister;
  readonly claims: PictureClaims;
  readonly files: PictureFiles;
}

/**
 * Deletes pictures that are older than `retentionDays` and not pinned, the oldest first and at most `most` in a run;
 * tells how many. 0 days keeps all for ever. A hit leaves no trace, so a picture's age counts from its making. Its row
 * stays, and with it the digest of the first time. Safe to repeat, and to be cut off at any point.
 */
export async function expirePictures(
  { register, claims, files }: ExpiryParts,
  { retentionDays, now, most = 200 }: { retentionDays: number; now: number; most?: number },
): Promise<number> {
  if (retentionDays === 0) return 0;
  const before = now - retentionDays * dayMs;
  let expired = 0;
  while (expired < most) {
    const claim = await claims.claimOld(before, Math.min(batchSize, most - expired), now);
    const { fingerprints } = claim;
    if (fingerprints.length === 0) break;
    await whileHolding(claim, async () => {
      await Promise.all(fingerprints.map((fingerprint) => files.remove(fingerprint)));
      await register.markExpired(fingerprints, before, now);
    });
    expired += fingerprints.length;
  }
  return expired;
}
