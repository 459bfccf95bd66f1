import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { CommandError, exitCodes } from '../exit-code';
import { dollars } from '../wording';
import { tellingBought } from './broken-off';
import { type Delivery, showsOf } from './delivery';
import { type Downloads, downloaded, downloadsOf } from './downloads';
import { type Cleared, removeLeftOver, writtenTo } from './left-over';
import type { Lock } from './lock';
import { readLock, writeLock } from './lock-file';
import { type Made, makePictures } from './make-pictures';
import { type ChangedPicture, changedPictures, nextLock } from './next-lock';
import { markOut } from './out-folder';
import { marksIn } from './out-mark';
import { pictureFormats } from './picture-parameters';
import type { PictureService } from './picture-service';
import { type PinnedLock, pinnedAgain } from './pins';
import { type Failure, isLocked, type PlannedPicture, planned, type Quoted, quoted } from './plan';
import type { Show } from './shown-picture';
import { readSite, type Site } from './site';
import { lostPictures } from './stored-digests';
import { wayTo } from './way';
import { type WrittenSite, writeSite } from './write-site';

export interface SiteSettings {
  readonly folder: string;
  /** Where the changed pages go; null: in the place of the old ones. */
  readonly out: string | null;
  readonly lockPath: string;
  readonly delivery: Delivery;
  readonly budgetMicros: number | null;
  readonly concurrency: number;
  /** Whether to ask the service for what the lock knows already. */
  readonly isOnline: boolean;
  /** Whether another picture under the same parameters is taken. */
  readonly accepts: boolean;
}

/** Who watches, and has a say. */
export interface Watcher {
  readonly signal: AbortSignal;
  progress(label: string, share: number | null): void;
  /** Told before anything is bought. @returns whether to go on */
  agrees(offer: Offer): Promise<boolean>;
}

/** What there is to make, and what it would cost. */
export interface Offer {
  readonly quotes: readonly Quoted[];
  /** What is not to be had. */
  readonly refused: readonly Failure[];
  /** Of the pictures in the lock, for which nobody is asked. */
  readonly lockedCount: number;
  readonly totalMicros: number;
  readonly budgetMicros: number | null;
}

/** What became of files and pins. */
interface PutIn extends Omit<WrittenSite, 'digests'>, Cleared {
  /** Downloads that were there once, and were gone or others. */
  readonly putBack: Downloads['putBack'];
  /** Pictures that the lock had pinned, and that cannot be pinned any more. */
  readonly unpinnable: PinnedLock['unpinnable'];
}

export interface SiteReport extends PutIn, Made {
  readonly site: Site;
  readonly wanted: readonly PlannedPicture[];
  /** What came out otherwise: unless that is accepted, nothing was written. */
  readonly changed: readonly ChangedPicture[];
  readonly before: Lock | null;
  readonly lock: Lock | null;
  readonly wasStopped: boolean;
  /** Whether the pages and the lock are as the report says. */
  readonly isWritten: boolean;
}

const nothingWritten: PutIn = { written: [], putBack: [], unwritten: [], removed: [], kept: [], unpinnable: [] };

/** Has a site's pictures made as far as they are missing, and puts them into its pages. */
export async function prerenderSite(
  service: PictureService,
  settings: SiteSettings,
  watcher: Watcher,
): Promise<SiteReport> {
  const before = await readLock(settings.lockPath);
  const site = await readSite(settings.folder, { out: settings.out, mark: before?.mark });
  const wanted = planned(site.pages);
  const missing = await missingPictures(service, { before, wanted, settings, watcher });
  const making = await makeMissing(service, missing, { settings, watcher, wanted });
  const changed = changedPictures(before, making.made);
  const wasStopped = watcher.signal.aborted;
  const { made } = making;
  const report = { ...making, site, wanted, changed, before, wasStopped };
  // What is made is known to the service, and not bought again: the pages wait for the rest.
  if (wasStopped || (changed.length > 0 && !settings.accepts))
    return { ...report, ...nothingWritten, lock: before, isWritten: false };
  const lock = nextLock(before, lockSettings(service, settings, before), { wanted, made });
  const filling = { site, wanted, before, lock, made };
  const done = await tellingBought(making, async () => await putIn(service, filling, settings, watcher));
  return { ...report, ...done, isWritten: true };
}

interface Filling {
  readonly site: Site;
  readonly wanted: readonly PlannedPicture[];
  readonly before: Lock | null;
  readonly lock: Lock;
  readonly made: Made['made'];
}

/** Writes files, pages and lock, and removes what is left over: the mark that counts for that is one of an earlier run. */
async function putIn(
  service: PictureService,
  { site, wanted, before, lock, made }: Filling,
  settings: SiteSettings,
  watcher: Watcher,
): Promise<PutIn & Pick<SiteReport, 'lock'>> {
  const { delivery, out, lockPath, concurrency } = settings;
  const marks = (out === null ? null : await marksIn(out)) ?? [];
  if (out !== null) await markOut(out, { folder: site.folder, before, lock, lockPath });
  const { lock: filled, ...downloads } = await withFiles(service, { lock, before }, settings, watcher);
  const shows = await showsOf(filled, delivery);
  if (delivery.kind === 'links' && made.length > 0) await tryLink(service, filled, shows(''));
  const { digests, ...pages } = await writeSite(site, out, filled, shows);
  const cleared = await removeLeftOver({ site, out, lockPath, before, lock: filled, marks });
  const outside = out === null ? {} : { written: writtenTo(site, { before, lock: filled }, { ...pages, digests }) };
  const again = await pinnedAgain(service, { lock: { ...filled, ...outside }, made }, concurrency);
  if (before !== null || out !== null || wanted.length > 0) await writeLock(lockPath, again.lock);
  const written = [...downloads.written, ...pages.written];
  const { putBack } = downloads;
  return { ...pages, ...cleared, written, putBack, lock: again.lock, unpinnable: again.unpinnable };
}

function lockSettings(
  { baseUrl }: PictureService,
  { delivery, folder, out, lockPath }: SiteSettings,
  before: Lock | null,
): Omit<Lock, 'version' | 'pictures' | 'written'> {
  const inline = delivery.kind === 'inline' ? { folder: delivery.folder, prefix: delivery.prefix } : null;
  const site = wayTo(dirname(lockPath), folder);
  // Once it has one it keeps it, also in place: what was written elsewhere is known by that.
  const mark = before?.mark ?? (out === null ? undefined : randomUUID());
  return {
    ...{ service: baseUrl, delivery: delivery.kind, inline },
    ...(site === '' ? {} : { site }),
    ...(mark === undefined ? {} : { mark }),
    out: out === null ? null : wayTo(folder, out),
  };
}

interface Work {
  readonly settings: SiteSettings;
  readonly watcher: Watcher;
  readonly wanted: readonly PlannedPicture[];
}

/** What the lock does not know, or knows of another service, or what that has lost. */
async function missingPictures(
  service: PictureService,
  { before, wanted, settings, watcher }: Work & { readonly before: Lock | null },
): Promise<readonly PlannedPicture[]> {
  if (before !== null && before.service !== service.baseUrl) return wanted;
  const locked = wanted.filter((picture) => isLocked(before, picture));
  const others = wanted.filter((picture) => !locked.includes(picture));
  if (!settings.isOnline || before === null) return others;
  const lost = await lostPictures(service, before, locked, {
    concurrency: settings.concurrency,
    onDone: (count) => watcher.progress(`looking for ${locked.length} pictures`, count / locked.length),
  });
  return [...others, ...lost];
}

async function makeMissing(
  service: PictureService,
  missing: readonly PlannedPicture[],
  { settings, watcher, wanted }: Work,
): Promise<Made> {
  if (missing.length === 0) return { made: [], failures: [], underWay: 0 };
  const { concurrency, budgetMicros } = settings;
  const show = (label: string) => (count: number) =>
    watcher.progress(`${label} ${count} of ${missing.length}`, count / missing.length);
  show('quoting')(0);
  const { quotes, failures: refused } = await quoted(service, missing, { concurrency, onDone: show('quoting') });
  const totalMicros = quotes.reduce((sum, { quote }) => sum + quote.priceMicros, 0);
  const lockedCount = wanted.length - missing.length;
  const goesOn = await watcher.agrees({ quotes, refused, lockedCount, totalMicros, budgetMicros });
  if (budgetMicros !== null && totalMicros > budgetMicros)
    throw new CommandError(
      `It would cost ${dollars(totalMicros)}, and the budget is ${dollars(budgetMicros)}: nothing was bought.`,
      exitCodes.credit,
    );
  if (!goesOn) throw new CommandError('Nothing was bought, and no page was changed.', exitCodes.failed);
  show('making')(0);
  const making = { concurrency, budgetMicros, signal: watcher.signal, refused, onDone: show('making') };
  return await makePictures(service, quotes, making);
}

/** A link that nobody can follow is better known before it is in every page. */
async function tryLink(service: PictureService, { pictures }: Lock, show: Show): Promise<void> {
  const [fingerprint, locked] = Object.entries(pictures)[0] ?? [];
  const format = pictureFormats.find((candidate) => locked?.urls[candidate] !== undefined);
  if (fingerprint === undefined || format === undefined) return;
  const shown = show(fingerprint, format);
  if (shown !== null && (await service.bytes(shown.src)) === null)
    throw new CommandError('A link that was signed leads to no picture.', exitCodes.failed);
}

async function withFiles(
  service: PictureService,
  { lock, before }: { readonly lock: Lock; readonly before: Lock | null },
  { delivery, folder, out, concurrency }: SiteSettings,
  watcher: Watcher,
): Promise<Downloads> {
  if (delivery.kind !== 'inline') return { lock, written: [], putBack: [] };
  const total = Object.keys(lock.pictures).length;
  const there = before === null || before.out !== lock.out ? new Map<string, string>() : downloadsOf(before);
  return await downloaded(
    service,
    { lock, before: there },
    {
      ...{ root: out ?? folder, folder: delivery.folder, concurrency },
      onDone: (count) => watcher.progress(`downloading ${count} of ${total}`, count / total),
    },
  );
}
