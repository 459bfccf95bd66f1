/** What a Range header asks of a body of `size` bytes: the whole of it, a part, or nothing that exists. */
export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly offset: number; readonly length: number }
  | { readonly kind: 'unsatisfiable' };

/** Reads a single byte range (RFC 9110, 14.1.2). Several ranges, or another unit, mean the whole body. */
export function readByteRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (match === null || (first === '' && last === '')) return { kind: 'whole' };
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (first !== '' && last !== '' && Number(last) < Number(first)) return { kind: 'whole' };
  if (offset >= size || (first === '' && Number(last) === 0)) return { kind: 'unsatisfiable' };
  return { kind: 'part', offset, length: end - offset + 1 };
}
