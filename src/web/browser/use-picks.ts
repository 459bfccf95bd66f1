import { useState } from 'hono/jsx/dom';

/** The two pictures that were picked last, to be compared. */
export interface Picks {
  readonly picked: readonly string[];
  readonly toggle: (fingerprint: string) => void;
}

export function usePicks(): Picks {
  const [picked, setPicked] = useState<readonly string[]>([]);
  const toggle = (fingerprint: string) =>
    setPicked((before) =>
      before.includes(fingerprint) ? before.filter((one) => one !== fingerprint) : [...before, fingerprint].slice(-2),
    );
  return { picked, toggle };
}
