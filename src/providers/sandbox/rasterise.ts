import { initWasm, Resvg } from '@resvg/resvg-wasm';
import wasm from '@resvg/resvg-wasm/index_bg.wasm';
import type { Pixels } from './png-file';
import { fontFiles } from './typefaces';

let isReady = false;

/** Draws an SVG, whose ground covers it, with the bundled fonts: one pixel for each of its units. */
export async function rasterise(svg: string): Promise<Pixels> {
  await prepare();
  const fontBuffers = fontFiles.map((file) => new Uint8Array(file));
  const renderer = new Resvg(svg, { font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'Inter Medium' } });
  try {
    const picture = renderer.render();
    try {
      // These are premultiplied by an opacity that is whole everywhere.
      return { width: picture.width, height: picture.height, data: picture.pixels };
    } finally {
      picture.free();
    }
  } finally {
    renderer.free();
  }
}

/**
 * Once in an isolate. Who comes while somebody else starts it starts it too, and waits for no promise of theirs: those of
 * a Durable Object that is stopped meanwhile never settle.
 */
async function prepare(): Promise<void> {
  if (isReady) return;
  await initWasm(wasm).catch((cause: unknown) => {
    if (!/already initialized/i.test(String(cause))) throw cause;
  });
  isReady = true;
}
