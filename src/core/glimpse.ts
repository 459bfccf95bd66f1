import type { Pixels } from './png-thumbnail';

/** What a page can show before the picture is there. */
export interface Glimpse {
  /** A ThumbHash in base64: https://evanw.github.io/thumbhash/ */
  readonly thumbhash: string;
  /** The dominant colour, as `#rrggbb`. */
  readonly color: string;
}

/** Colours are told apart by the upper bits of each channel. */
const channelBits = 4;

/** The mean of the colours that most pixels are near to, as `#rrggbb`. */
export function dominantColour({ rgba }: Pixels): string {
  const shift = 8 - channelBits;
  const bins = new Map<number, { weight: number; red: number; green: number; blue: number }>();
  for (let start = 0; start < rgba.length; start += 4) {
    const [red, green, blue] = [rgba[start] ?? 0, rgba[start + 1] ?? 0, rgba[start + 2] ?? 0];
    const alpha = rgba[start + 3] ?? 0;
    const key = ((red >> shift) << (2 * channelBits)) | ((green >> shift) << channelBits) | (blue >> shift);
    const bin = bins.get(key) ?? { weight: 0, red: 0, green: 0, blue: 0 };
    bin.weight += alpha;
    bin.red += red * alpha;
    bin.green += green * alpha;
    bin.blue += blue * alpha;
    bins.set(key, bin);
  }
  const nothing = { weight: 0, red: 0, green: 0, blue: 0 };
  const most = [...bins.values()].reduce((best, bin) => (bin.weight > best.weight ? bin : best), nothing);
  const channels = [most.red, most.green, most.blue].map((sum) => Math.round(sum / Math.max(1, most.weight)));
  return `#${Uint8Array.from(channels).toHex()}`;
}
