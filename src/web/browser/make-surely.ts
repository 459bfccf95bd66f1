import { doneSurely } from './done-surely';
import { type FaultWords, orderFaultWords } from './fault-words';
import type { Gateway, Picture, TaskState } from './gateway';
import type { PlacedOrder } from './placed-order';

export interface Telling {
  readonly signal: AbortSignal;
  /** null: it is ordered, and nothing is known yet. */
  readonly onProgress: (task: TaskState | null) => void;
  /** The connection is lost: what follows comes once it is back. */
  readonly onLost: (words: FaultWords) => void;
}

/**
 * Makes a picture however often the connection is lost meanwhile. Sent again it is the same order: its picture is stored,
 * or still being made, or was never ordered, and is bought once.
 */
export async function makeSurely(gateway: Gateway, order: PlacedOrder, telling: Telling): Promise<Picture> {
  const { signal, onProgress, onLost } = telling;
  const make = () => {
    onProgress(null);
    return gateway.make(order, { signal, onProgress });
  };
  return await doneSurely(make, { signal, onLost: (thrown) => onLost(orderFaultWords(thrown)) });
}
