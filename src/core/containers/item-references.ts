import { uintBytes } from './byte-parts';
import type { ByteReader } from './byte-reader';
import { fullBoxHeaderBytes, type IsoBox, isoBoxBytes, isoBoxes } from './iso-boxes';

/** One reference of an `iref` box (ISO/IEC 14496-12, 8.11.12), such as `cdsc`: this item describes that one. */
export interface ItemReference {
  readonly type: string;
  readonly fromItemId: number;
  readonly toItemId: number;
}

/** Whether the box, if there is one, has this reference as the first of its kind. */
export function hasReference(reader: ByteReader, box: IsoBox | undefined, reference: ItemReference): boolean {
  if (box === undefined) return false;
  const idBytes = idWidth(reader, box);
  return [...isoBoxes(reader, box.dataStart + fullBoxHeaderBytes, box.end)].some(
    ({ type, dataStart }) =>
      type === reference.type &&
      reader.uint(dataStart, idBytes) === reference.fromItemId &&
      reader.uint(dataStart + idBytes + 2, idBytes) === reference.toItemId,
  );
}

/**
 * The whole `iref` box, a new one where there was none, with one reference more.
 * @throws RangeError where an item's number does not fit in the box.
 */
export function withReference(reader: ByteReader, box: IsoBox | undefined, reference: ItemReference): Uint8Array {
  const before = box === undefined ? new Uint8Array(fullBoxHeaderBytes) : reader.slice(box.dataStart, box.end);
  const idBytes = box === undefined ? 2 : idWidth(reader, box);
  const [fromItemId, toItemId] = [uintBytes(reference.fromItemId, idBytes), uintBytes(reference.toItemId, idBytes)];
  return isoBoxBytes('iref', [before, isoBoxBytes(reference.type, [fromItemId, uintBytes(1, 2), toItemId])]);
}

function idWidth(reader: ByteReader, box: IsoBox): number {
  return reader.uint(box.dataStart, 1) === 0 ? 2 : 4;
}
