/** Pixels of a square: what a ThumbHash shows is stretched to the picture's box. */
export const thumbEdge = 32;

/** A part of the colour at a place; `x` and `y` are angles from 0 to π. */
type Channel = (x: number, y: number) => number;

/**
 * Paints a ThumbHash into RGBA bytes of a square of {@link thumbEdge}: https://evanw.github.io/thumbhash/ Transparency
 * is left out. What is no ThumbHash gives null.
 */
export function thumbPixels(hash: string): Uint8ClampedArray<ArrayBuffer> | null {
  const bytes = bytesOf(hash);
  if (bytes === null || bytes.length < 5) return null;
  const [luminance, yellowBlue, redGreen] = channelsOf(bytes);
  const pixels = new Uint8ClampedArray(thumbEdge * thumbEdge * 4);
  for (let at = 0; at < thumbEdge * thumbEdge; at += 1) {
    const angle = (step: number) => ((step + 0.5) * Math.PI) / thumbEdge;
    const [x, y] = [angle(at % thumbEdge), angle(Math.floor(at / thumbEdge))];
    const [light, warmth] = [luminance(x, y), redGreen(x, y)];
    const blue = light - (2 / 3) * yellowBlue(x, y);
    const red = (3 * light - blue + warmth) / 2;
    pixels.set([red * 255, (red - warmth) * 255, blue * 255, 255], at * 4);
  }
  return pixels;
}

/** The lightness and the two differences of colour, as cosines over the picture. */
function channelsOf(bytes: Uint8Array): readonly [Channel, Channel, Channel] {
  const byte = (at: number) => bytes[at] ?? 0;
  const means = byte(0) | (byte(1) << 8) | (byte(2) << 16);
  const shape = byte(3) | (byte(4) << 8);
  const hasAlpha = means >> 23;
  const [longEdge, shortEdge] = [hasAlpha ? 5 : 7, Math.max(3, shape & 7)];
  const [across, down] = shape >> 15 ? [longEdge, shortEdge] : [shortEdge, longEdge];
  let nibble = hasAlpha ? 12 : 10;
  const channel = (columns: number, rows: number, { mean, scale }: { mean: number; scale: number }): Channel => {
    const waves: (readonly [number, number, number])[] = [];
    for (let row = 0; row < rows; row += 1) {
      for (let column = row ? 0 : 1; column * rows < columns * (rows - row); column += 1) {
        const step = (byte(nibble >> 1) >> ((nibble & 1) * 4)) & 15;
        nibble += 1;
        waves.push([column, row, 2 * scale * (step / 7.5 - 1)]);
      }
    }
    return (x, y) =>
      waves.reduce((sum, [column, row, weight]) => sum + weight * Math.cos(column * x) * Math.cos(row * y), mean);
  };
  return [
    channel(across, down, { mean: (means & 63) / 63, scale: ((means >> 18) & 31) / 31 }),
    channel(3, 3, { mean: ((means >> 6) & 63) / 31.5 - 1, scale: (1.25 * ((shape >> 3) & 63)) / 63 }),
    channel(3, 3, { mean: ((means >> 12) & 63) / 31.5 - 1, scale: (1.25 * ((shape >> 9) & 63)) / 63 }),
  ];
}

/** Base64, in either alphabet. */
function bytesOf(text: string): Uint8Array | null {
  try {
    const plain = text.replace(/-/g, '+').replace(/_/g, '/');
    return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
