import { explain } from '../exit-code';
import { type Paint, plain } from '../paint';
import type { Session } from '../session';
import { table } from '../table';
import { dollars, plural } from '../wording';
import type { Stale } from './check-site';
import { titleOf } from './picture-title';
import { placeText } from './place';
import type { Failure } from './plan';
import type { Offer, SiteReport } from './prerender-site';

const mostRows = 20;

/** What there is to make, before it is. */
export function offerText({ quotes, lockedCount, totalMicros, budgetMicros }: Offer): string {
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
  ].join(', ');
  const budget = budgetMicros === null ? '' : `, of a budget of ${dollars(budgetMicros)}`;
  return `${quotes.length === 0 ? '' : `${listed}${rest}\n\n`}${counts}: ${dollars(totalMicros)}${budget}\n`;
}

/** What became of the pins. */
export interface PinReport {
  /** What was asked for; null: nothing. */
  readonly kind: 'pin' | 'unpin' | null;
  readonly unpinnable: readonly string[];
}

/** What was done. */
export function reportText(report: SiteReport, pins: PinReport, session: Session): string {
  const { unpinnable } = pins;
  const { made, written, removed, changed, isWritten, failures, site, unwritten, wasStopped } = report;
  const { paint } = session.terminal;
  const isGood = isWritten && failures.length + unwritten.length + unpinnable.length === 0;
  const lines = [
    ...site.skipped.map(({ path, reason }) => `${paint('yellow', '!')} ${path} is left out: ${reason}.`),
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
    ...written.slice(0, mostRows).map((path) => `  ${paint('dim', 'wrote')} ${path}`),
    ...(written.length > mostRows ? [`  … and ${plural(written.length - mostRows, 'more file')}`] : []),
    ...removed.slice(0, mostRows).map((path) => `  ${paint('dim', 'removed')} ${path}`),
    ...(removed.length > mostRows ? [`  … and ${plural(removed.length - mostRows, 'more file')} removed`] : []),
    ...(wasStopped
      ? ['Stopped: no page was changed. Run it again for the rest; what is made is not bought again.']
      : []),
    ...(changed.length > 0 && !isWritten
      ? ['No page was changed. Take the pictures as they are now with --accept.']
      : []),
    `${isGood ? paint('green', '✓') : paint('red', '✗')} ${summary(report)}`,
  ];
  return session.isQuiet ? (lines.at(-1) ?? '') : lines.join('\n');
}

function pinLines({ lock, isWritten }: SiteReport, { kind, unpinnable }: PinReport): readonly string[] {
  if (kind === null || !isWritten) return [];
  const told = Object.entries(lock?.pictures ?? {}).filter(([fingerprint]) => !unpinnable.includes(fingerprint));
  const word = kind === 'pin' ? 'pinned' : 'unpinned';
  const lines = told
    .slice(0, mostRows)
    .map(([fingerprint, picture]) => `  ${word} ${titleOf(picture)} ${fingerprint.slice(0, 12)}…`);
  return told.length > mostRows
    ? [...lines, `  … and ${plural(told.length - mostRows, 'more', 'more')} ${word}`]
    : lines;
}

function summary({ site, wanted, made, written, removed, failures }: SiteReport): string {
  const bought = made.filter(({ isBought }) => isBought);
  const spent = bought.reduce((sum, { spentMicros }) => sum + spentMicros, 0);
  const parts = [
    bought.length > 0 ? `${bought.length} bought for ${dollars(spent)}` : 'nothing bought',
    written.length > 0 ? `${plural(written.length, 'file')} written` : 'no file changed',
    ...(removed.length > 0 ? [`${plural(removed.length, 'file')} removed`] : []),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
  ];
  return `${plural(wanted.length, 'picture')} in ${plural(site.pages.length, 'page')}: ${parts.join(', ')}.`;
}

export function failureText({ picture, error }: Failure): string {
  const places = picture.places.map((place) => `\n  ${placeText(place)}`).join('');
  return `✗ ${titleOf(picture.parameters)}: ${explain(error)}${places}`;
}

export function reportJson(report: SiteReport, { kind, unpinnable }: PinReport): Readonly<Record<string, unknown>> {
  const { made, wanted, written, removed, unwritten, changed, failures, site, isWritten, wasStopped } = report;
  return {
    pictures: wanted.length,
    pages: site.pages.map(({ path }) => path),
    skipped: site.skipped,
    bought: made.filter(({ isBought }) => isBought).map(({ fingerprint }) => fingerprint),
    pinned:
      kind === 'pin' && isWritten
        ? Object.keys(report.lock?.pictures ?? {}).filter((id) => !unpinnable.includes(id))
        : [],
    spentMicros: made.reduce((sum, { spentMicros }) => sum + spentMicros, 0),
    failures: failures.map(({ picture, error }) => ({
      prompt: picture.parameters.prompt,
      places: picture.places.map(placeText),
      message: explain(error),
    })),
    ...{ changed, written, removed, unwritten, unpinnable, isWritten, wasStopped },
  };
}

export function staleText(stale: readonly Stale[], count: number, paint: Paint): string {
  if (stale.length === 0) return `${paint('green', '✓')} ${plural(count, 'picture')}: all are as in the lock.`;
  const lines = stale.map(({ where, message }) => `${paint('bold', where)}  ${message}`);
  return `${lines.join('\n')}\n\n${paint('red', '✗')} ${plural(stale.length, 'difference')}: run "fluxgate prerender", and keep the lock with the pages.`;
}
