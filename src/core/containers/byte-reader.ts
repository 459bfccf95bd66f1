/**
 * Reads over bytes that may be hostile. Every read beyond the end throws a RangeError, so a parser states
 * only what a good file looks like, and its caller catches one thing.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.length = bytes.byteLength;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(at: number): number {
    return this.#view.getUint8(at);
  }

  /** A big-endian unsigned integer of so many bytes; of none it is 0. */
  uint(at: number, sizeBytes: number): number {
    let value = 0;
    for (let index = 0; index < sizeBytes; index += 1) value = value * 256 + this.uint8(at + index);
    return safe(value);
  }

  /** A little-endian unsigned integer of so many bytes. */
  uintLittleEndian(at: number, sizeBytes: number): number {
    let value = 0;
    for (let index = sizeBytes - 1; index >= 0; index -= 1) value = value * 256 + this.uint8(at + index);
    return safe(value);
  }

  /** Bytes as text, one character for each byte: tags and keywords are compared, not shown. */
  text(at: number, sizeBytes: number): string {
    return String.fromCharCode(...this.slice(at, at + sizeBytes));
  }

  /** The bytes from `start` to before `end`, not copied. */
  slice(start: number, end: number): Uint8Array {
    if (start < 0 || end < start || end > this.length) throw new RangeError(`no bytes ${start} to ${end}`);
    return this.bytes.subarray(start, end);
  }
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
  return value;
}
