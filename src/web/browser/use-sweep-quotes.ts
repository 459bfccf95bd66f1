import { useState } from 'hono/jsx/dom';
import { eachAtMost } from './each-at-most';
import { type FaultWords, faultWords } from './fault-words';
import type { Gateway } from './gateway';
import type { Place } from './sweep-state';
import { useEffect } from './use-effect';
import { useOnline } from './use-online';

const quietMs = 450;
/** Questions about prices on their way at once. */
const mostAtOnce = 4;

export type PlaceQuote =
  | {
      readonly kind: 'quoted';
      readonly micros: number;
      /** What it costs where nothing is bought for it, as it is there or in the making. */
      readonly hitMicros: number;
      readonly isStored: boolean;
      readonly fingerprint: string;
    }
  | { readonly kind: 'refused'; readonly words: FaultWords };
/** The prices of a sheet's places, in their order; null while they are asked for, or there is nothing to ask. */
export type SheetQuotes = readonly PlaceQuote[] | null;

/** Asks for every price of the sheet once the planner pauses; an answer that comes too late is dropped. */
export function useSweepQuotes(gateway: Gateway | null, places: readonly Place[], version: number): SheetQuotes {
  const [quotes, setQuotes] = useState<SheetQuotes>(null);
  const online = useOnline(lostAmong(quotes));
  const text = JSON.stringify(places.map(({ body }) => body));
  useEffect(() => {
    setQuotes(null);
    if (gateway === null || places.length === 0) return;
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      const found: PlaceQuote[] = [];
      await eachAtMost(places, mostAtOnce, async (place, index) => {
        if (!controller.signal.aborted) found[index] = await quoteOf(gateway, place, controller.signal);
      });
      if (!controller.signal.aborted) setQuotes(found);
    }, quietMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [gateway, text, version, online]);
  return quotes;
}

/** The first refusal that is none: nobody could be asked. */
function lostAmong(quotes: SheetQuotes): FaultWords | null {
  const lost = quotes?.find((quote) => quote.kind === 'refused' && quote.words.isConnectionLost);
  return lost?.kind === 'refused' ? lost.words : null;
}

export async function quoteOf(
  gateway: Gateway,
  { body }: Pick<Place, 'body'>,
  signal: AbortSignal,
): Promise<PlaceQuote> {
  try {
    const { totalMicros, pictures } = await gateway.quote(body, signal);
    const [first] = pictures;
    return {
      kind: 'quoted',
      micros: totalMicros,
      hitMicros: first?.hitMicros ?? 0,
      isStored: first?.stored ?? false,
      fingerprint: first?.fingerprint ?? '',
    };
  } catch (thrown) {
    return { kind: 'refused', words: faultWords(thrown) };
  }
}

/** What a sheet comes to, as far as prices are known. */
export interface SheetPrice {
  readonly totalMicros: number;
  readonly stored: number;
  readonly refused: readonly FaultWords[];
  /** How many are within the budget, taken in their order. */
  readonly affordable: number;
}

export function priceOf(quotes: readonly PlaceQuote[], budgetMicros: number): SheetPrice {
  const known = quotes.filter((quote) => quote.kind === 'quoted');
  let left = budgetMicros;
  let affordable = 0;
  for (const { micros } of known) {
    if (micros > left) continue;
    left -= micros;
    affordable += 1;
  }
  return {
    totalMicros: known.reduce((sum, { micros }) => sum + micros, 0),
    stored: known.filter(({ isStored }) => isStored).length,
    refused: quotes.flatMap((quote) => (quote.kind === 'refused' ? [quote.words] : [])),
    affordable,
  };
}
