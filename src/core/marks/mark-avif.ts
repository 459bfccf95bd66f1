import { joinBytes } from '../containers/byte-parts';
import { fullBoxHeaderBytes, type IsoBox, isoBoxBytes } from '../containers/iso-boxes';
import { withMimeItem } from '../containers/item-infos';
import { type ItemLocation, type ItemLocations, itemLocationsBytes } from '../containers/item-locations';
import { withReference } from '../containers/item-references';
import { type AvifFile, readAvifFile, xmpContentType } from './avif-file';

const mdatHeaderBytes = 8;

/**
 * An AVIF still picture with the packet as the XMP item of its primary item, in an `mdat` box of its own at the end.
 * `meta` changes its length by that, so every offset to behind it moves along.
 * @throws RangeError where the file is built in a way that we do not know.
 */
export function markAvif(bytes: Uint8Array<ArrayBuffer>, packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = readAvifFile(bytes);
  const { reader, meta, contentEnd } = file;
  // The length of the box does not depend on the numbers in it: the first is made to be measured.
  const growth = metaBytes(file, { growth: 0, packetBytes: packet.byteLength }).byteLength - (meta.end - meta.start);
  return joinBytes([
    reader.slice(0, meta.start),
    metaBytes(file, { growth, packetBytes: packet.byteLength }),
    reader.slice(meta.end, contentEnd),
    isoBoxBytes('mdat', [packet]),
  ]);
}

interface Change {
  /** By how many bytes `meta` becomes longer. */
  readonly growth: number;
  readonly packetBytes: number;
}

function metaBytes(file: AvifFile, change: Change): Uint8Array<ArrayBuffer> {
  const { reader, meta, parts, xmpItemId } = file;
  const hasReferences = parts.some(({ type }) => type === 'iref');
  const contents = parts.map((part) => partBytes(file, part, change));
  return isoBoxBytes('meta', [
    reader.slice(meta.dataStart, meta.dataStart + fullBoxHeaderBytes),
    ...contents,
    ...(xmpItemId === null && !hasReferences ? [withReference(reader, undefined, description(file))] : []),
  ]);
}

function partBytes(file: AvifFile, part: IsoBox, change: Change): Uint8Array {
  const { reader, xmpItemId, freeItemId } = file;
  const isNew = xmpItemId === null;
  if (part.type === 'iloc') return itemLocationsBytes(movedLocations(file, change));
  if (part.type === 'iinf' && isNew) return withMimeItem(reader, part, freeItemId, xmpContentType);
  if (part.type === 'iref' && isNew) return withReference(reader, part, description(file));
  return reader.slice(part.start, part.end);
}

/** `cdsc`: the new item describes the primary one. */
function description({ freeItemId, primaryItemId }: AvifFile) {
  return { type: 'cdsc', fromItemId: freeItemId, toItemId: primaryItemId };
}

function movedLocations(
  { meta, locations, xmpItemId, freeItemId, contentEnd }: AvifFile,
  change: Change,
): ItemLocations {
  const { version, widths, items } = locations;
  const others = items.filter(({ itemId }) => itemId !== xmpItemId);
  const packet: ItemLocation = {
    itemId: xmpItemId ?? freeItemId,
    constructionMethod: 0,
    dataReferenceIndex: 0,
    baseOffset: 0,
    extents: [{ index: 1, offset: contentEnd + change.growth + mdatHeaderBytes, length: change.packetBytes }],
  };
  return {
    version,
    widths: { ...widths, offset: Math.max(4, widths.offset), length: Math.max(4, widths.length) },
    items: [...others.map((item) => movedItem(item, meta, change.growth)), packet],
  };
}

function movedItem(item: ItemLocation, meta: IsoBox, growth: number): ItemLocation {
  if (item.constructionMethod !== 0 || item.dataReferenceIndex !== 0) return item;
  if (item.extents.some(({ length }) => length === 0)) throw new RangeError('an extent without an end');
  if (item.baseOffset >= meta.end) return { ...item, baseOffset: item.baseOffset + growth };
  const extents = item.extents.map((extent) => {
    const start = item.baseOffset + extent.offset;
    if (start >= meta.end) return { ...extent, offset: extent.offset + growth };
    if (start + extent.length <= meta.start) return extent;
    throw new RangeError('an extent within meta');
  });
  return { ...item, extents };
}
