import { FluxgateError } from '../../client/fluxgate-error';
import type { JsonObject } from '../site-facts';
import { type FaultWords, orderFaultWords } from './fault-words';
import type { Gateway, Picture, TaskState } from './gateway';
import { reachable } from './once-reachable';

export interface Telling {
  readonly signal: AbortSignal;
  /** null: it is ordered, and nothing is known yet. */
  readonly onProgress: (task: TaskState | null) => void;
  /** The connection is lost: what follows comes once it is back. */
  readonly onLost: (words: FaultWords) => void;
}

/**
 * Makes a picture however often the connection is lost meanwhile. Ordered again it is the same picture: it is stored,
 * or still being made, or was never ordered, and is bought once.
 */
export async function makeSurely(gateway: Gateway, body: JsonObject, telling: Telling): Promise<Picture> {
  const { signal, onProgress, onLost } = telling;
  for (;;) {
    onProgress(null);
    try {
      return await gateway.make(body, { signal, onProgress });
    } catch (thrown) {
      const isLost = thrown instanceof FluxgateError && thrown.code === 'unreachable';
      if (!isLost || signal.aborted) throw thrown;
      onLost(orderFaultWords(thrown));
      await reachable(signal);
    }
  }
}
