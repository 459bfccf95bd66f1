/** One array of all the parts, in order. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.byteLength;
  }
  return joined;
}

/** Text as UTF-8. */
export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * A big-endian unsigned integer of so many bytes.
 * @throws RangeError where the value does not fit.
 */
export function uintBytes(value: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** sizeBytes) {
    throw new RangeError(`${value} does not fit in ${sizeBytes} bytes`);
  }
  const bytes = new Uint8Array(sizeBytes);
  let rest = value;
  for (let index = sizeBytes - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** A little-endian unsigned integer of so many bytes. */
export function uintBytesLittleEndian(value: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = uintBytes(value, sizeBytes);
  bytes.reverse();
  return bytes;
}
