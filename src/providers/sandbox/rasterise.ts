import { initWasm, Resvg } from '@resvg/resvg-wasm';
import wasm from '@resvg/resvg-wasm/index_bg.wasm';
import { fontFiles } from './typefaces';

let isReady = false;

/** Draws an SVG with the bundled fonts, one pixel for each of its units. @returns a PNG file. */
export async function rasterise(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  await prepare();
  const fontBuffers = fontFiles.map((file) => new Uint8Array(file));
  const renderer = new Resvg(svg, { font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'Inter Medium' } });
  try {
    const picture = renderer.render();
    try {
      return new Uint8Array(picture.asPng());
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
