import { textBytes, uintBytes } from './byte-parts';
import type { ByteReader } from './byte-reader';
import { fullBoxHeaderBytes, type IsoBox, isoBoxBytes, isoBoxes } from './iso-boxes';

/** One item of an `iinf` box (ISO/IEC 14496-12, 8.11.6). Old entries have no type: it is empty. */
export interface ItemInfo {
  readonly itemId: number;
  readonly type: string;
  /** For the type `mime`, as written: name, content type and content encoding, each ended by a 0. */
  readonly strings: string;
}

const longestStrings = 1024;

/** @throws RangeError where the entries are not as many as the box says. */
export function readItemInfos(reader: ByteReader, box: IsoBox): readonly ItemInfo[] {
  const { count, entriesStart } = readHead(reader, box);
  const entries = [...isoBoxes(reader, entriesStart, box.end)];
  if (entries.length !== count) throw new RangeError('the iinf box does not hold what it says');
  return entries.map((entry) => readItemInfo(reader, entry));
}

/**
 * The whole `iinf` box with one item more, of type `mime`.
 * @throws RangeError where the number of items, or the item's, does not fit in 16 bits.
 */
export function withMimeItem(reader: ByteReader, box: IsoBox, itemId: number, contentType: string): Uint8Array {
  const { count, countBytes, entriesStart } = readHead(reader, box);
  const version = new Uint8Array([2, 0, 0, 0]);
  const unprotected = uintBytes(0, 2);
  const strings = textBytes(`mime\0${contentType}\0`);
  return isoBoxBytes('iinf', [
    reader.slice(box.dataStart, box.dataStart + fullBoxHeaderBytes),
    uintBytes(count + 1, countBytes),
    reader.slice(entriesStart, box.end),
    isoBoxBytes('infe', [version, uintBytes(itemId, 2), unprotected, strings]),
  ]);
}

function readHead(reader: ByteReader, box: IsoBox): { count: number; countBytes: number; entriesStart: number } {
  const countBytes = reader.uint(box.dataStart, 1) === 0 ? 2 : 4;
  const countAt = box.dataStart + fullBoxHeaderBytes;
  return { count: reader.uint(countAt, countBytes), countBytes, entriesStart: countAt + countBytes };
}

function readItemInfo(reader: ByteReader, entry: IsoBox): ItemInfo {
  const version = reader.uint(entry.dataStart, 1);
  const idBytes = version === 3 ? 4 : 2;
  const at = entry.dataStart + fullBoxHeaderBytes;
  const itemId = reader.uint(at, idBytes);
  if (version < 2) return { itemId, type: '', strings: '' };
  const typeAt = at + idBytes + 2;
  const type = reader.text(typeAt, 4);
  const stringsBytes = Math.min(entry.end - typeAt - 4, longestStrings);
  return { itemId, type, strings: type === 'mime' ? reader.text(typeAt + 4, stringsBytes) : '' };
}
