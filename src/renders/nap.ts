/** Waits shorter than this pass inside the running alarm: a new alarm would be one more row written. */
const longestMs = 1_000;

/** A short wait, ended early where there is something to do now. */
export class Nap {
  #waiting: AbortController | null = null;

  /**
   * Waits until a time in milliseconds since 1970, or until it is cut short.
   *
   * @returns false, at once, where that would take longer than a nap does
   */
  async until(dueAt: number): Promise<boolean> {
    const delayMs = dueAt - Date.now();
    if (delayMs > longestMs) return false;
    if (delayMs <= 0) return true;
    this.#waiting = new AbortController();
    await scheduler.wait(delayMs, { signal: this.#waiting.signal }).catch(() => undefined);
    return true;
  }

  cutShort(): void {
    this.#waiting?.abort();
  }
}
