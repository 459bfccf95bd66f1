import { Icon } from '../icons';
import { dollars } from '../money';
import { priceOf, type SheetQuotes } from './use-sweep-quotes';
import type { Run } from './use-sweep-run';

export interface SweepBarProps {
  readonly quotes: SheetQuotes;
  readonly run: Run;
  readonly places: number;
  readonly budgetMicros: number;
  /** Why nothing can be made right now; empty where it can. */
  readonly obstacle: string;
  readonly isSandbox: boolean;
  readonly start: () => void;
  readonly cancel: () => void;
}

/** What the sheet costs, how far it is, and the button. */
export function SweepBar(props: SweepBarProps) {
  const { quotes, run, budgetMicros, obstacle, places } = props;
  const price = quotes === null ? null : priceOf(quotes, budgetMicros);
  const isReady = obstacle === '' && price !== null && price.affordable > 0;
  const affordable = price?.affordable ?? places;
  return (
    <div class="order-bar sweep-bar">
      <p class="quote" role="status" aria-live="polite">
        <BarText {...props} />
      </p>
      {run.isUnderWay ? (
        <button type="button" class="button plain" onClick={props.cancel}>
          Cancel
        </button>
      ) : (
        <button type="button" class="button" id="make" disabled={!isReady} onClick={props.start}>
          {price !== null && places > 0 && price.stored === places ? allThere(places) : labelOf(affordable, places)}
          <Icon name="arrow" />
        </button>
      )}
    </div>
  );
}

const allThere = (places: number) => (places === 1 ? 'It is there' : `All ${places} are there`);

function labelOf(affordable: number, places: number): string {
  if (places === 0) return 'Render';
  return affordable < places ? `Render ${affordable} of ${places}` : `Render ${places}`;
}

function BarText({ quotes, run, budgetMicros, obstacle, places, isSandbox }: SweepBarProps) {
  if (run.isUnderWay) return <Progress run={run} />;
  if (obstacle !== '') return <span>{obstacle}</span>;
  if (quotes === null) return <span>Asking for {places} prices…</span>;
  const { totalMicros, stored, refused, affordable } = priceOf(quotes, budgetMicros);
  const [first] = refused;
  if (first !== undefined && refused.length === places)
    return (
      <span class="wrong">
        <strong>{first.title}.</strong> {first.text}
      </span>
    );
  const parts = [
    `${places} pictures`,
    ...(stored > 0 ? [`${stored} stored already`] : []),
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
    ...(affordable + refused.length < places ? [`the budget is enough for ${affordable}`] : []),
    ...(isSandbox ? ['pretended, sandbox'] : []),
  ];
  return (
    <span>
      <strong class="price">{dollars(totalMicros)}</strong> {parts.join(', ')}
    </span>
  );
}

function Progress({ run: { cells, spentMicros } }: { readonly run: Run }) {
  const ended = [...cells.values()].filter(({ kind }) => kind !== 'waiting' && kind !== 'under way').length;
  return (
    <span>
      <strong class="price">
        {ended} of {cells.size}
      </strong>{' '}
      {dollars(spentMicros)} spent so far
    </span>
  );
}
