import * as z from 'zod';
import { type Format, fits, offLadder, qualityLadder, type Rendition, rungFor } from './rendition';

const pixels = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'expected a whole number of pixels.')
  .transform(Number);

/**
 * All that a picture's URL can ask for, one line for each: what it does not know is refused, so each URL has one
 * meaning. Names and fits are those of Cloudflare's own image URLs.
 */
export const pictureOperations = {
  w: pixels.describe('Width, from the ladder of sizes. Never enlarges.'),
  h: pixels.describe('Height, from the ladder of sizes. Never enlarges.'),
  fit: z
    .enum(fits, `expected one of ${fits.join(', ')}.`)
    .describe('How a box of w and h is filled: cut to it (cover), or within it (contain, scale-down).'),
  dpr: z
    .string()
    .regex(/^(1|1\.5|2|2\.5|3)$/, 'expected one of 1, 1.5, 2, 2.5, 3.')
    .transform(Number)
    .describe('Pixels of the screen for each of w or h: the product is rounded up to the ladder.'),
  q: z
    .string()
    .regex(/^(100|[1-9]?\d)$/, 'expected a whole number from 1 to 100.')
    .transform((text) => Math.max(1, Number(text)))
    .describe('Quality, from its ladder. PNG has none: there it changes nothing.'),
  format: z
    .literal('auto', 'expected auto; a fixed format is the extension of the file name.')
    .describe('AVIF, WebP, or what the extension says: the best that the Accept header names.'),
  crop: z
    .string()
    .regex(/^\d{2,4}x\d{2,4}$/, 'expected an exact size such as 1920x1080.')
    .describe('The exact size that was ordered; only in URLs that we signed.'),
  s: z.string().max(64).describe('Our signature: lets a URL that we handed out ask for what is off the ladder.'),
  download: z.string().max(200).describe('Has it downloaded, under this name.'),
} as const;

/** The query of a picture's URL. */
export const pictureQuerySchema = z.strictObject(pictureOperations).partial();
export type PictureQuery = z.infer<typeof pictureQuerySchema>;

/** The first name that stands twice in a query, however it is spelled; null: each stands once. */
export function repeatedName(query: URLSearchParams): string | null {
  const seen = new Set<string>();
  for (const name of query.keys()) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

/**
 * The rendition that a query asks for, in the format of the file extension. A `q` is held to its ladder in PNG, too,
 * where it comes to nothing: so a URL may be had in any format, and none has a meaning that others refuse.
 * @throws Fault naming `q`
 */
export function renditionOfQuery(format: Format, query: PictureQuery): Rendition {
  const [cropWidth, cropHeight] = query.crop?.split('x').map(Number) ?? [];
  const crop = cropWidth === undefined || cropHeight === undefined ? null : { width: cropWidth, height: cropHeight };
  const hasSize = query.w !== undefined || query.h !== undefined;
  const asked: Rendition = {
    format,
    quality: query.q ?? null,
    crop,
    ...scaledEdges(query),
    fit: hasSize ? (query.fit ?? 'scale-down') : 'scale-down',
  };
  if (format !== 'png') return asked;
  if (asked.quality !== null && !qualityLadder.includes(asked.quality)) throw offLadder('q', qualityLadder);
  return { ...asked, quality: null };
}

/** One edge alone goes up to the next rung. A box must be on the ladder as it is: rounding would change its shape. */
function scaledEdges({ w, h, dpr }: PictureQuery): Pick<Rendition, 'width' | 'height'> {
  if (dpr === undefined) return { width: w ?? null, height: h ?? null };
  if (w !== undefined && h !== undefined) return { width: w * dpr, height: h * dpr };
  return { width: w === undefined ? null : rungFor(w * dpr), height: h === undefined ? null : rungFor(h * dpr) };
}
