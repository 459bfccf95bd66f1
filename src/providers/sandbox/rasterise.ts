import { initWasm, Resvg } from '@resvg/resvg-wasm';
import wasm from '@resvg/resvg-wasm/index_bg.wasm';
import { fontFiles } from './typefaces';

let ready: Promise<void> | undefined;

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

/** The rasteriser may be started once in an isolate; a start that failed may be tried again. */
function prepare(): Promise<void> {
  ready ??= initWasm(wasm).catch((cause: unknown) => {
    ready = undefined;
    throw cause;
  });
  return ready;
}
