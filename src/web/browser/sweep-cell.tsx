import { dollars } from '../money';
import type { Bench } from './bench-state';
import type { FaultWords } from './fault-words';
import { Thumb, thumbUrl } from './thumb';
import type { PlaceQuote } from './use-sweep-quotes';
import type { Cell } from './use-sweep-run';

export interface SweepCellProps {
  readonly cell: Cell | undefined;
  readonly quote: PlaceQuote | undefined;
  /** Which place it is. */
  readonly words: string;
  readonly bench: Pick<Bench, 'width' | 'height'>;
  /** The bench with this picture on it. */
  readonly href: string | null;
}

/** One place of the sheet, in the shape of its picture from the beginning. */
export function SweepCell({ cell, quote, words, bench, href }: SweepCellProps) {
  const shape = { 'aspect-ratio': `${bench.width} / ${bench.height}` };
  if (cell?.kind === 'made' && href !== null) {
    const { url, fingerprint, width, height, thumbhash, color } = cell.picture;
    return (
      <a class="cell made" href={href} style={shape} title={`${words}: open in the workbench`}>
        <Thumb src={thumbUrl(url, fingerprint)} alt={words} {...{ width, height, thumbhash, color }} />
      </a>
    );
  }
  // Made before, by this sheet or by anybody: it is shown without being asked for again.
  if (cell === undefined && href !== null && quote?.kind === 'quoted' && quote.isStored) {
    const src = `/images/${quote.fingerprint}.webp?w=480`;
    return (
      <a class="cell made" href={href} style={shape} title={`${words}: open in the workbench`}>
        <Thumb src={src} alt={words} width={bench.width} height={bench.height} missing="stored" />
      </a>
    );
  }
  return (
    <div class={`cell ${cell?.kind.replace(' ', '-') ?? 'planned'}`} style={shape}>
      <CellText cell={cell} quote={quote} words={words} />
    </div>
  );
}

function CellText({ cell, quote, words }: Pick<SweepCellProps, 'cell' | 'quote' | 'words'>) {
  switch (cell?.kind) {
    case 'waiting':
      return (
        <p class="hint" key="waiting">
          waiting
        </p>
      );
    case 'under way':
      return (
        <>
          <UnderWayWords isRendering={cell.task?.status === 'rendering'} />
          <progress
            aria-label={`Progress of ${words}`}
            max={1}
            {...(cell.task?.progress ? { value: cell.task.progress } : {})}
          />
        </>
      );
    case 'left out':
      return <p>Left out: the budget is used up.</p>;
    case 'cancelled':
      return <p class="hint">{cell.orderedMicros > 0 ? 'cancelled, perhaps too late' : 'cancelled'}</p>;
    case 'failed':
      return <Refused words={cell.words} />;
    default:
      return <Planned quote={quote} />;
  }
}

/** Other words are other lines: in one that stays, its beginning would move. */
function UnderWayWords({ isRendering }: { readonly isRendering: boolean }) {
  const words = isRendering ? 'rendering' : 'ordered';
  return (
    <p class="hint" key={words}>
      {words}
    </p>
  );
}

function Refused({ words: { title, text } }: { readonly words: FaultWords }) {
  return (
    <p title={text}>
      <strong class="wrong">{title}.</strong> <span class="cell-text">{text}</span>
    </p>
  );
}

function Planned({ quote }: Pick<SweepCellProps, 'quote'>) {
  if (quote === undefined) return null;
  if (quote.kind === 'refused') return <Refused words={quote.words} />;
  const price = quote.micros > 0 || !quote.isStored ? [dollars(quote.micros)] : [];
  return <p class="hint data">{[...(quote.isStored ? ['stored'] : []), ...price].join(', ')}</p>;
}
