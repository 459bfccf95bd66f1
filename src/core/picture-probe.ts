import { ByteReader } from './containers/byte-reader';
import { avifHeader } from './probe/avif-header';
import { gifHeader } from './probe/gif-header';
import { jpegHeader } from './probe/jpeg-header';
import type { PictureFormat, PictureHeader } from './probe/picture-header';
import { pngHeader } from './probe/png-header';
import { webpHeader } from './probe/webp-header';

/** What a picture's own bytes say of it. */
export interface PictureProbe {
  readonly format: PictureFormat;
  readonly contentType: `image/${PictureFormat}`;
  /** Pixels as stored: an orientation in EXIF, or a rotation in AVIF, is not applied. */
  readonly width: number;
  readonly height: number;
  /** Whether the file goes on to its end. False for one that was cut short. */
  readonly isComplete: boolean;
}

const headers: readonly PictureHeader[] = [pngHeader, jpegHeader, webpHeader, gifHeader, avifHeader];

/**
 * What kind of picture the bytes are, by the bytes alone, or null. It reads headers and decodes no pixels:
 * a picture that passes may still fail to decode. The bytes may be hostile; it never throws.
 */
export function probePicture(bytes: Uint8Array): PictureProbe | null {
  const reader = new ByteReader(bytes);
  const header = headers.find((candidate) => attempt(() => candidate.matches(reader), false));
  if (header === undefined) return null;
  const size = attempt(() => header.readSize(reader), null);
  if (size === null || size.width < 1 || size.height < 1) return null;
  const isComplete = attempt(() => header.isComplete(reader), false);
  return { format: header.format, contentType: `image/${header.format}`, ...size, isComplete };
}

/** A header that ends too soon, or lies about its lengths, throws a RangeError and nothing else. */
function attempt<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof RangeError) return otherwise;
    throw thrown;
  }
}
