/** The same values, with a null whenever `everyMs` passes without one, so that no proxy takes the stream for dead. */
export async function* withHeartbeat<Value>(
  values: AsyncGenerator<Value>,
  everyMs: number,
): AsyncGenerator<Value | null> {
  try {
    let next = values.next();
    for (;;) {
      const result = await orPause(next, everyMs);
      if (result === null) yield null;
      else if (result.done === true) return;
      else {
        yield result.value;
        next = values.next();
      }
    }
  } finally {
    await values.return(undefined);
  }
}

/** The result, or null after `ms`. */
async function orPause<Result>(result: Promise<Result>, ms: number): Promise<Result | null> {
  const isOver = new AbortController();
  const pause = scheduler.wait(ms, { signal: isOver.signal }).then(() => null);
  try {
    return await Promise.race([result, pause]);
  } finally {
    pause.catch(() => undefined);
    isOver.abort();
  }
}
