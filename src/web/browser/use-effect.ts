import { useEffect as useFrameEffect, useLayoutEffect, useState } from 'hono/jsx/dom';

type Effect = Parameters<typeof useFrameEffect>[0];
interface EffectState {
  isThere: boolean;
  /** The effect that has begun last. */
  begun: Effect | null;
  end: (() => void) | null;
}

/**
 * An effect that begins once, ends once, and does not begin for what is gone. Hono's own waits for the next frame: every
 * rendering until then begins it once more and forgets how to end the one before, whose timer then ticks for ever, and
 * brings what was removed back into the page.
 */
export function useEffect(effect: Effect, dependencies?: readonly unknown[]): void {
  const [state] = useState<EffectState>(() => ({ isThere: false, begun: null, end: null }));
  useLayoutEffect(() => {
    state.isThere = true;
    return () => {
      state.isThere = false;
      finish(state);
    };
  }, []);
  useFrameEffect(() => {
    if (state.isThere && state.begun !== effect) begin(state, effect);
    return () => finish(state);
  }, dependencies);
}

function begin(state: EffectState, effect: Effect): void {
  finish(state);
  state.begun = effect;
  state.end = effect() ?? null;
}

function finish(state: EffectState): void {
  state.end?.();
  state.end = null;
}
