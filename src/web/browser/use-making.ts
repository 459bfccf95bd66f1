import { useRef, useState } from 'hono/jsx/dom';
import { dollars } from '../money';
import type { JsonObject } from '../site-facts';
import { type FaultWords, faultWords, orderFaultWords } from './fault-words';
import type { Gateway, Picture, TaskState } from './gateway';
import { makeSurely } from './make-surely';

/** How the making of a picture stands. */
export type Making =
  | { readonly kind: 'idle' }
  | { readonly kind: 'under way'; readonly task: TaskState | null; readonly since: number }
  | { readonly kind: 'made'; readonly picture: Picture; readonly body: JsonObject; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly words: FaultWords }
  | { readonly kind: 'cancelled' };

/** Makes one picture at a time. */
export function useMaking(gateway: Gateway | null, onEnd: () => void) {
  const [making, setMaking] = useState<Making>({ kind: 'idle' });
  const current = useRef<AbortController | null>(null);

  /** `shownMicros` is the price that stood beside the button; null where there was none yet. */
  const start = async (body: JsonObject, shownMicros: number | null) => {
    if (gateway === null) return;
    // Another one may wait for a connection.
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    const since = Date.now();
    const tell = (next: Making) => {
      if (!controller.signal.aborted) setMaking(next);
    };
    const next = await makeSurely(gateway, body, {
      signal: controller.signal,
      onProgress: (task) => tell({ kind: 'under way', task, since }),
      onLost: (words) => tell({ kind: 'failed', words }),
    }).then(
      (picture): Making => ({ kind: 'made', picture, body, tookMs: Date.now() - since }),
      (thrown): Making => ({ kind: 'failed', words: orderFaultWords(thrown) }),
    );
    if (controller.signal.aborted) return;
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

interface Asked {
  readonly gateway: Gateway;
  readonly body: JsonObject;
  readonly shownMicros: number;
  readonly signal: AbortSignal;
}

/** The price is asked for once more: what was stored when it was shown may have been deleted since. */
async function objectionTo({ gateway, body, shownMicros, signal }: Asked): Promise<Making | null> {
  try {
    const { totalMicros } = await gateway.quote(body, signal);
    return totalMicros > shownMicros ? { kind: 'failed', words: dearerWords(totalMicros, shownMicros) } : null;
  } catch (thrown) {
    return { kind: 'failed', words: faultWords(thrown) };
  }
}

const dearerWords = (micros: number, shownMicros: number): FaultWords => ({
  title: `It costs ${dollars(micros)} by now`,
  text: `It was ${dollars(shownMicros)} when you pressed, so nothing was ordered. Press again to make it at the new price.`,
  isAboutKey: false,
  isRetryable: false,
});
