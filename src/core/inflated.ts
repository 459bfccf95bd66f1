import { withinTime } from './time-limit';

/** What of the data is given at once: it comes to a thousand times as much, and no more. */
const sliceBytes = 16_384;

/**
 * Inflates zlib data, a little at a time. The platform inflates all that it is given, whether anybody reads it or not:
 * so it is given a slice, and the next only once what the last came to was taken. Whoever has read enough stops, and
 * nothing more is inflated.
 * @throws TypeError when it is not zlib's, or not whole.
 */
export async function* inflated(parts: Iterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = new DecompressionStream('deflate');
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  let next = quietly(reader.read());
  let longest = 0;
  try {
    for (const slice of slicesOf(parts)) {
      await writer.write(slice);
      // A chunk that is shorter than others was the last of what is there.
      for (let isLast = false; !isLast; ) {
        const chunk = await withinTime(next, 0);
        if (chunk?.value === undefined) break;
        next = quietly(reader.read());
        isLast = chunk.value.length < longest;
        longest = Math.max(longest, chunk.value.length);
        yield chunk.value;
      }
    }
    const closed = quietly(writer.close());
    for (let chunk = await next; chunk.value !== undefined; chunk = await reader.read()) yield chunk.value;
    await closed;
  } finally {
    await Promise.allSettled([writer.abort(), reader.cancel()]);
  }
}

function* slicesOf(parts: Iterable<Uint8Array<ArrayBuffer>>): Generator<Uint8Array<ArrayBuffer>> {
  for (const part of parts)
    for (let start = 0; start < part.length; start += sliceBytes) yield part.subarray(start, start + sliceBytes);
}

/** The same promise, which may fail while nobody waits for it. */
function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
