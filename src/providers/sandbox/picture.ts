import type { ImageRequest, Reference } from '../../core/image-request';
import type { ProviderContext } from '../../core/provider';
import { composePicture } from './compose';
import type { Exhibit } from './exhibits';
import { pngFile } from './png-file';
import { provenanceOf } from './provenance';
import { rasterise } from './rasterise';
import { typefaces } from './typefaces';

/**
 * The PNG of a request. Loads fonts and rasteriser: import it only when a picture is wanted.
 * A reference that cannot be drawn is shown as a labelled tile instead.
 */
export async function drawPicture(request: ImageRequest, context: ProviderContext): Promise<Uint8Array<ArrayBuffer>> {
  const exhibits = await hangable(request.references, context);
  const pixels = await rasterise(composePicture(request, exhibits, typefaces)).catch((cause: unknown) => {
    if (exhibits.every(({ dataUri }) => dataUri === null)) throw cause;
    // A damaged reference may stop the rasteriser: draw all of them as tiles.
    return rasterise(composePicture(request, request.references.map(asTile), typefaces));
  });
  return await pngFile(pixels, provenanceOf(request));
}

/** resvg decodes these; it has no WebP decoder. */
const drawable: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif']);
/** An isolate has 128 MB. A pixel takes four bytes when it is unpacked, and a file is held several times over as base64. */
const mostPixels = 11 * 1024 * 1024;
const mostBytes = 12 * 1024 * 1024;
const thumbnailPixels = 1024 * 1024;

async function hangable(references: readonly Reference[], context: ProviderContext): Promise<readonly Exhibit[]> {
  let pixels = 0;
  let bytes = 0;
  const exhibits: Exhibit[] = [];
  for (const reference of references) {
    const exhibit = await exhibitOf(reference, context, { pixels: mostPixels - pixels, bytes: mostBytes - bytes });
    exhibits.push(exhibit);
    if (exhibit.dataUri === null) continue;
    pixels += Math.min(thumbnailPixels, reference.width * reference.height);
    bytes += exhibit.dataUri.length;
  }
  return exhibits;
}

/** The reference itself where it is small and can be drawn, else its thumbnail, else a tile. */
async function exhibitOf(
  reference: Reference,
  context: ProviderContext,
  left: { readonly pixels: number; readonly bytes: number },
): Promise<Exhibit> {
  const isSmall = reference.width * reference.height <= thumbnailPixels && reference.sizeBytes <= left.bytes / 2;
  if (isSmall && left.pixels >= thumbnailPixels && drawable.has(reference.contentType)) {
    const file = await context.readReference(reference);
    return { reference, dataUri: `data:${reference.contentType};base64,${file.toBase64()}` };
  }
  const thumbnail = (await context.readThumbnail?.(reference)) ?? null;
  if (thumbnail === null || thumbnail.length * 1.4 > left.bytes) return asTile(reference);
  return { reference, dataUri: `data:image/png;base64,${thumbnail.toBase64()}` };
}

const asTile = (reference: Reference): Exhibit => ({ reference, dataUri: null });
