/** How often all renders that wait may ask together: a quarter of what one object answers. */
const asksPerSecond = 250;
const longestWaitMs = 60_000;
/** Longer than anybody is told to wait: who has not come back by then never will. */
const forgottenAfterMs = 2 * longestWaitMs;

/**
 * Renders that found no place at a provider. The more of them there are, the longer each is told to wait before it asks
 * again, so that a thousand in the queue are no flood of questions to the one object that gives out places.
 */
export class WaitingRoom {
  /** When each asked last, the longest ago first. */
  readonly #askedAt = new Map<string, number>();

  /** Notes that a render found no place. @returns when it is to ask again: not before `atLeastMs` from now */
  wait(render: string, atLeastMs: number, now: number): number {
    this.leave(render);
    this.#askedAt.set(render, now);
    this.#forgetBefore(now - forgottenAfterMs);
    const fairMs = Math.ceil((this.#askedAt.size * 1_000) / asksPerSecond);
    return Math.max(atLeastMs, Math.min(fairMs, longestWaitMs));
  }

  leave(render: string): void {
    this.#askedAt.delete(render);
  }

  #forgetBefore(time: number): void {
    for (const [render, askedAt] of this.#askedAt) {
      if (askedAt >= time) return;
      this.#askedAt.delete(render);
    }
  }
}
