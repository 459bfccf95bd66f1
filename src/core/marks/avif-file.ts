import { ByteReader } from '../containers/byte-reader';
import { fullBoxHeaderBytes, type IsoBox, isoBoxes, onlyBox } from '../containers/iso-boxes';
import { readItemInfos } from '../containers/item-infos';
import { type ItemLocation, type ItemLocations, readItemLocations } from '../containers/item-locations';
import { hasReference } from '../containers/item-references';

export const xmpContentType = 'application/rdf+xml';

/** An AVIF still picture, taken apart as far as a mark needs it. */
export interface AvifFile {
  readonly reader: ByteReader;
  readonly meta: IsoBox;
  /** The boxes in `meta`. */
  readonly parts: readonly IsoBox[];
  readonly primaryItemId: number;
  readonly locations: ItemLocations;
  /** The item that holds XMP about the primary item, if there is one. */
  readonly xmpItemId: number | null;
  /** A number that no item has. */
  readonly freeItemId: number;
  /** Where the file ends without the XMP that it has. */
  readonly contentEnd: number;
}

/** Boxes that hold no offset into the file. A sequence (`moov`), or anything that we do not know, is left alone. */
const knownBoxes: ReadonlySet<string> = new Set(['ftyp', 'meta', 'mdat', 'free', 'skip']);

/** @throws RangeError where the file is anything but a whole still picture of known boxes. */
export function readAvifFile(bytes: Uint8Array): AvifFile {
  const reader = new ByteReader(bytes);
  const boxes = [...isoBoxes(reader, 0, reader.length)];
  if (boxes[0]?.type !== 'ftyp' || !boxes.every(({ type }) => knownBoxes.has(type)))
    throw new RangeError('unknown box');
  if (boxes.some(({ start }) => reader.uint(start, 4) === 0)) throw new RangeError('a box without an end');
  const meta = onlyBox(boxes, 'meta');
  const parts = [...isoBoxes(reader, meta.dataStart + fullBoxHeaderBytes, meta.end)];
  const infos = readItemInfos(reader, onlyBox(parts, 'iinf'));
  const locations = readItemLocations(reader, onlyBox(parts, 'iloc'));
  const primaryItemId = readPrimaryItem(reader, onlyBox(parts, 'pitm'));
  const references = parts.find(({ type }) => type === 'iref');
  const xmp = infos.find(
    ({ itemId, type, strings }) =>
      type === 'mime' &&
      strings.split('\0')[1] === xmpContentType &&
      hasReference(reader, references, { type: 'cdsc', fromItemId: itemId, toItemId: primaryItemId }),
  );
  if (xmp?.strings.split('\0')[2]) throw new RangeError('the XMP is encoded');
  const xmpItemId = xmp?.itemId ?? null;
  const itemIds = [...infos, ...locations.items].map(({ itemId }) => itemId);
  const freeItemId = 1 + itemIds.reduce((highest, itemId) => Math.max(highest, itemId), 0);
  const contentEnd = contentEndWithout(xmpItemId, locations.items, boxes);
  return { reader, meta, parts, primaryItemId, locations, xmpItemId, freeItemId, contentEnd };
}

function readPrimaryItem(reader: ByteReader, box: IsoBox): number {
  const idBytes = reader.uint(box.dataStart, 1) === 0 ? 2 : 4;
  return reader.uint(box.dataStart + fullBoxHeaderBytes, idBytes);
}

/** XMP that fills the last `mdat`, as ours does, goes with its box; elsewhere its bytes stay, and nothing names them. */
function contentEndWithout(xmpItemId: number | null, items: readonly ItemLocation[], boxes: readonly IsoBox[]): number {
  const last = boxes.at(-1);
  if (last === undefined) return 0;
  const reachesInto = items.filter(({ baseOffset, extents }) =>
    extents.some(({ offset, length }) => baseOffset + offset + length > last.dataStart),
  );
  const isXmpAlone = reachesInto.every(({ itemId }) => itemId === xmpItemId);
  return last.type === 'mdat' && isXmpAlone && reachesInto.length === 1 ? last.start : last.end;
}
