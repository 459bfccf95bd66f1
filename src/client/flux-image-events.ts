/** What a `<flux-image>` tells of itself. All events bubble, and leave the shadow trees that they happen in. */
export interface FluxImageEvents {
  /** The picture was ordered, or waits for its turn. */
  readonly 'flux-queued': CustomEvent<{ readonly prompt: string }>;
  /** It is being made; `progress` is 0 to 1. */
  readonly 'flux-rendering': CustomEvent<{ readonly progress: number }>;
  /** It is shown. `fingerprint` and `seed` are known of pictures that this element ordered. */
  readonly 'flux-ready': CustomEvent<ShownPicture>;
  /** It is not, and why: `code` is the service's, or `not_loaded` where the browser alone knows more. */
  readonly 'flux-error': CustomEvent<{
    readonly code: string;
    readonly message: string;
    readonly isRetryable: boolean;
  }>;
}

export interface ShownPicture {
  /** What the browser chose to show of it. */
  readonly src: string;
  /** The picture's own size in pixels, whatever box it is shown in. */
  readonly width: number;
  readonly height: number;
  readonly fingerprint: string | null;
  readonly seed: number | null;
}

declare global {
  interface HTMLElementEventMap extends FluxImageEvents {}
}

export function tell<Name extends keyof FluxImageEvents>(
  target: EventTarget,
  name: Name,
  detail: FluxImageEvents[Name]['detail'],
): void {
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
