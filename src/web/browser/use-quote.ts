import { useState } from 'hono/jsx/dom';
import type { JsonObject } from '../site-facts';
import { type FaultWords, faultWords } from './fault-words';
import type { Gateway } from './gateway';
import { useEffect } from './use-effect';
import { useOnline } from './use-online';

const quietMs = 350;

/** What a picture would cost, as it is being written. */
export type QuoteState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking'; readonly last: QuotedPicture | null }
  | { readonly kind: 'quoted'; readonly picture: QuotedPicture }
  | { readonly kind: 'refused'; readonly words: FaultWords };
export interface QuotedPicture {
  readonly micros: number;
  readonly isStored: boolean;
  readonly provider: string;
  readonly fingerprint: string;
}

/** The picture whose price is shown: the last one, while the next is asked for. */
export function shownQuote(quote: QuoteState): QuotedPicture | null {
  return quote.kind === 'quoted' ? quote.picture : quote.kind === 'asking' ? quote.last : null;
}

interface Known {
  /** What was asked about. */
  readonly text: string;
  readonly quote: QuoteState;
}

/** Asks once the writer pauses; an answer that comes too late is dropped. */
export function useQuote(gateway: Gateway | null, body: JsonObject | null, version: number): QuoteState {
  const [known, setKnown] = useState<Known>({ text: '', quote: { kind: 'none' } });
  const online = useOnline(known.quote.kind === 'refused' ? known.quote.words : null);
  const text = body === null ? '' : JSON.stringify(body);
  useEffect(() => {
    if (gateway === null || text === '') {
      setKnown({ text, quote: { kind: 'none' } });
      return;
    }
    const controller = new AbortController();
    setKnown((before) => ({ text, quote: askingAfter(before, text) }));
    const timer = setTimeout(async () => {
      const quote = await ask(gateway, JSON.parse(text), controller.signal);
      if (!controller.signal.aborted) setKnown({ text, quote });
    }, quietMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [gateway, text, version, online]);
  // The asking begins a frame later than the picture is another one.
  return known.text === text ? known.quote : askingAfter(known, text);
}

/** The last price stays until the next is there; but that a picture is stored says nothing of what another costs. */
function askingAfter({ text, quote }: Known, next: string): QuoteState {
  const last = quote.kind === 'quoted' ? quote.picture : null;
  return { kind: 'asking', last: text !== next && last?.isStored ? null : last };
}

async function ask(gateway: Gateway, body: JsonObject, signal: AbortSignal): Promise<QuoteState> {
  try {
    const { totalMicros, pictures } = await gateway.quote(body, signal);
    const [first] = pictures;
    if (first === undefined) return { kind: 'none' };
    const { stored: isStored, provider, fingerprint } = first;
    return { kind: 'quoted', picture: { micros: totalMicros, isStored, provider: provider ?? '', fingerprint } };
  } catch (thrown) {
    return { kind: 'refused', words: faultWords(thrown) };
  }
}
