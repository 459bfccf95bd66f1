import { halftone } from './halftone';
import { mosaic } from './mosaic';
import { orbits } from './orbits';
import { rhythm } from './rhythm';
import { ribbons } from './ribbons';
import { ridges } from './ridges';
import type { Composition } from './stage';
import { sunburst } from './sunburst';
import { tiles } from './tiles';

/** Every composition that a seed may fall on. */
export const families: readonly [Composition, ...Composition[]] = [
  tiles,
  sunburst,
  ridges,
  orbits,
  rhythm,
  halftone,
  mosaic,
  ribbons,
];
