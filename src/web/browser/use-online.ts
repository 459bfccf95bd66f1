import { useState } from 'hono/jsx/dom';
import type { FaultWords } from './fault-words';
import { onceReachable } from './once-reachable';
import { useEffect } from './use-effect';

/** Changes whenever a connection that `fault` says was lost is there again, so that what failed is asked once more. */
export function useOnline(fault: FaultWords | null): number {
  const [returns, setReturns] = useState(0);
  useEffect(() => {
    const goOn = () => setReturns((before) => before + 1);
    return fault?.isConnectionLost ? onceReachable(goOn) : undefined;
  }, [fault]);
  return returns;
}
