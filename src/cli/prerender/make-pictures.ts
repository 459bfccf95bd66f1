import type { Picture } from '../../client/picture';
import type { LockedPicture } from './lock';
import type { PictureService } from './picture-service';
import { pathOf } from './picture-service';
import { type Failure, isAboutPicture, type PlannedPicture } from './plan';
import { forEach } from './pool';

/** A picture that is stored now. */
export interface MadePicture {
  readonly picture: PlannedPicture;
  readonly fingerprint: string;
  /** What the lock is to say of it. */
  readonly facts: Pick<LockedPicture, 'sha256' | 'thumbhash' | 'color' | 'urls'>;
  readonly isSandbox: boolean;
  /** What it cost just now: nothing where it was there. */
  readonly spentMicros: number;
  readonly isBought: boolean;
}

export interface Making {
  readonly concurrency: number;
  readonly signal: AbortSignal;
  onDone(count: number): void;
}

/** Has all pictures made that are not there. One that fails stops no other; who is told to stop starts no more. */
export async function makePictures(
  service: PictureService,
  pictures: readonly PlannedPicture[],
  { concurrency, signal, onDone }: Making,
): Promise<{ made: readonly MadePicture[]; failures: readonly Failure[] }> {
  const made: MadePicture[] = [];
  const failures: Failure[] = [];
  await forEach(pictures, concurrency, async (picture) => {
    if (signal.aborted) return;
    try {
      made.push(await makePicture(service, picture, signal));
    } catch (error) {
      if (signal.aborted) return;
      if (!isAboutPicture(error) && made.length === 0) throw error;
      failures.push({ picture, error });
    }
    onDone(made.length + failures.length);
  });
  return { made, failures };
}

async function makePicture(
  service: PictureService,
  picture: PlannedPicture,
  signal: AbortSignal,
): Promise<MadePicture> {
  const ready: Picture[] = [];
  const urls: LockedPicture['urls'] = {};
  for (const format of picture.formats) {
    const there = await service.make(picture.parameters, format, signal);
    ready.push(there);
    urls[format] = pathOf(there.url);
  }
  const [first] = ready;
  if (first === undefined) throw new Error('A picture is wanted in no format.');
  const { fingerprint, sandbox, thumbhash, color } = first;
  const bought = ready.filter(({ source }) => source === 'bought');
  return {
    picture,
    fingerprint,
    facts: { sha256: await service.ownDigestOf(first), thumbhash, color, urls },
    isSandbox: sandbox,
    spentMicros: bought.reduce((sum, { cost }) => sum + (cost.actualMicros ?? cost.quotedMicros), 0),
    isBought: bought.length > 0,
  };
}
