import { type Paint, plain } from '../paint';
import type { Session } from '../session';
import { table } from '../table';
import { dollars, plural } from '../wording';
import type { Stale } from './check-site';
import { failureJson, failureText } from './failure-words';
import { titleOf } from './picture-title';
import type { Offer, SiteReport } from './prerender-site';
import { boughtText, failedText, spentOn, underWayText } from './spent-words';

const mostRows = 20;

/** What there is to make, before it is. */
export function offerText({ quotes, refused, lockedCount, totalMicros, budgetMicros }: Offer): string {
  const rows = quotes.slice(0, mostRows);
  const listed = table(
    rows,
    [
      { title: 'picture', value: ({ picture }) => titleOf(picture.parameters) },
      { title: 'size', value: ({ picture: { parameters } }) => `${parameters.width}×${parameters.height}` },
      { title: 'seed', value: ({ picture }) => String(picture.parameters.seed), align: 'right' },
      { title: '', value: ({ quote }) => (quote.isStored ? 'stored' : 'new') },
      { title: 'price', value: ({ quote }) => dollars(quote.priceMicros), align: 'right' },
    ],
    plain,
  );
  const rest = quotes.length > rows.length ? `\n… and ${plural(quotes.length - rows.length, 'more', 'more')}` : '';
  const newCount = quotes.filter(({ quote }) => !quote.isStored).length;
  const counts = [
    `${newCount} new`,
    `${quotes.length - newCount} stored`,
    ...(lockedCount > 0 ? [`${lockedCount} in the lock`] : []),
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
  ].join(', ');
  const budget = budgetMicros === null ? '' : `, of a budget of ${dollars(budgetMicros)}`;
  const reasons = quotes.length === 0 ? [] : refused.slice(0, mostRows).map((one) => `${failureText(one)}\n`);
  return `${quotes.length === 0 ? '' : `${listed}${rest}\n\n`}${reasons.join('')}${counts}: ${dollars(totalMicros)}${budget}\n`;
}

/** What became of the pins. */
export interface PinReport {
  /** What was asked for; null: nothing. */
  readonly kind: 'pin' | 'unpin' | null;
  /** Fingerprints that were pinned, or let go, just now. */
  readonly done: readonly string[];
  readonly unpinnable: readonly string[];
}

/** What was done. */
export function reportText(report: SiteReport, pins: PinReport, session: Session): string {
  const { unpinnable } = pins;
  const { made, changed, isWritten, failures, site, unwritten, wasStopped } = report;
  const { paint } = session.terminal;
  const isGood = isWritten && failures.length + unwritten.length + unpinnable.length === 0;
  const lines = [
    ...listed(
      site.skipped.map(({ path, reason }) => `${paint('yellow', '!')} ${path} is left out: ${reason}.`),
      'left out',
    ),
    ...(made.some(({ isSandbox }) => isSandbox)
      ? [`${paint('yellow', '!')} The sandbox drew them: no vendor was asked.`]
      : []),
    ...changed.map(
      ({ prompt, before, after }) =>
        `${paint('yellow', '≠')} ${titleOf({ prompt })} came out otherwise: ${before.slice(0, 12)}… → ${after.slice(0, 12)}…`,
    ),
    ...unwritten.map(({ message }) => `${paint('red', '✗')} ${message}`),
    ...pinLines(report, pins),
    ...unpinnable.map(
      (id) => `${paint('red', '✗')} ${id.slice(0, 12)}… is not pinned: it is lost, or another account bought it.`,
    ),
    ...fileLines(report, paint),
    ...(wasStopped ? [stoppedText(report)] : []),
    ...(changed.length > 0 && !isWritten
      ? ['No page was changed. Take the pictures as they are now with --accept.']
      : []),
    `${isGood ? paint('green', '✓') : paint('red', '✗')} ${summary(report)}`,
  ];
  return session.isQuiet ? (lines.at(-1) ?? '') : lines.join('\n');
}

function fileLines({ written, putBack, removed, kept }: SiteReport, paint: Paint): readonly string[] {
  const all = [
    ['wrote', 'written', written],
    ['put back', 'put back', putBack],
    ['removed', 'removed', removed],
  ] as const;
  const done = all.flatMap(([word, ending, paths]) =>
    listed(
      paths.map((path) => `  ${paint('dim', word)} ${path}`),
      ending,
    ),
  );
  return [...done, ...kept.map(({ path, reason }) => `${paint('yellow', '!')} ${path} is kept: ${reason}.`)];
}

/** The first of many, and how many more there are. */
function listed(lines: readonly string[], ending: string): readonly string[] {
  if (lines.length <= mostRows) return lines;
  return [...lines.slice(0, mostRows), `  … and ${plural(lines.length - mostRows, 'more file')} ${ending}`];
}

function pinLines({ lock }: SiteReport, { kind, done, unpinnable }: PinReport): readonly string[] {
  if (kind === null) return [];
  const all = Object.entries(lock?.pictures ?? {});
  const word = kind === 'pin' ? 'pinned' : 'unpinned';
  const lines = all
    .filter(([fingerprint]) => done.includes(fingerprint))
    .map(([fingerprint, picture]) => `  ${word} ${titleOf(picture)} ${fingerprint.slice(0, 12)}…`);
  const others = all.length - done.length - unpinnable.length;
  const were = kind === 'pin' ? 'pinned already' : 'not pinned';
  return [
    ...lines.slice(0, mostRows),
    ...(lines.length > mostRows ? [`  … and ${plural(lines.length - mostRows, 'more', 'more')} ${word}`] : []),
    ...(others > 0 ? [`  ${plural(others, 'picture was', 'pictures were')} ${were}`] : []),
  ];
}

function stoppedText({ underWay }: SiteReport): string {
  const stopped = 'Stopped: no page was changed. Run it again for the rest; what is made is not bought again.';
  return underWay === 0 ? stopped : `${stopped}\n${underWayText(underWay)}`;
}

function summary(report: SiteReport): string {
  const { site, wanted, made, written, putBack, removed, failures, underWay } = report;
  const parts = [
    boughtText(made),
    ...(written.length > 0 ? [`${plural(written.length, 'file')} written`] : []),
    ...(putBack.length > 0 ? [`${plural(putBack.length, 'file')} put back`] : []),
    ...(written.length + putBack.length + removed.length === 0 ? ['no file changed'] : []),
    ...(removed.length > 0 ? [`${plural(removed.length, 'file')} removed`] : []),
    ...(underWay > 0 ? [`${underWay} under way`] : []),
    ...(failures.length > 0 ? [failedText(failures)] : []),
  ];
  return `${plural(wanted.length, 'picture')} in ${plural(site.pages.length, 'page')}: ${parts.join(', ')}.`;
}

export function reportJson(report: SiteReport, { kind, unpinnable }: PinReport): Readonly<Record<string, unknown>> {
  const { made, wanted, written, putBack, removed, kept, unwritten, changed, failures, site } = report;
  const { isWritten, wasStopped, underWay } = report;
  return {
    pictures: wanted.length,
    pages: site.pages.map(({ path }) => path),
    skipped: site.skipped,
    bought: made.filter(({ isBought }) => isBought).map(({ fingerprint }) => fingerprint),
    pinned: kind === 'pin' ? Object.keys(report.lock?.pictures ?? {}).filter((id) => !unpinnable.includes(id)) : [],
    spentMicros: spentOn(made),
    failedMicros: spentOn(failures),
    failures: failures.map(failureJson),
    ...{ changed, written, putBack, removed, kept, unwritten, unpinnable, isWritten, wasStopped, underWay },
  };
}

export function staleText(stale: readonly Stale[], count: number, paint: Paint): string {
  if (stale.length === 0) return `${paint('green', '✓')} ${plural(count, 'picture')}: all are as in the lock.`;
  const lines = stale.map(({ where, message }) => `${paint('bold', where)}  ${message}`);
  return `${lines.join('\n')}\n\n${paint('red', '✗')} ${plural(stale.length, 'difference')}: run "fluxgate prerender", and keep the lock with the pages.`;
}
