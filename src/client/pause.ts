/** Waits; an abort ends it at once. @throws the signal's reason. */
export function pause(ms: number, signal?: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Doubles with each failure, up to ten seconds; never the same for two clients that failed together. */
export function backOffMs(failures: number): number {
  return Math.min(10_000, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
}
