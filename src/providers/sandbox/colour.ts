/** A colour as `#rrggbb`, in lower case. */
export type Colour = string;

/** Near-black and near-white, for lettering that must be legible on any ground. */
export const ink: Colour = '#14130f';
export const paper: Colour = '#fbf7ee';

/** `#RGB` or `#RRGGBB` as `#rrggbb`. */
export function normalColour(hex: string): Colour {
  const digits = hex.slice(1).toLowerCase();
  return `#${digits.length === 3 ? digits.replace(/./g, '$&$&') : digits}`;
}

/** The colour a share of the way from one to the other. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  const target = channelsOf(to);
  const channels = channelsOf(from).map((value, index) =>
    Math.round(value + ((target[index] ?? value) - value) * share),
  );
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG 2 contrast of two colours, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Colour, other: Colour): number {
  const [low, high] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** Ink or paper, whichever is easier to read on `ground`. */
export function legibleOn(ground: Colour): Colour {
  return contrast(ink, ground) >= contrast(paper, ground) ? ink : paper;
}

function luminanceOf(colour: Colour): number {
  const linear = channelsOf(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

const channelsOf = (colour: Colour): readonly number[] =>
  [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
