import { markAvif } from './marks/mark-avif';
import { markJpeg } from './marks/mark-jpeg';
import { markPng } from './marks/mark-png';
import { markWebp } from './marks/mark-webp';
import { type PictureMark, xmpPacket } from './marks/xmp-packet';
import { probePicture } from './picture-probe';
import type { Format } from './rendition';

export type { PictureMark } from './marks/xmp-packet';

type Marker = (bytes: Uint8Array<ArrayBuffer>, packet: Uint8Array) => Uint8Array<ArrayBuffer>;

const markers: Readonly<Record<Format, Marker>> = { png: markPng, jpeg: markJpeg, webp: markWebp, avif: markAvif };

/**
 * A picture with the machine-readable mark that an AI made it: IPTC's digital source type, in XMP. XMP that it has
 * is replaced; pixels and all else stay byte for byte. It is for renditions: a master is never rewritten, and a
 * C2PA signature over the file would no longer hold.
 *
 * A file that is cut short, of another format, or built in a way that we do not know (an AVIF sequence, for one), comes back as it is:
 * the same array. A picture without a mark is better than a broken one.
 */
export function markPicture(
  bytes: Uint8Array<ArrayBuffer>,
  format: Format,
  mark: PictureMark,
): Uint8Array<ArrayBuffer> {
  const probe = probePicture(bytes);
  if (probe?.format !== format || !probe.isComplete) return bytes;
  try {
    return markers[format](bytes, xmpPacket(mark));
  } catch (thrown) {
    if (thrown instanceof RangeError) return bytes;
    throw thrown;
  }
}
