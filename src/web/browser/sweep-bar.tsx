import { dollars } from '../money';
import { OrderButton } from './order-button';
import { priceOf, type SheetQuotes } from './use-sweep-quotes';
import type { Run } from './use-sweep-run';

export interface SweepBarProps {
  readonly quotes: SheetQuotes;
  readonly run: Run;
  readonly places: number;
  readonly budgetMicros: number;
  /** What the sheet came to that was cancelled; empty where none was. */
  readonly cancelled: string;
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
  const affordable = price?.affordable ?? places;
  return (
    <div class="order-bar sweep-bar">
      <p class="quote" role="status" aria-live="polite">
        <BarText {...props} />
      </p>
      <OrderButton
        isUnderWay={run.isUnderWay}
        label={price !== null && places > 0 && price.stored === places ? allThere(places) : labelOf(affordable, places)}
        isReady={obstacle === '' && price !== null && price.affordable > 0}
        make={props.start}
        cancel={props.cancel}
      />
    </div>
  );
}

const allThere = (places: number) => (places === 1 ? 'It is there' : `All ${places} are there`);

function labelOf(affordable: number, places: number): string {
  if (places === 0) return 'Render';
  return affordable < places ? `Render ${affordable} of ${places}` : `Render ${places}`;
}

function BarText({ quotes, run, budgetMicros, obstacle, cancelled, places, isSandbox }: SweepBarProps) {
  if (run.isUnderWay) return <Progress run={run} />;
  if (obstacle !== '') return <span key={obstacle}>{obstacle}</span>;
  if (quotes === null) return <span key="asking">Asking for {places} prices…</span>;
  const { totalMicros, stored, refused, affordable } = priceOf(quotes, budgetMicros);
  const [first] = refused;
  if (first !== undefined && refused.length === places)
    return (
      <strong class="wrong" key={first.title}>
        {first.title}.
      </strong>
    );
  // The button says how many of them are within the budget.
  const usual = [
    stored > 0 ? `${stored} of ${places} stored already` : `${places} pictures`,
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
    ...(affordable + refused.length < places ? ['over the budget'] : []),
    ...(isSandbox ? ['sandbox'] : []),
  ];
  const parts = cancelled === '' ? usual : [cancelled];
  return (
    <span key={parts.join()}>
      <strong class="price">{dollars(totalMicros)}</strong> {parts.join(', ')}
    </span>
  );
}

function Progress({ run: { cells, spentMicros } }: { readonly run: Run }) {
  const ended = [...cells.values()].filter(({ kind }) => kind !== 'waiting' && kind !== 'under way').length;
  return (
    <span key="progress">
      <strong class="price">
        {ended} of {cells.size}
      </strong>{' '}
      {dollars(spentMicros)} spent so far
    </span>
  );
}
