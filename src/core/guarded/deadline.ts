import { GuardError } from './guard-error';

/** One time limit for everything that is awaited under it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** What was promised, or a GuardError once the time is over or what was promised fails. */
  race<Value>(promised: Promise<Value>, failure: string): Promise<Value>;
  end(): void;
}

/** Starts the clock. Call `end` when the work is done, or the timer goes on. */
export function startDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController();
  const over = new GuardError('timeout', `The URL did not answer in full within ${timeoutMs / 1000} seconds.`);
  const expiry = Promise.withResolvers<never>();
  expiry.promise.catch(() => undefined);
  const timer = setTimeout(() => {
    expiry.reject(over);
    controller.abort(over);
  }, timeoutMs);
  const race = <Value>(promised: Promise<Value>, failure: string): Promise<Value> =>
    Promise.race([promised, expiry.promise]).catch((thrown: unknown) => {
      throw thrown === over || controller.signal.aborted ? over : new GuardError('network', failure, thrown);
    });
  return { signal: controller.signal, race, end: () => clearTimeout(timer) };
}
