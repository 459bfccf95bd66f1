import { rgbaToThumbHash } from 'thumbhash';
import { dominantColour, type Glimpse } from '../core/glimpse';
import { pngPixels } from '../core/png-pixels';

/** More would be slower and no better: a ThumbHash keeps seven waves in each direction. */
const thumbnailEdge = 64;

/**
 * Looks at a picture through a thumbnail that the Images binding makes; null where that cannot be read. As PNG and not
 * as raw pixels: the local stand-in of the binding has only the formats of files.
 */
export async function glimpseOf(images: ImagesBinding, bytes: Uint8Array<ArrayBuffer>): Promise<Glimpse | null> {
  const small = images
    .input(new Blob([bytes]).stream())
    .transform({ width: thumbnailEdge, height: thumbnailEdge, fit: 'scale-down' });
  const output = await small.output({ format: 'image/png' });
  const pixels = await pngPixels(new Uint8Array(await output.response().arrayBuffer()));
  if (pixels === null) return null;
  const thumbhash = rgbaToThumbHash(pixels.width, pixels.height, pixels.rgba).toBase64();
  return { thumbhash, color: dominantColour(pixels) };
}
