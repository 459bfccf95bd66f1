import { unreachable } from './gateway';

type Plotting = typeof import('./draw-plot');

let loading: Promise<Plotting> | null = null;
let failures = 0;

/** The plotting library: asked for with the first plot, once for all of them; where it did not come, anew. */
export function plotting(): Promise<Plotting> {
  loading ??= load();
  return loading;
}

/** @throws FluxgateError that the service cannot be reached */
async function load(): Promise<Plotting> {
  try {
    // A browser remembers of a module that it did not come, and asks for it under another address alone.
    const again = `/assets/draw-plot.js?again=${failures}`;
    return await (failures === 0 ? import('./draw-plot') : import(/* @vite-ignore */ again));
  } catch (thrown) {
    failures += 1;
    loading = null;
    return unreachable(thrown);
  }
}
