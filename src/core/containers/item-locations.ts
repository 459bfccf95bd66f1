import { joinBytes, uintBytes } from './byte-parts';
import type { ByteReader } from './byte-reader';
import { fullBoxHeaderBytes, type IsoBox, isoBoxBytes } from './iso-boxes';

/** Where one part of an item is, counted from the item's base offset. */
export interface ItemExtent {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
}

export interface ItemLocation {
  readonly itemId: number;
  /** 0: offsets into the file; 1: into the `idat` box; 2: into another item. */
  readonly constructionMethod: number;
  /** 0: this file. */
  readonly dataReferenceIndex: number;
  readonly baseOffset: number;
  readonly extents: readonly ItemExtent[];
}

/** An `iloc` box (ISO/IEC 14496-12, 8.11.3): its version, the width of its numbers in bytes, and its items. */
export interface ItemLocations {
  readonly version: number;
  readonly widths: { readonly offset: number; readonly length: number; readonly base: number; readonly index: number };
  readonly items: readonly ItemLocation[];
}

/** More than any real picture has, and few enough that a hostile file cannot fill the memory. */
const maximumEntries = 10_000;

/**
 * Reads an `iloc` box of version 0, 1 or 2.
 * @throws RangeError where it is another version, does not hold what it says, or lists too much.
 */
export function readItemLocations(reader: ByteReader, box: IsoBox): ItemLocations {
  const version = reader.uint(box.dataStart, 1);
  if (version > 2) throw new RangeError('unknown iloc version');
  let at = box.dataStart + fullBoxHeaderBytes;
  let entries = 0;
  const take = (sizeBytes: number): number => {
    const value = reader.uint(at, sizeBytes);
    at += sizeBytes;
    if (at > box.end) throw new RangeError('the iloc box is too short');
    return value;
  };
  const countEntries = (count: number): number => {
    entries += count;
    if (entries > maximumEntries) throw new RangeError('the iloc box lists too much');
    return count;
  };
  const widths = readWidths(take(2), version);
  const items: ItemLocation[] = [];
  for (let rest = countEntries(take(version < 2 ? 2 : 4)); rest > 0; rest -= 1) {
    const itemId = take(version < 2 ? 2 : 4);
    const constructionMethod = version === 0 ? 0 : take(2) % 16;
    const dataReferenceIndex = take(2);
    const baseOffset = take(widths.base);
    const extents = Array.from({ length: countEntries(take(2)) }, () => ({
      index: take(widths.index),
      offset: take(widths.offset),
      length: take(widths.length),
    }));
    items.push({ itemId, constructionMethod, dataReferenceIndex, baseOffset, extents });
  }
  return { version, widths, items };
}

/**
 * The whole `iloc` box.
 * @throws RangeError where a number does not fit in its width.
 */
export function itemLocationsBytes({ version, widths, items }: ItemLocations): Uint8Array<ArrayBuffer> {
  const idBytes = version < 2 ? 2 : 4;
  const packedWidths = new Uint8Array([widths.offset * 16 + widths.length, widths.base * 16 + widths.index]);
  const entries = items.flatMap((item) => [
    uintBytes(item.itemId, idBytes),
    ...(version === 0 ? [] : [uintBytes(item.constructionMethod, 2)]),
    uintBytes(item.dataReferenceIndex, 2),
    uintBytes(item.baseOffset, widths.base),
    uintBytes(item.extents.length, 2),
    ...item.extents.map((extent) => extentBytes(extent, widths)),
  ]);
  const header = [new Uint8Array([version, 0, 0, 0]), packedWidths, uintBytes(items.length, idBytes)];
  return isoBoxBytes('iloc', [...header, ...entries]);
}

function extentBytes(extent: ItemExtent, widths: ItemLocations['widths']): Uint8Array {
  const index = widths.index === 0 ? [] : [uintBytes(extent.index, widths.index)];
  return joinBytes([...index, uintBytes(extent.offset, widths.offset), uintBytes(extent.length, widths.length)]);
}

function readWidths(packed: number, version: number): ItemLocations['widths'] {
  const nibble = (shift: number): number => {
    const width = (packed >> shift) & 15;
    if (width !== 0 && width !== 4 && width !== 8) throw new RangeError('unknown iloc width');
    return width;
  };
  return { offset: nibble(12), length: nibble(8), base: nibble(4), index: version === 0 ? 0 : nibble(0) };
}
