import type { Picture } from '../../client/picture';
import { CommandError, exitCodes } from '../exit-code';
import { brokenOff } from './broken-off';
import type { LockedPicture } from './lock';
import type { OrderWatch, PictureService } from './picture-service';
import { pathOf } from './picture-service';
import { type Failure, isAboutPicture, isRefusal, type PlannedPicture, type Quoted } from './plan';
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
  /** What was refused when it was quoted: it is told with what fails. */
  readonly refused: readonly Failure[];
  onDone(count: number): void;
}

/** What became of pictures that were to be made. */
export interface Made {
  readonly made: readonly MadePicture[];
  readonly failures: readonly Failure[];
  /** How many were under way when it was stopped: they may still be bought. */
  readonly underWay: number;
}

/**
 * Has all pictures made that are not there. One that fails stops no other; who is told to stop starts no more.
 * @throws what is no fault of a picture, once all that was begun has ended, with what was bought by then
 */
export async function makePictures(
  service: PictureService,
  quotes: readonly Quoted[],
  { concurrency, budgetMicros, signal, refused, onDone }: Making,
): Promise<Made> {
  const made: MadePicture[] = [];
  const failures = [...refused];
  const ends: RunEnd[] = [];
  let [underWay, committedMicros] = [0, 0];
  await forEach(quotes, concurrency, async ({ picture, quote }) => {
    const { priceMicros } = quote;
    if (signal.aborted || ends.length > 0) return;
    // A vendor may charge more than it was quoted at: what is over the budget then is not begun.
    const isOver = budgetMicros !== null && committedMicros + priceMicros > budgetMicros;
    if (!isOver) committedMicros += priceMicros;
    const one = isOver ? notBegun(picture) : await tried(service, { picture, quote }, signal);
    if (one === null) {
      underWay += 1;
      return;
    }
    if ('cause' in one) {
      ends.push(one);
      return;
    }
    if (!isOver) committedMicros += one.spentMicros - priceMicros;
    if ('facts' in one) made.push(one);
    else failures.push(one);
    onDone(made.length + failures.length);
  });
  const [end] = ends;
  if (end === undefined) return { made, failures, underWay };
  const bought = [...made, ...ends.flatMap(({ half }) => half ?? [])];
  throw brokenOff(end.cause, {
    ...{ made: bought, failures },
    underWay: underWay + ends.filter(({ isUnderWay }) => isUnderWay).length,
  });
}

/** What ends a run, met by one picture. */
interface RunEnd {
  readonly cause: unknown;
  /** The picture, where it was there by then, though not all that was to be known of it. */
  readonly half: Pick<MadePicture, 'fingerprint' | 'spentMicros' | 'isBought'> | null;
  /** Whether it was ordered, or may have been, and nobody knows its end. */
  readonly isUnderWay: boolean;
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
): Promise<MadePicture | Failure | RunEnd | null> {
  const ready: Picture[] = [];
  let isOrdered = false;
  const onOrdered = () => {
    isOrdered = true;
  };
  try {
    return await makePicture(service, picture, { watch: { signal, onOrdered }, ready, hitMicros });
  } catch (error) {
    if (signal.aborted) return null;
    if (!isAboutPicture(error)) return endedBy(error, { ready, hitMicros, isOrdered });
    const spentMicros = spentOn(ready, hitMicros) + (await service.chargeOf(error));
    return { picture, error, spentMicros, isUnknown: Object(error).code === 'outcome_unknown' };
  }
}

function endedBy(
  cause: unknown,
  { ready, hitMicros, isOrdered }: { ready: readonly Picture[]; hitMicros: number; isOrdered: boolean },
): RunEnd {
  const [first] = ready;
  if (first !== undefined) {
    const { fingerprint } = first;
    const half = { fingerprint, spentMicros: spentOn(ready, hitMicros), isBought: isAnyBought(ready) };
    return { cause, half, isUnderWay: false };
  }
  const { code, taskId = null } = Object(cause) as { code?: string; taskId?: string | null };
  // An error that names its task is that task's end; a key that is refused at once has ordered nothing.
  const isUnderWay = taskId === null && (isOrdered || !isRefusal(code));
  return { cause, half: null, isUnderWay };
}

async function makePicture(
  service: PictureService,
  picture: PlannedPicture,
  { watch, ready, hitMicros }: { readonly watch: OrderWatch; readonly ready: Picture[]; readonly hitMicros: number },
): Promise<MadePicture> {
  const urls: LockedPicture['urls'] = {};
  for (const format of picture.formats) {
    const there = await service.make(picture.parameters, format, watch);
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
    isBought: isAnyBought(ready),
  };
}

function isAnyBought(ready: readonly Picture[]): boolean {
  return ready.some(({ source }) => source === 'bought');
}

function spentOn(ready: readonly Picture[], hitMicros: number): number {
  const spent = ready.map(({ source, cost }) =>
    source === 'bought' ? (cost.actualMicros ?? cost.quotedMicros) : hitMicros,
  );
  return spent.reduce((sum, micros) => sum + micros, 0);
}
