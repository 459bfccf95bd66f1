import type { ByteReader } from '../containers/byte-reader';
import type { Format } from '../rendition';
import type { Size } from '../size';

/** Every format that a reference picture or a vendor's answer may have. */
export type PictureFormat = Format | 'gif';

/** How one format's header is read. Each of these may throw a RangeError, which means "no". */
export interface PictureHeader {
  readonly format: PictureFormat;
  /** Whether the file starts as this format does. */
  matches(reader: ByteReader): boolean;
  /** The size in pixels, as stored: no rotation is applied. */
  readSize(reader: ByteReader): Size;
  /** Whether the file goes on to its end. */
  isComplete(reader: ByteReader): boolean;
}
