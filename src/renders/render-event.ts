import type { FaultRecord } from '../core/fault';
import type { Charge, Output, RefusalReason, Ticket } from '../core/provider';
import type { PictureFacts } from '../storage/recipe';

/** Everything that can happen to a render. */
export type RenderEvent =
  | { readonly kind: 'submitting'; readonly provider: string; readonly priceMicros: number }
  | { readonly kind: 'no-provider'; readonly fault: FaultRecord }
  | { readonly kind: 'all-busy'; readonly retryAfterMs: number | null; readonly forget: readonly string[] }
  | { readonly kind: 'accepted'; readonly ticket: Ticket; readonly charge: Charge; readonly pollAfterMs: number | null }
  | { readonly kind: 'done'; readonly output: Output; readonly charge: Charge }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly fault: FaultRecord; readonly isFinal: boolean }
  | { readonly kind: 'unknown'; readonly fault: FaultRecord }
  | { readonly kind: 'pending'; readonly progress: number | null; readonly pollAfterMs: number | null }
  | { readonly kind: 'poll-error'; readonly retryAfterMs: number | null }
  | { readonly kind: 'finished'; readonly output: Output; readonly charge: Charge }
  | { readonly kind: 'failed'; readonly fault: FaultRecord; readonly charge: Charge }
  | { readonly kind: 'stored'; readonly sha256: string; readonly facts?: PictureFacts }
  | { readonly kind: 'collect-error'; readonly fault: FaultRecord; readonly isFinal: boolean }
  | { readonly kind: 'settled' }
  | { readonly kind: 'settle-error' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'woke' };
