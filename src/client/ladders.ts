/**
 * Made by `npm run docs` from the schemas that the service checks requests and words answers with: not to be
 * changed here. A test fails when it falls behind.
 */

/** Widths and heights in which the service makes pictures for anybody. */
export const sizeLadder: readonly number[] = [
  16, 32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 400, 480, 512, 600, 640, 720, 750, 768, 800, 828, 900, 960, 1024,
  1080, 1200, 1280, 1440, 1536, 1600, 1792, 1920, 2048, 2560, 3072, 3840, 4096,
];

/** Widths of a `srcset`. */
export const sourceSetWidths: readonly number[] = [160, 320, 480, 640, 960, 1280, 1600, 1920, 2560, 3072];
