import type { FaultRecord } from './fault';
import type { ImageRequest, Reference } from './image-request';
import type { JsonObject } from './json';
import type { Price } from './price';

/** Whether a provider can make exactly the picture asked for; if not, what would change, or why it cannot. */
export type Fit =
  | { readonly kind: 'exact' }
  | { readonly kind: 'adjusted'; readonly request: ImageRequest; readonly changes: readonly string[] }
  | { readonly kind: 'cannot'; readonly reasons: readonly string[] };

/** The vendor's handle on a task that it accepted: plain data, kept in the Render object across restarts. */
export type Ticket = JsonObject;

/** Where a finished picture can be collected from: plain data, opaque to all but its provider. */
export type Output = JsonObject;

/** What a vendor charged, in micro-dollars; null where it does not say. */
export type Charge = number | null;

/** The answer to a submit is one of three: accepted (or done at once), refused (nothing was bought), unknown. */
export type Submission =
  | { readonly kind: 'accepted'; readonly ticket: Ticket; readonly charge: Charge; readonly pollAfterMs: number | null }
  | {
      readonly kind: 'done';
      readonly output: Output;
      readonly charge: Charge;
      readonly bytes: Uint8Array<ArrayBuffer> | null;
    }
  | { readonly kind: 'refused'; readonly fault: FaultRecord; readonly isFinal: boolean }
  | { readonly kind: 'unknown'; readonly fault: FaultRecord };

/** What a poll of an accepted task found. A thrown error means that the poll failed, not the task. */
export type Progress =
  | { readonly kind: 'pending'; readonly progress: number | null; readonly pollAfterMs: number | null }
  | { readonly kind: 'ready'; readonly output: Output; readonly charge: Charge }
  | { readonly kind: 'failed'; readonly fault: FaultRecord; readonly charge: Charge };

/** What a provider may touch: the network through a guard, references by digest, the clock. */
export interface ProviderContext {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly readReference: (reference: Reference) => Promise<Uint8Array<ArrayBuffer>>;
  readonly now: () => number;
}

/** An API we buy from. Configured with its key and base URL when made; stateless from then on. */
export interface Provider {
  readonly id: string;
  readonly title: string;
  /** Whether its pictures are placeholders rather than the model's. */
  readonly isSandbox: boolean;
  readonly price: Price;
  fit(request: ImageRequest): Fit;
  submit(request: ImageRequest, context: ProviderContext): Promise<Submission>;
  check(ticket: Ticket, context: ProviderContext): Promise<Progress>;
  /** The bytes of a finished picture. Safe to repeat. */
  collect(output: Output, request: ImageRequest, context: ProviderContext): Promise<Uint8Array<ArrayBuffer>>;
  /** Asks the vendor to stop; null where the vendor has no such call. True means that it stopped and charges nothing. */
  readonly cancel: ((ticket: Ticket, context: ProviderContext) => Promise<boolean>) | null;
}
