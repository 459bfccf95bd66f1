/** What of the data is given at once. */
export const sliceBytes = 2_048;
/** No byte of zlib data comes to more. https://zlib.net/zlib_tech.html */
export const mostRatio = 1_032;
/** More than an inflater holds back of one slice until the next. */
const heldBackBytes = 16;

/**
 * Inflates zlib data, a little at a time. The platform inflates all that it is given, whether anybody reads it or not:
 * so it is given a slice, and the next only once what the last came to was taken. Whoever has read enough stops, and
 * nothing more is inflated. However small the parts are, slices are of one size, and the read that waits for one has
 * room for all that it comes to: no clock is needed to tell whether there is more. What it yields is good until the next.
 * @throws TypeError when it is not zlib's, or not whole.
 */
export async function* inflated(parts: Iterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = new DecompressionStream('deflate');
  const [reader, writer] = [readable.getReader({ mode: 'byob' }), writable.getWriter()];
  const readInto = (room: ArrayBufferLike) => settling(reader.read(new Uint8Array(room)));
  let read: ReturnType<typeof readInto> | null = null;
  try {
    for (const slice of slicesOf(parts)) {
      // Only the last slice may be smaller than the first.
      read ??= readInto(new ArrayBuffer(mostRatio * (slice.length + heldBackBytes)));
      await writer.write(slice);
      // Where the slice came to nothing, the same read waits for the next.
      if (!read.isSettled) continue;
      const { done, value } = await read.promise;
      if (done) break;
      yield value;
      read = readInto(value.buffer);
    }
    const closed = quietly(writer.close());
    let last = await (read ?? readInto(new ArrayBuffer(1))).promise;
    for (; !last.done; last = await reader.read(new Uint8Array(last.value.buffer))) yield last.value;
    await closed;
  } finally {
    await Promise.allSettled([writer.abort(), reader.cancel()]);
  }
}

/** Slices of one size, but for the last. They share their bytes: each is good until the next. */
function* slicesOf(parts: Iterable<Uint8Array<ArrayBuffer>>): Generator<Uint8Array<ArrayBuffer>> {
  const slice = new Uint8Array(sliceBytes);
  let filled = 0;
  for (const part of parts) {
    for (let start = 0; start < part.length; ) {
      const piece = part.subarray(start, start + sliceBytes - filled);
      slice.set(piece, filled);
      start += piece.length;
      filled = (filled + piece.length) % sliceBytes;
      if (filled === 0) yield slice;
    }
  }
  if (filled > 0) yield slice.subarray(0, filled);
}

/** A promise that may fail while nobody waits for it, and whether it has come to an end yet. */
interface Settling<Value> {
  readonly promise: Promise<Value>;
  readonly isSettled: boolean;
}

function settling<Value>(promise: Promise<Value>): Settling<Value> {
  const state = { promise, isSettled: false };
  const settle = () => {
    state.isSettled = true;
  };
  promise.then(settle, settle);
  return state;
}

/** The same promise, which may fail while nobody waits for it. */
function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
