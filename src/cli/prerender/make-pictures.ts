import type { Picture } from '../../client/picture';
import { CommandError, exitCodes } from '../exit-code';
import { BrokenOff } from './broken-off';
import type { LockedPicture } from './lock';
import type { PictureService } from './picture-service';
import { pathOf } from './picture-service';
import { type Failure, isAboutPicture, type PlannedPicture, type Quoted } from './plan';
import { forEach } from './pool';

/** A picture that is stored now. */
export interface MadePicture {
  readonly picture: PlannedPicture;
  readonly fingerprint: string;
  /** What the lock is to say of it. */
  readonly facts: Pick<LockedPicture, 'sha256' | 'thumbhash' | 'color' | 'urls'>;
  readonly isSandbox: boolean;
  /** What it cost just now: where it was there, what a hit costs. */
  readonly spentMicros: number;
  readonly isBought: boolean;
}

export interface Making {
  readonly concurrency: number;
  /** What may be spent on all of them, those that fail included; null: without limit. */
  readonly budgetMicros: number | null;
  readonly signal: AbortSignal;
  onDone(count: number): void;
}

/** What became of pictures that were to be made. */
export interface Made {
  readonly made: readonly MadePicture[];
  readonly failures: readonly Failure[];
  /** How many were under way when it was stopped: they may still be bought. */
  readonly underWay: number;
}

/** Has all pictures made that are not there. One that fails stops no other; who is told to stop starts no more. */
export async function makePictures(
  service: PictureService,
  quotes: readonly Quoted[],
  { concurrency, budgetMicros, signal, onDone }: Making,
): Promise<Made> {
  const made: MadePicture[] = [];
  const failures: Failure[] = [];
  let [begun, underWay, committedMicros] = [0, 0, 0];
  await forEach(quotes, concurrency, async ({ picture, quote }) => {
    const { priceMicros } = quote;
    if (signal.aborted) return;
    // A vendor may charge more than it was quoted at: what is over the budget then is not begun.
    const isOver = budgetMicros !== null && committedMicros + priceMicros > budgetMicros;
    if (!isOver) committedMicros += priceMicros;
    begun += 1;
    const one = isOver ? notBegun(picture) : await tried(service, { picture, quote }, signal);
    if (one === null) {
      underWay += 1;
      return;
    }
    if (!isOver) committedMicros += one.spentMicros - priceMicros;
    const isNothingSpent = made.length === 0 && [...failures, one].every(({ spentMicros }) => spentMicros === 0);
    if ('error' in one && isNothingSpent && !isAboutPicture(one.error))
      throw endOf(one.error, { made, failures, underWay: begun });
    begun -= 1;
    if ('facts' in one) made.push(one);
    else failures.push(one);
    onDone(made.length + failures.length);
  });
  return { made, failures, underWay };
}

/** What was ordered of a service that is away may have reached it. */
function endOf(error: unknown, byThen: Made): unknown {
  return Object(error).code === 'unreachable' ? new BrokenOff(error, byThen) : error;
}

function notBegun(picture: PlannedPicture): Failure {
  const error = new CommandError('The budget is used up: it was not begun.', exitCodes.credit);
  return { picture, error, spentMicros: 0, isUnknown: false };
}

/** @returns null where it was stopped: what becomes of the picture then is the service's */
async function tried(
  service: PictureService,
  { picture, quote: { hitMicros } }: Quoted,
  signal: AbortSignal,
): Promise<MadePicture | Failure | null> {
  const ready: Picture[] = [];
  try {
    return await makePicture(service, picture, { signal, ready, hitMicros });
  } catch (error) {
    if (signal.aborted) return null;
    const spentMicros = spentOn(ready, hitMicros) + (await service.chargeOf(error));
    return { picture, error, spentMicros, isUnknown: Object(error).code === 'outcome_unknown' };
  }
}

async function makePicture(
  service: PictureService,
  picture: PlannedPicture,
  { signal, ready, hitMicros }: { readonly signal: AbortSignal; readonly ready: Picture[]; readonly hitMicros: number },
): Promise<MadePicture> {
  const urls: LockedPicture['urls'] = {};
  for (const format of picture.formats) {
    const there = await service.make(picture.parameters, format, signal);
    ready.push(there);
    urls[format] = pathOf(there.url);
  }
  const [first] = ready;
  if (first === undefined) throw new Error('A picture is wanted in no format.');
  const { fingerprint, sandbox, thumbhash, color } = first;
  return {
    picture,
    fingerprint,
    facts: { sha256: await service.ownDigestOf(first), thumbhash, color, urls },
    isSandbox: sandbox,
    spentMicros: spentOn(ready, hitMicros),
    isBought: ready.some(({ source }) => source === 'bought'),
  };
}

function spentOn(ready: readonly Picture[], hitMicros: number): number {
  const spent = ready.map(({ source, cost }) =>
    source === 'bought' ? (cost.actualMicros ?? cost.quotedMicros) : hitMicros,
  );
  return spent.reduce((sum, micros) => sum + micros, 0);
}
