import type { ByteReader } from '../containers/byte-reader';
import { isJpeg, jpegMarkers, jpegSegments } from '../containers/jpeg-segments';
import type { Size } from '../size';
import type { PictureHeader } from './picture-header';

export const jpegHeader: PictureHeader = { format: 'jpeg', matches: isJpeg, readSize, isComplete };

function readSize(reader: ByteReader): Size {
  for (const { marker, dataStart } of jpegSegments(reader)) {
    if (isStartOfFrame(marker)) return { height: reader.uint(dataStart + 1, 2), width: reader.uint(dataStart + 3, 2) };
  }
  throw new RangeError('no frame');
}

function isComplete(reader: ByteReader): boolean {
  let hasPixels = false;
  for (const { marker } of jpegSegments(reader)) hasPixels ||= marker === jpegMarkers.startOfScan;
  return hasPixels;
}

/** SOF0 to SOF15; three codes in that range mean something else: DHT, JPG and DAC. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
