import { doneSurely } from './done-surely';
import { type FaultWords, faultWords, orderFaultWords } from './fault-words';
import type { Gateway, OwnPicture, TaskState } from './gateway';
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
 * @param allow before each time that it is sent, until the service has it: throws why it is not to be
 */
export async function makeSurely(
  gateway: Gateway,
  order: PlacedOrder,
  { signal, onProgress, onLost }: Telling,
  allow: () => Promise<void> = async () => {},
): Promise<OwnPicture> {
  const make = async () => {
    onProgress(null);
    if (!order.isTaken()) await allow();
    signal.throwIfAborted();
    return await gateway.make(order, { signal, onProgress });
  };
  const wordsOf = (thrown: unknown) => (order.mayBeTaken() ? orderFaultWords(thrown) : faultWords(thrown));
  return await doneSurely(make, { signal, onLost: (thrown) => onLost(wordsOf(thrown)) });
}
