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

/** Asks once the writer pauses; an answer that comes too late is dropped. */
export function useQuote(gateway: Gateway | null, body: JsonObject | null, version: number): QuoteState {
  const [state, setState] = useState<QuoteState>({ kind: 'none' });
  const online = useOnline(state.kind === 'refused' ? state.words : null);
  const text = body === null ? '' : JSON.stringify(body);
  useEffect(() => {
    if (gateway === null || text === '') {
      setState({ kind: 'none' });
      return;
    }
    const controller = new AbortController();
    setState((before) => ({ kind: 'asking', last: before.kind === 'quoted' ? before.picture : null }));
    const timer = setTimeout(async () => {
      const next = await ask(gateway, JSON.parse(text), controller.signal);
      if (!controller.signal.aborted) setState(next);
    }, quietMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [gateway, text, version, online]);
  return state;
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
