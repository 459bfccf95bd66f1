import { useState } from 'hono/jsx/dom';
import { type FaultWords, faultWords } from './fault-words';
import { useEffect } from './use-effect';
import { useOnline } from './use-online';

export interface Asked<Value> {
  /** null while it is asked for the first time, and when there is a fault. */
  readonly value: Value | null;
  readonly fault: FaultWords | null;
  readonly again: () => void;
}

/** Asks whenever what it depends on changes, or somebody wants it again; a late answer is dropped. */
export function useAsked<Value>(ask: () => Promise<Value>, dependencies: readonly unknown[]): Asked<Value> {
  const [known, setKnown] = useState<Pick<Asked<Value>, 'value' | 'fault'>>({ value: null, fault: null });
  const online = useOnline(known.fault);
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let isLate = false;
    void ask().then(
      (value) => !isLate && setKnown({ value, fault: null }),
      (thrown) => !isLate && setKnown({ value: null, fault: faultWords(thrown) }),
    );
    return () => {
      isLate = true;
    };
  }, [...dependencies, version, online]);
  return { ...known, again: () => setVersion((before) => before + 1) };
}
