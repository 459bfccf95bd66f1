import type { Size } from './size';

/** A quiet stand-in of a picture's size: two tones that come of its seed, and nothing to read. */
export function placeholderSvg({ width, height }: Size, seed: number): string {
  const hue = seed % 360;
  const tone = (turn: number, lightness: number) => `hsl(${(hue + turn) % 360} 30% ${lightness}%)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The picture is not here yet"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${tone(0, 78)}"/><stop offset="1" stop-color="${tone(40, 62)}"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/></svg>`;
}
