import { rgbaToThumbHash } from 'thumbhash';
import { dominantColour, type Glimpse } from '../core/glimpse';
import { probePicture } from '../core/picture-probe';
import { isSoundPng } from '../core/png-soundness';
import { type Pixels, pngThumbnail } from '../core/png-thumbnail';

/** More would be slower and no better: a ThumbHash keeps seven waves in each direction. */
const thumbnailEdge = 64;

/**
 * Looks at a picture, in small; null where it cannot be read. A PNG, which most vendors deliver, is read here: nothing is
 * asked of anybody, and nothing is billed but the time. For any other, and for a PNG of a rare kind, the Images binding
 * makes a thumbnail. As PNG and not as raw pixels: the local stand-in of the binding has only the formats of files.
 * Of a PNG whose pixels cannot be read as a whole there is none, whatever the binding might make of it.
 */
export async function glimpseOf(images: ImagesBinding, bytes: Uint8Array<ArrayBuffer>): Promise<Glimpse | null> {
  const pixels = (await pngThumbnail(bytes, thumbnailEdge)) ?? (await converted(images, bytes));
  if (pixels === null) return null;
  const thumbhash = rgbaToThumbHash(pixels.width, pixels.height, pixels.rgba).toBase64();
  return { thumbhash, color: dominantColour(pixels) };
}

async function converted(images: ImagesBinding, bytes: Uint8Array<ArrayBuffer>): Promise<Pixels | null> {
  if (probePicture(bytes)?.format === 'png' && !(await isSoundPng(bytes))) return null;
  const small = images
    .input(new Blob([bytes]).stream())
    .transform({ width: thumbnailEdge, height: thumbnailEdge, fit: 'scale-down' });
  const output = await small.output({ format: 'image/png' });
  return await pngThumbnail(new Uint8Array(await output.response().arrayBuffer()), thumbnailEdge);
}
