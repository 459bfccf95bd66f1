import type { Lock, LockedPicture } from './lock';
import { lockedBy } from './lock';
import type { MadePicture } from './make-pictures';
import type { PlannedPicture } from './plan';

/** A picture that was made again and came out otherwise. */
export interface ChangedPicture {
  readonly fingerprint: string;
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
}

/** The pictures whose bytes are others than the lock has it. */
export function changedPictures(lock: Lock | null, made: readonly MadePicture[]): readonly ChangedPicture[] {
  return made.flatMap(({ fingerprint, picture, facts }) => {
    const before = lock?.pictures[fingerprint]?.sha256;
    if (before === undefined || before === facts.sha256) return [];
    return [{ fingerprint, prompt: picture.parameters.prompt, before, after: facts.sha256 }];
  });
}

/**
 * The lock of a site as it is now: what its pages want and is there, and nothing else. A picture that could not be made
 * again stays as it was.
 */
export function nextLock(
  before: Lock | null,
  settings: Omit<Lock, 'version' | 'pictures' | 'written'>,
  { wanted, made }: { wanted: readonly PlannedPicture[]; made: readonly MadePicture[] },
): Lock {
  const known = lockedBy(before);
  const madeByKey = new Map(made.map((one) => [one.picture.key, one]));
  const pictures: Record<string, LockedPicture> = {};
  for (const picture of wanted) {
    const now = madeByKey.get(picture.key);
    const fingerprint = now?.fingerprint ?? known(picture.parameters);
    const old = fingerprint === undefined ? undefined : before?.pictures[fingerprint];
    const facts = now === undefined ? old : mergedFacts(old, now);
    if (fingerprint === undefined || facts === undefined) continue;
    const usedIn = [...new Set(picture.places.map(({ path }) => path))].sort();
    const { files = {} } = old?.sha256 === facts.sha256 ? old : {};
    const { isPinned = false } = old ?? {};
    const { sha256, thumbhash, color, urls } = facts;
    pictures[fingerprint] = { ...picture.parameters, sha256, thumbhash, color, isPinned, urls, files, usedIn };
  }
  return { version: 1, ...settings, pictures };
}

/** URLs in formats that were known before go on. */
function mergedFacts(old: LockedPicture | undefined, { facts }: MadePicture): MadePicture['facts'] {
  return { ...facts, urls: { ...old?.urls, ...facts.urls } };
}
