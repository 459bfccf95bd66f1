import { useState } from 'hono/jsx/dom';
import { type FaultWords, faultWords } from './fault-words';

/** Something that changes the service: one at a time, and what came of it in words. */
export interface Deed {
  readonly isUnderWay: boolean;
  readonly fault: FaultWords | null;
  readonly run: (work: () => Promise<unknown>) => void;
}

export function useDeed(): Deed {
  const [state, setState] = useState<Omit<Deed, 'run'>>({ isUnderWay: false, fault: null });
  const run = (work: () => Promise<unknown>) => {
    if (state.isUnderWay) return;
    setState({ isUnderWay: true, fault: null });
    void work().then(
      () => setState({ isUnderWay: false, fault: null }),
      (thrown) => setState({ isUnderWay: false, fault: faultWords(thrown) }),
    );
  };
  return { ...state, run };
}
