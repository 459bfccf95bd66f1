import type { ByteReader } from '../containers/byte-reader';
import { findBox, fullBoxHeaderBytes, type IsoBox, isoBoxes } from '../containers/iso-boxes';
import { readItemLocations } from '../containers/item-locations';
import type { Size } from '../size';
import type { PictureHeader } from './picture-header';

/** https://aomediacodec.github.io/av1-avif/ */
export const avifHeader: PictureHeader = { format: 'avif', matches, readSize, isComplete };

const maximumBrands = 64;

/** HEIC shares the container and the brand `mif1`: only a brand of AVIF's own, first or further down, makes it AVIF. */
function matches(reader: ByteReader): boolean {
  if (reader.text(4, 4) !== 'ftyp') return false;
  const fileType = findBox(isoBoxes(reader, 0, reader.length), 'ftyp');
  if (fileType === undefined) return false;
  const brandsEnd = Math.min(fileType.end, fileType.dataStart + 4 * maximumBrands);
  for (let at = fileType.dataStart; at + 4 <= brandsEnd; at += 4) {
    if (['avif', 'avis'].includes(reader.text(at, 4))) return true;
  }
  return false;
}

/** The largest of the sizes that the file states: its parts (tiles, alpha, a thumbnail) have theirs too. */
function readSize(reader: ByteReader): Size {
  const properties = boxAt(reader, boxAt(reader, metaBox(reader), 'iprp', fullBoxHeaderBytes), 'ipco', 0);
  let largest: Size = { width: 0, height: 0 };
  for (const box of isoBoxes(reader, properties.dataStart, properties.end)) {
    if (box.type !== 'ispe') continue;
    const at = box.dataStart + fullBoxHeaderBytes;
    const size = { width: reader.uint(at, 4), height: reader.uint(at + 4, 4) };
    if (size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/** Whether the boxes fill the file, and every part of an item that is stored in the file is within it. */
function isComplete(reader: ByteReader): boolean {
  for (const _ of isoBoxes(reader, 0, reader.length));
  const locations = readItemLocations(reader, boxAt(reader, metaBox(reader), 'iloc', fullBoxHeaderBytes));
  const inFile = locations.items.filter((item) => item.constructionMethod === 0 && item.dataReferenceIndex === 0);
  const ends = inFile.flatMap((item) => item.extents.map(({ offset, length }) => item.baseOffset + offset + length));
  return locations.items.length > 0 && ends.every((end) => end <= reader.length);
}

function metaBox(reader: ByteReader): IsoBox {
  return present(findBox(isoBoxes(reader, 0, reader.length), 'meta'));
}

function boxAt(reader: ByteReader, parent: IsoBox, type: string, headerBytes: number): IsoBox {
  return present(findBox(isoBoxes(reader, parent.dataStart + headerBytes, parent.end), type));
}

function present(box: IsoBox | undefined): IsoBox {
  if (box === undefined) throw new RangeError('a box is missing');
  return box;
}
