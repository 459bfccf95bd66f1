import type { ByteReader } from '../containers/byte-reader';
import { isPng, pngChunks } from '../containers/png-chunks';
import type { PictureHeader } from './picture-header';

export const pngHeader: PictureHeader = {
  format: 'png',
  matches: (reader) => isPng(reader) && reader.text(12, 4) === 'IHDR',
  readSize: (reader) => ({ width: reader.uint(16, 4), height: reader.uint(20, 4) }),
  isComplete,
};

function isComplete(reader: ByteReader): boolean {
  let hasPixels = false;
  for (const chunk of pngChunks(reader)) hasPixels ||= chunk.type === 'IDAT';
  return hasPixels;
}
