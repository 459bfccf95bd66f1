import { useRef } from 'hono/jsx/dom';

/** So long nothing is heard once it is about another deed: what is pressed then was meant for the one before. */
const deafMs = 500;

/** @returns whether the deed is another one since a moment ago */
export function useDeafness(deed: string | boolean): () => boolean {
  const known = useRef({ deed, since: Number.NEGATIVE_INFINITY });
  if (known.current?.deed !== deed) known.current = { deed, since: performance.now() };
  return () => performance.now() - (known.current?.since ?? 0) < deafMs;
}
