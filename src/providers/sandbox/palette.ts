import { type Colour, contrast, ink, legibleOn, mix, paper } from './colour';
import type { Random } from './random';

export interface Palette {
  /** Behind the composition. */
  readonly ground: Colour;
  /** Behind the lettering. */
  readonly panel: Colour;
  readonly headline: Colour;
  readonly lettering: Colour;
  /** For the shapes; never empty. */
  readonly accents: readonly [Colour, ...Colour[]];
  /** The colours that the prompt asks for, exactly. */
  readonly named: readonly Colour[];
}

/** The prompt's own colours where it names some, otherwise a set chosen by the seed. `strength` (0 to 1) is how far the shapes stand out. */
export function paletteOf(named: readonly Colour[], random: Random, strength: number): Palette {
  const [ground, panel, ...shapes] = named.length === 0 ? chosenSet(random) : setOf(named, random);
  // The prompt's own colours are toned down less: they are what was asked for.
  const toned = (1 - strength) * (named.length === 0 ? 0.38 : 0.18);
  const [first = legibleOn(ground), ...others] = shapes
    .filter((shape) => shape !== ground)
    .map((shape) => mix(shape, ground, toned));
  return { ground, panel, ...letteringOn(panel, shapes), accents: [first, ...others], named };
}

type ColourSet = readonly [ground: Colour, panel: Colour, ...shapes: Colour[]];

function chosenSet(random: Random): ColourSet {
  const set = random.pick(colourSets);
  const [ground, panel, ...shapes] = set;
  return random.chance(0.35) ? [panel, ground, ...shapes.filter((shape) => shape !== panel)] : set;
}

/** One colour is stretched to a set by its tints and shades; two or more stand by themselves. */
function setOf(named: readonly Colour[], random: Random): ColourSet {
  const [first = ink, second, ...others] = named;
  const opposite = legibleOn(first);
  if (second === undefined) {
    const tints = [0.3, 0.55, 0.8].map((share) => mix(first, opposite, share));
    return [
      first,
      random.chance(0.5) ? opposite : first,
      ...tints,
      opposite,
      mix(first, opposite === ink ? paper : ink, 0.4),
    ];
  }
  const between = others.length === 0 ? [mix(first, second, 0.5), opposite] : [];
  return [first, second, ...others, second, ...between];
}

function letteringOn(panel: Colour, shapes: readonly Colour[]): Pick<Palette, 'headline' | 'lettering'> {
  const lettering = legibleOn(panel);
  const vivid = shapes.find((shape) => contrast(shape, panel) >= 4.5);
  return { headline: vivid ?? lettering, lettering };
}

const colourSets: readonly [ColourSet, ...ColourSet[]] = [
  ['#f2e8d5', '#1d2a44', '#e4572e', '#f3a712', '#2e86ab', '#a8c686'],
  ['#10131a', '#f4efe6', '#ff4f36', '#ffc531', '#3d7dff', '#e8e2d4'],
  ['#f6d8c8', '#5b1a3a', '#e0455e', '#f7a072', '#0f5c63', '#fdf3e7'],
  ['#0e3b43', '#f7efdc', '#f25f3a', '#f5b841', '#73b3a6', '#e9d8a6'],
  ['#e9e4f5', '#2a1e5c', '#6b4de6', '#ff7aa8', '#ffb84d', '#1ea896'],
  ['#fdf6e3', '#d7301f', '#1f1d1b', '#fc8d59', '#2b6c8f', '#f0c05a'],
  ['#1b1f3b', '#ffd166', '#ef476f', '#06d6a0', '#118ab2', '#f8f4e8'],
  ['#dfe9e2', '#133a2c', '#2f7d57', '#f2b134', '#e2572b', '#8fc0a9'],
  ['#ffd9a0', '#2b2d42', '#ef6f4c', '#d62839', '#3a7ca5', '#fff4e0'],
  ['#23212b', '#c8f169', '#c8f169', '#8f7cff', '#ff6f59', '#f1eee6'],
  ['#cfe3f1', '#12263f', '#f26a4b', '#1f6fb2', '#f7c948', '#ffffff'],
  ['#3b0d2e', '#f8e1d4', '#ff5d5d', '#ff9f6b', '#c13584', '#ffe3b3'],
];
