import { bounded } from './bounded';
import { joinBytes, textBytes, uintBytes } from './byte-parts';
import type { ByteReader } from './byte-reader';

/** A box of an ISO base media file (ISO/IEC 14496-12), such as AVIF. */
export interface IsoBox {
  readonly type: string;
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
}

/** A version and flags stand before the content of a "full" box. */
export const fullBoxHeaderBytes = 4;

/**
 * The boxes from `start` to `end`, one behind the other. A box of size 0 runs to the end.
 * @throws RangeError at a box that does not fit, or is smaller than its own header.
 */
export function isoBoxes(reader: ByteReader, start: number, end: number): Generator<IsoBox> {
  return bounded(walk(reader, start, end));
}

/**
 * The first box of a type, or undefined.
 * @throws RangeError where a box before it does not fit.
 */
export function findBox(boxes: Iterable<IsoBox>, type: string): IsoBox | undefined {
  for (const box of boxes) if (box.type === type) return box;
  return undefined;
}

/**
 * The only box of a type.
 * @throws RangeError where there is none, or more than one.
 */
export function onlyBox(boxes: readonly IsoBox[], type: string): IsoBox {
  const [box, ...others] = boxes.filter((candidate) => candidate.type === type);
  if (box === undefined || others.length > 0) throw new RangeError(`expected one ${type} box`);
  return box;
}

/** A whole box with a size of 32 bits. */
export function isoBoxBytes(type: string, content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = joinBytes(content);
  return joinBytes([uintBytes(data.byteLength + 8, 4), textBytes(type), data]);
}

function readBox(reader: ByteReader, start: number, limit: number): IsoBox {
  const declaredBytes = reader.uint(start, 4);
  const isLarge = declaredBytes === 1;
  const headerBytes = isLarge ? 16 : 8;
  const sizeBytes = isLarge ? reader.uint(start + 8, 8) : declaredBytes === 0 ? limit - start : declaredBytes;
  const end = start + sizeBytes;
  if (sizeBytes < headerBytes || end > limit) throw new RangeError('the box does not fit');
  return { type: reader.text(start + 4, 4), start, dataStart: start + headerBytes, end };
}

function* walk(reader: ByteReader, start: number, end: number): Generator<IsoBox> {
  for (let at = start; at < end; ) {
    const box = readBox(reader, at, end);
    yield box;
    at = box.end;
  }
}
