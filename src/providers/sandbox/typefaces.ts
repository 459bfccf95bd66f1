import interMedium from './fonts/inter-medium.ttf';
import interTightBlack from './fonts/inter-tight-black.ttf';
import notoSerifDisplayBlack from './fonts/noto-serif-display-black.ttf';
import type { Typefaces } from './lettering';
import { readTypeface } from './typeface';

/** The bundled font files, for the rasteriser. */
export const fontFiles: readonly ArrayBuffer[] = [interMedium, interTightBlack, notoSerifDisplayBlack];

/** The bundled faces, their metrics read from the files. */
export const typefaces: Typefaces = {
  display: [
    readTypeface('Inter Tight Black', interTightBlack),
    readTypeface('Noto Serif Display Black', notoSerifDisplayBlack),
  ],
  text: readTypeface('Inter Medium', interMedium),
};
