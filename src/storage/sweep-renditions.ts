import type { PictureFiles } from './picture-files';
import type { PictureRegister } from './picture-register';
import type { PictureStore } from './picture-store';

/** Whoever was making a rendition when its picture was deleted, or made again, has ended by then. */
const graceMs = 10 * 60_000;

export interface SweepParts {
  readonly register: Pick<PictureRegister, 'unswept' | 'markSwept'>;
  readonly files: Pick<PictureFiles, 'clearStrays'>;
  readonly pictures: Pick<PictureStore, 'masterFacts'>;
}

/**
 * Removes what was made of masters that were deleted, or replaced, since: renditions are looked at once they are stored,
 * and one whose maker died in between stays. Each picture once, some time after; at most `most` in a run; tells how many
 * files went. Safe to repeat, and to be cut off at any point.
 */
export async function sweepRenditions(
  { register, files, pictures }: SweepParts,
  { now, most = 200 }: { readonly now: number; readonly most?: number },
): Promise<number> {
  const removed = await register.unswept({ now, graceMs, most });
  let strays = 0;
  for (const fingerprint of removed) {
    const standing = await pictures.masterFacts(fingerprint);
    strays += await files.clearStrays(fingerprint, standing?.sha256 ?? null);
  }
  await register.markSwept(removed, now);
  return strays;
}
