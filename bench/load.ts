import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Stands in a shot's body for the number of the request: 1, 2, 3 … over the whole run. */
export const numberMark = '{{number}}';

/** A request that is sent over and over. */
export interface Shot {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What may be answered; 200 alone where absent. */
  readonly answers?: readonly number[];
}

export interface Load {
  readonly shot: Shot;
  /** Kept alive, each with one request at a time. */
  readonly connections: number;
  readonly milliseconds: number;
}

/** What a load came to. */
export interface Slice {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
}

/** Makes load, one after the other. */
export interface LoadGenerator {
  /** @throws Error when any answer was another than those of its shot. */
  fire(load: Load): Promise<Slice>;
  stop(): Promise<unknown>;
}

export function startLoadGenerator(): LoadGenerator {
  const thread = new Worker(new URL('load-thread.ts', import.meta.url));
  return {
    fire: async (load) => {
      const answered = once(thread, 'message');
      thread.postMessage(load);
      const [told]: (Slice | { error: string })[] = await answered;
      if (told === undefined || 'error' in told) throw new Error(told?.error ?? 'The load generator said nothing.');
      return told;
    },
    stop: () => thread.terminate(),
  };
}
