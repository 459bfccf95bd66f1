/**
 * What the parts of a multipart form hold, byte for byte and in their order: `formData()` gives texts alone, with U+FFFD for
 * what is not UTF-8. One pass, since no delimiter begins within another. Source: https://www.rfc-editor.org/rfc/rfc2046#section-5.1
 */
export function formContents(contentType: string, bytes: Uint8Array): Uint8Array[] {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]*)"|([^\s;]*))/i.exec(contentType) ?? [];
  const delimiter = new TextEncoder().encode(`\r\n--${quoted ?? plain ?? ''}`);
  const contents: Uint8Array[] = [];
  // The first delimiter stands at the beginning, where no line ends before it.
  let start = delimiter.length - 2;
  for (let end = placeOf(delimiter, bytes, start); end >= 0; end = placeOf(delimiter, bytes, start)) {
    const part = bytes.subarray(start, end);
    contents.push(part.subarray(placeOf(headersEnd, part, 0) + headersEnd.length));
    start = end + delimiter.length;
  }
  return contents;
}

const headersEnd = Uint8Array.of(13, 10, 13, 10);

/** Where a sequence begins, from a place on; -1: nowhere. */
function placeOf(sequence: Uint8Array, bytes: Uint8Array, from: number): number {
  const [first = 0] = sequence;
  for (let place = bytes.indexOf(first, from); place >= 0; place = bytes.indexOf(first, place + 1)) {
    let length = 1;
    while (length < sequence.length && bytes[place + length] === sequence[length]) length += 1;
    if (length === sequence.length) return place;
  }
  return -1;
}
