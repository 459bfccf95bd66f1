import { createInterface } from 'node:readline/promises';
import { CommandError, type ExitCode, exitCodes } from '../exit-code';
import { showProgress } from '../progress';
import type { Session } from '../session';
import type { Terminal } from '../terminal';
import { dollars, plural } from '../wording';
import { tellingBought } from './broken-off';
import { checkSite } from './check-site';
import { failureText } from './failure-words';
import { writeLock } from './lock-file';
import { pictureService } from './picture-service';
import { pinned, unpinned } from './pins';
import { type Offer, prerenderSite, type SiteReport, type SiteSettings } from './prerender-site';
import { offerText, type PinReport, reportJson, reportText, staleText } from './report-text';

/** `fluxgate prerender <folder> --check` */
export async function runCheck(session: Session, settings: SiteSettings): Promise<ExitCode> {
  const { client, transport, terminal, answer } = session;
  const service = settings.isOnline ? pictureService(client, transport) : null;
  const { stale, count } = await checkSite({ ...settings, service });
  answer({ pictures: count, stale }, () => staleText(stale, count, terminal.paint));
  return stale.length === 0 ? exitCodes.ok : exitCodes.differences;
}

interface Manners {
  readonly isAsking: boolean;
  readonly pins: 'pin' | 'unpin' | null;
}

/** `fluxgate prerender <folder>` */
export async function runPrerender(session: Session, settings: SiteSettings, manners: Manners): Promise<ExitCode> {
  const service = pictureService(session.client, session.transport);
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  const progress = pausingProgress(session.terminal);
  try {
    const report = await prerenderSite(service, settings, {
      signal: stop.signal,
      progress: progress.update,
      agrees: (offer) => agreesTo(session, offer, { progress, isAsking: manners.isAsking }),
    });
    const pins = await tellingBought(report, async () => await pin(session, settings, { report, kind: manners.pins }));
    progress.end();
    session.answer(reportJson(report, pins), () => reportText(report, pins, session));
    return endOf(session, report, pins);
  } finally {
    progress.end();
    process.off('SIGINT', onInterrupt);
  }
}

async function agreesTo(
  { terminal, isJson, isQuiet }: Session,
  offer: Offer,
  { progress, isAsking }: { readonly progress: PausingProgress; readonly isAsking: boolean },
): Promise<boolean> {
  progress.end();
  if (!isJson) terminal.note(offerText(offer));
  const isOver = offer.budgetMicros !== null && offer.totalMicros > offer.budgetMicros;
  const isAnswered = process.stdin.isTTY === true && process.stderr.isTTY === true && !isJson && !isQuiet;
  if (!isAsking || isOver || offer.totalMicros === 0) return true;
  if (!isAnswered) {
    if (offer.budgetMicros === null) throw nobodyToAsk();
    return true;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const newCount = offer.quotes.filter(({ quote }) => !quote.isStored).length;
    const what =
      newCount > 0 ? `Buy ${plural(newCount, 'picture')}` : `Pay ${dollars(offer.totalMicros)} for what is stored`;
    const words = await lines.question(`${what}? [y/N] `);
    return /^\s*y(es)?\s*$/i.test(words);
  } finally {
    lines.close();
  }
}

/** Where nobody can be asked, nothing is bought that nobody allowed. */
function nobodyToAsk(): CommandError {
  return new CommandError(
    'Nobody can be asked here, and nothing was bought: allow it with --budget <dollars> or --yes.',
  );
}

async function pin(
  { client, transport }: Session,
  { lockPath, concurrency }: SiteSettings,
  { report, kind }: { readonly report: SiteReport; readonly kind: Manners['pins'] },
): Promise<PinReport> {
  const { before, lock, isWritten, unpinnable } = report;
  if (kind === null || lock === null || !isWritten) return { kind: null, done: [], unpinnable };
  const service = pictureService(client, transport);
  const { lock: next, ...pins } =
    kind === 'pin' ? await pinned(service, { before, lock }, concurrency) : await unpinned(service, lock, concurrency);
  await writeLock(lockPath, next);
  return { kind, ...pins };
}

function endOf({ terminal, isJson }: Session, report: SiteReport, { unpinnable }: PinReport): ExitCode {
  const { failures, unwritten, changed, wasStopped, isWritten } = report;
  if (!isJson) for (const failure of failures) terminal.note(failureText(failure));
  if (wasStopped || failures.length > 0 || unwritten.length > 0 || unpinnable.length > 0) return exitCodes.failed;
  return changed.length > 0 && !isWritten ? exitCodes.differences : exitCodes.ok;
}

interface PausingProgress {
  update(label: string, share: number | null): void;
  end(): void;
}

/** Progress that is gone while something else is said, and comes back. */
function pausingProgress(terminal: Terminal): PausingProgress {
  let shown: ReturnType<typeof showProgress> | null = null;
  return {
    update: (label, share) => {
      shown ??= showProgress(terminal);
      shown.update(label, share);
    },
    end: () => {
      shown?.end();
      shown = null;
    },
  };
}
