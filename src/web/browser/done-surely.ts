import { faultWords } from './fault-words';
import { reachable } from './once-reachable';

export interface Patience {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** The connection is lost: it is done again once it is back. */
  readonly onLost: (thrown: unknown) => void;
}

/**
 * Does what may be done twice, however often the connection is lost meanwhile.
 * @throws what else went wrong, and the signal's reason
 */
export async function doneSurely<Value>(work: () => Promise<Value>, { signal, onLost }: Patience): Promise<Value> {
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (signal.aborted || !faultWords(thrown).isConnectionLost) throw thrown;
      onLost(thrown);
      await reachable(signal);
    }
  }
}
