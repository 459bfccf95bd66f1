import { useRef, useState } from 'hono/jsx/dom';
import { doneSurely } from './done-surely';
import { type FaultWords, faultWords, onceFaultWords } from './fault-words';
import { useDeafness } from './use-deafness';
import { useEffect } from './use-effect';

/** Something that changes the service: one at a time, and what came of it in words. */
export interface Deed {
  readonly isUnderWay: boolean;
  readonly fault: FaultWords | null;
  /**
   * What done twice would be two: where the connection is lost, nobody can say whether it was done. The second press of
   * two that are close together does nothing, however soon the first was answered.
   */
  readonly once: (work: Work) => void;
  /** What may be done twice: where the connection is lost, it is done as soon as that is back. */
  readonly surely: (work: Work) => void;
}
type Work = () => Promise<unknown>;

export function useDeed(): Deed {
  const [state, setState] = useState<Pick<Deed, 'isUnderWay' | 'fault'>>({ isUnderWay: false, fault: null });
  const { signal, show } = useShown(setState);
  const run = (work: Work, wordsOf: typeof faultWords) => {
    if (state.isUnderWay) return;
    setState({ isUnderWay: true, fault: null });
    void work().then(
      () => show({ isUnderWay: false, fault: null }),
      (thrown) => show({ isUnderWay: false, fault: wordsOf(thrown) }),
    );
  };
  const isDeaf = useDeafness(state.isUnderWay);
  const onLost = (thrown: unknown) => show({ isUnderWay: true, fault: faultWords(thrown) });
  return {
    ...state,
    once: (work) => {
      if (!isDeaf()) run(work, onceFaultWords);
    },
    surely: (work) => run(() => doneSurely(work, { signal, onLost }), faultWords),
  };
}

/** What is gone from the page waits for nothing, and shows nothing any more. */
function useShown<State>(set: (state: State) => void) {
  const controller = useRef<AbortController | null>(null);
  controller.current ??= new AbortController();
  const { signal } = controller.current;
  useEffect(() => () => controller.current?.abort(), []);
  const show = (state: State) => {
    if (!signal.aborted) set(state);
  };
  return { signal, show };
}
