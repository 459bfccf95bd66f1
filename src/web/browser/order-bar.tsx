import { dollars } from '../money';
import { OrderButton } from './order-button';
import { type QuoteState, shownQuote } from './use-quote';

export interface OrderBarProps {
  readonly quote: QuoteState;
  readonly isSandbox: boolean;
  /** Why nothing can be made right now; empty where it can. */
  readonly obstacle: string;
  readonly isUnderWay: boolean;
  /** Whether the picture on the bench is made already, so that the next is another one. */
  readonly isAnother: boolean;
  readonly make: () => void;
  readonly cancel: () => void;
}

/** What it costs, and the button. Why there is no price is said on the stage, which has the room. */
export function OrderBar(props: OrderBarProps) {
  const { quote, isSandbox, obstacle, isUnderWay, make, cancel } = props;
  return (
    <div class="order-bar">
      <p class="quote" role="status" aria-live="polite" aria-busy={quote.kind === 'asking' ? 'true' : 'false'}>
        <QuoteText quote={quote} isSandbox={isSandbox} obstacle={obstacle} />
      </p>
      <OrderButton {...{ isUnderWay, make, cancel }} label={labelOf(props)} isReady={obstacle === ''} />
    </div>
  );
}

function labelOf({ quote, isAnother }: OrderBarProps): string {
  if (isAnother) return 'Make another';
  return quote.kind === 'quoted' && quote.picture.isStored ? 'Show picture' : 'Make picture';
}

function QuoteText({ quote, isSandbox, obstacle }: Pick<OrderBarProps, 'quote' | 'isSandbox' | 'obstacle'>) {
  if (obstacle !== '') return <span key={obstacle}>{obstacle}</span>;
  const picture = shownQuote(quote);
  if (quote.kind === 'refused')
    return (
      <strong class="wrong" key={quote.words.title}>
        {quote.words.title}.
      </strong>
    );
  if (picture === null) return <span key="none">…</span>;
  if (picture.isStored)
    return (
      <span key="price">
        <strong class="price">{dollars(picture.micros)}</strong> stored already
      </span>
    );
  return (
    <span key="price">
      <strong class="price">{dollars(picture.micros)}</strong> {isSandbox ? 'sandbox price' : `by ${picture.provider}`}
    </span>
  );
}
