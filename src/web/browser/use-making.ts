import { useRef, useState } from 'hono/jsx/dom';
import type { JsonObject } from '../site-facts';
import { type FaultWords, orderFaultWords } from './fault-words';
import type { Gateway, Picture, TaskState } from './gateway';
import { makeSurely, type Telling } from './make-surely';
import { placeOrder } from './placed-order';
import { risenPrice } from './risen-price';

/** How the making of a picture stands. */
export type Making =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'under way';
      readonly task: TaskState | null;
      readonly since: number;
      /** Who could not take it, where it waits again. */
      readonly refusedBy: string | null;
    }
  | { readonly kind: 'made'; readonly picture: Picture; readonly body: JsonObject; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly words: FaultWords }
  | { readonly kind: 'cancelled' };

export interface Ordering {
  readonly body: JsonObject;
  /** The price that stood beside the button; null where there was none yet. */
  readonly shownMicros: number | null;
  readonly wasStored: boolean;
}

/** Makes one picture at a time. */
export function useMaking(gateway: Gateway | null, onEnd: () => void) {
  const [making, setMaking] = useState<Making>({ kind: 'idle' });
  const current = useRef<AbortController | null>(null);

  const start = async (ordering: Ordering) => {
    if (gateway === null) return;
    // Another one may wait for a connection.
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    const { signal } = controller;
    const since = Date.now();
    const tell = (next: Making) => {
      if (!signal.aborted) setMaking(next);
    };
    let asked: string | null = null;
    const next = await makingOf(gateway, ordering, {
      signal,
      onProgress: (task) => {
        tell({ kind: 'under way', task, since, refusedBy: task?.status === 'queued' ? asked : null });
        asked = task?.provider ?? asked;
      },
      onLost: (words) => tell({ kind: 'failed', words }),
    });
    if (signal.aborted) return;
    setMaking(next);
    onEnd();
  };

  const cancel = () => {
    current.current?.abort();
    setMaking({ kind: 'cancelled' });
    onEnd();
  };

  return { making, start, cancel };
}

/** Orders at the price that was shown, or not at all. */
async function makingOf(
  gateway: Gateway,
  { body, shownMicros, wasStored }: Ordering,
  telling: Telling,
): Promise<Making> {
  const startedAt = Date.now();
  const words = shownMicros === null ? null : await risenPrice(gateway, { body, shownMicros }, telling);
  if (telling.signal.aborted) return { kind: 'cancelled' };
  if (words !== null) return { kind: 'failed', words };
  return await makeSurely(gateway, placeOrder(body, wasStored), telling).then(
    (picture): Making => ({ kind: 'made', picture, body, tookMs: Date.now() - startedAt }),
    (thrown): Making => ({ kind: 'failed', words: orderFaultWords(thrown) }),
  );
}
