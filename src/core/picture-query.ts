import * as z from 'zod';
import { type Format, fits, type Rendition } from './rendition';

const pixels = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'expected a whole number of pixels.')
  .transform(Number);

/** The query of a picture's URL. What it does not know is refused: each URL has one meaning. */
export const pictureQuerySchema = z.strictObject({
  w: pixels.optional(),
  h: pixels.optional(),
  fit: z.enum(fits, `expected one of ${fits.join(', ')}.`).optional(),
  q: z
    .string()
    .regex(/^(100|[1-9]?\d)$/, 'expected a whole number from 1 to 100.')
    .transform((text) => Math.max(1, Number(text)))
    .optional(),
  crop: z
    .string()
    .regex(/^\d{2,4}x\d{2,4}$/, 'expected an exact size such as 1920x1080.')
    .optional(),
  /** Our signature: lets a URL that we handed out ask for what is off the ladder. */
  s: z.string().max(64).optional(),
  download: z.string().max(200).optional(),
});
export type PictureQuery = z.infer<typeof pictureQuerySchema>;

/** The rendition that a query asks for, in the format of the file extension. */
export function renditionOfQuery(format: Format, query: PictureQuery): Rendition {
  const [cropWidth, cropHeight] = query.crop?.split('x').map(Number) ?? [];
  const crop = cropWidth === undefined || cropHeight === undefined ? null : { width: cropWidth, height: cropHeight };
  const hasSize = query.w !== undefined || query.h !== undefined;
  return {
    format,
    quality: format === 'png' ? null : (query.q ?? null),
    crop,
    width: query.w ?? null,
    height: query.h ?? null,
    fit: hasSize ? (query.fit ?? 'scale-down') : 'scale-down',
  };
}
