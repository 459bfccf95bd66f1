import type { ByteReader } from '../containers/byte-reader';
import type { PictureHeader } from './picture-header';

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
export const gifHeader: PictureHeader = {
  format: 'gif',
  matches: (reader) => ['GIF87a', 'GIF89a'].includes(reader.text(0, 6)),
  readSize: (reader) => ({ width: reader.uintLittleEndian(6, 2), height: reader.uintLittleEndian(8, 2) }),
  isComplete,
};

const screenEnd = 13;
const blocks = { extension: 0x21, image: 0x2c, trailer: 0x3b } as const;

/** Walks the blocks to the trailer; at least one of them is an image. */
function isComplete(reader: ByteReader): boolean {
  let hasPixels = false;
  for (let at = screenEnd + paletteBytes(reader.uint8(10)); ; ) {
    switch (reader.uint8(at)) {
      case blocks.trailer:
        return hasPixels;
      case blocks.extension:
        at = endOfSubBlocks(reader, at + 2);
        break;
      case blocks.image:
        if (!isWithinScreen(reader, at)) return false;
        hasPixels = true;
        at = endOfSubBlocks(reader, at + 11 + paletteBytes(reader.uint8(at + 9)));
        break;
      default:
        return false;
    }
  }
}

/** A frame that is larger than the picture it is part of says of the picture what its header does not. */
function isWithinScreen(reader: ByteReader, image: number): boolean {
  const uint = (at: number) => reader.uintLittleEndian(at, 2);
  return uint(image + 1) + uint(image + 5) <= uint(6) && uint(image + 3) + uint(image + 7) <= uint(8);
}

/** The length of the palette that a byte of flags announces. */
function paletteBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function endOfSubBlocks(reader: ByteReader, start: number): number {
  let at = start;
  for (let length = reader.uint8(at); length > 0; length = reader.uint8(at)) at += 1 + length;
  return at + 1;
}
