export type GuardErrorKind = 'address' | 'redirect' | 'timeout' | 'too-large' | 'network';

/** Why nothing was fetched. The message is safe to show: it names no host, and `cause` is for the log alone. */
export class GuardError extends Error {
  override readonly name = 'GuardError';
  readonly kind: GuardErrorKind;

  constructor(kind: GuardErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
