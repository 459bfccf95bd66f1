/** More parts than any real picture has, and few enough that a hostile one costs no time. */
const maximumParts = 65_536;

/**
 * The same parts, as long as there are not too many.
 * @throws RangeError at the first too many.
 */
export function* bounded<Part>(parts: Iterable<Part>): Generator<Part> {
  let count = 0;
  for (const part of parts) {
    count += 1;
    if (count > maximumParts) throw new RangeError('too many parts');
    yield part;
  }
}
