import { useRef, useState } from 'hono/jsx/dom';
import type { JsonObject } from '../site-facts';
import { type FaultWords, orderFaultWords } from './fault-words';
import type { Gateway, Picture, TaskState } from './gateway';
import { makeSurely } from './make-surely';

/** How the making of a picture stands. */
export type Making =
  | { readonly kind: 'idle' }
  | { readonly kind: 'under way'; readonly task: TaskState | null; readonly since: number }
  | { readonly kind: 'made'; readonly picture: Picture; readonly body: JsonObject; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly words: FaultWords };

/** Makes one picture at a time. */
export function useMaking(gateway: Gateway | null, onEnd: () => void) {
  const [making, setMaking] = useState<Making>({ kind: 'idle' });
  const current = useRef<AbortController | null>(null);

  const start = async (body: JsonObject) => {
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
    setMaking({ kind: 'idle' });
  };

  return { making, start, cancel };
}
