import { isEnded, sequenceOf } from '../core/task';
import type { RenderView } from './render-view';

type Look = () => RenderView | null;

/** Those who wait for a render right now. In memory alone: whoever is cut off asks again. */
export class Audience {
  readonly #listeners = new Set<() => void>();

  /** Tells everybody that something changed. */
  announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** The view once it has ended (or is unknown), or as it stands after `timeoutMs`. */
  waitUntilEnded(look: Look, timeoutMs: number): Promise<RenderView | null> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(look());
      };
      const listener = () => {
        const view = look();
        if (view === null || isEnded(view.status)) finish();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#listeners.add(listener);
      listener();
    });
  }

  /**
   * Each different view as a line of JSON, the first at once, until it has ended. It goes back where a provider would
   * not take the request: whoever looks is told that it waits again, and who is asked next.
   */
  watch(look: Look): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let listener = () => {};
    let told = '';
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        listener = () => {
          const view = look();
          const state = view === null ? told : stateOf(view);
          if (state !== told) controller.enqueue(encoder.encode(`${JSON.stringify(view)}\n`));
          told = state;
          if (view !== null && !isEnded(view.status)) return;
          this.#listeners.delete(listener);
          controller.close();
        };
        this.#listeners.add(listener);
        listener();
      },
      cancel: () => {
        this.#listeners.delete(listener);
      },
    });
  }
}

/** What of a view is worth telling. */
function stateOf(view: RenderView): string {
  return `${sequenceOf(view)} ${view.provider}`;
}
