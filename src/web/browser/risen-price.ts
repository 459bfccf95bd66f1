import { dollars } from '../money';
import { type FaultWords, faultWords } from './fault-words';
import type { Gateway } from './gateway';
import type { PlacedOrder } from './placed-order';

/** A price that was shown. */
export interface ShownPrice {
  readonly micros: number;
}

/** Why nothing is ordered: it is dearer than what was shown. */
export class RisenPrice extends Error implements ShownPrice {
  readonly micros: number;
  readonly words: FaultWords;

  constructor(micros: number, words: FaultWords) {
    super(words.title);
    this.micros = micros;
    this.words = words;
  }
}

export interface Limit {
  /** The price that was shown last; null where none was. */
  readonly shownMicros: number | null;
  /** Whether it is this picture's, and not that of one before. */
  readonly isOwn: boolean;
}

/**
 * The price is asked for once more before an order is sent: what was stored when its price was shown may have been
 * deleted since, and prices may rise while one waits for a connection.
 * @throws RisenPrice, and why the price of a new order is not known
 */
export async function holdPrice(
  gateway: Gateway,
  { order, shownMicros, isOwn }: Limit & { readonly order: PlacedOrder },
  signal: AbortSignal,
): Promise<void> {
  const quote = await gateway.quote(order.body, signal).catch((thrown) => {
    signal.throwIfAborted();
    const isNeeded = isOwn && !order.mayBeTaken();
    if (isNeeded || faultWords(thrown).isConnectionLost) throw thrown;
    return null;
  });
  if (quote === null) return;
  const { totalMicros, pictures } = quote;
  order.priced({ isStored: pictures[0]?.stored ?? false, hitMicros: pictures[0]?.hitMicros ?? 0 });
  if (shownMicros === null || totalMicros <= shownMicros) return;
  throw new RisenPrice(totalMicros, risenWords(totalMicros, shownMicros, order.mayBeTaken()));
}

function risenWords(micros: number, shownMicros: number, mayBeTaken: boolean): FaultWords {
  const shown = `${dollars(shownMicros)} stood beside the button when you pressed`;
  return {
    title: `It costs ${dollars(micros)} by now`,
    text: mayBeTaken
      ? `${shown}, so it was not ordered again. If the order arrived before the connection was lost, it is paid for: press again to get that picture, or to make it at the new price.`
      : `${shown}, so nothing was ordered. Press again to make it at the new price.`,
    isAboutKey: false,
    isRetryable: false,
    isConnectionLost: false,
  };
}
