import { useRef } from 'hono/jsx/dom';

/** What a rendering was given last, for listeners that stay: one that is replaced at each rendering is away until the next frame. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef({ current: value }).current ?? { current: value };
  latest.current = value;
  return latest;
}
