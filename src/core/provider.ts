import type { Capability } from './capability';
import type { FaultRecord } from './fault';
import type { Fetch } from './guarded-fetch';
import type { ImageRequest, Reference } from './image-request';
import type { JsonObject } from './json';

/** The vendor's handle on a task that it accepted: plain data, kept in the Render object across restarts. */
export type Ticket = JsonObject;

/** Where a finished picture can be collected from: plain data, opaque to all but its provider. */
export type Output = JsonObject;

/** What a vendor charged, in micro-dollars; null where it does not say. */
export type Charge = number | null;

/** Why a vendor refused to sell. `invalid`: it does not take this request; `busy`: not now. */
export const refusalReasons = ['credentials', 'credit', 'busy', 'invalid', 'moderated', 'unavailable'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** The answer to a submit is one of three: accepted (or done at once), refused (nothing was bought), unknown. */
export type Submission =
  | { readonly kind: 'accepted'; readonly ticket: Ticket; readonly charge: Charge; readonly pollAfterMs: number | null }
  | {
      readonly kind: 'done';
      readonly output: Output;
      readonly charge: Charge;
      readonly bytes: Uint8Array<ArrayBuffer> | null;
    }
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly fault: FaultRecord;
      readonly isFinal: boolean;
      /** For the operator's log alone, in our own words: a vendor's may repeat the key. */
      readonly note?: string;
    }
  | { readonly kind: 'unknown'; readonly fault: FaultRecord };

/** What a poll of an accepted task found. A thrown error means that the poll failed, not the task. */
export type Progress =
  | { readonly kind: 'pending'; readonly progress: number | null; readonly pollAfterMs: number | null }
  | { readonly kind: 'ready'; readonly output: Output; readonly charge: Charge }
  | { readonly kind: 'failed'; readonly fault: FaultRecord; readonly charge: Charge };

/** What a provider may touch: the network through a guard, references by digest, the clock. */
export interface ProviderContext {
  /** Sends to the vendor itself: see `vendor-call.ts`. */
  readonly fetch: Fetch;
  readonly readReference: (reference: Reference) => Promise<Uint8Array<ArrayBuffer>>;
  /** A reference as a PNG of at most 1,024 pixels an edge; null where it cannot be converted. */
  readonly readThumbnail?: (reference: Reference) => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly now: () => number;
  /** When a purchase is of no use any more: no call of one goes on for longer. Absent: its own time limit is all. */
  readonly endsBy?: number;
}

/** An API we buy from. Configured with its key and base URL when made; stateless from then on. */
export interface Provider {
  readonly id: string;
  readonly title: string;
  /** Whether its pictures are placeholders rather than the model's. */
  readonly isSandbox: boolean;
  readonly capability: Capability;
  /** Buys. Whatever it throws leaves the outcome unknown. */
  submit(request: ImageRequest, context: ProviderContext): Promise<Submission>;
  /** Asks how far an accepted task is. Throwing means that the poll failed, not the task. */
  check(ticket: Ticket, context: ProviderContext): Promise<Progress>;
  /** The bytes of a finished picture. Safe to repeat. */
  collect(output: Output, request: ImageRequest, context: ProviderContext): Promise<Uint8Array<ArrayBuffer>>;
  /** Asks the vendor to stop; null where it has no such call. True means that it stopped and charges nothing. */
  readonly cancel: ((ticket: Ticket, context: ProviderContext) => Promise<boolean>) | null;
}

/** The platform's own binding to the models that it serves: no key, no network of ours. */
export interface AiBinding {
  run(model: string, input: unknown): Promise<unknown>;
}

/** What the operator set for a provider. */
export interface ProviderSettings {
  /** Empty where the provider is bought from by a binding instead. */
  readonly apiKey: string;
  /** Where its API is; the vendor's own where the operator set none. Ends without a slash. */
  readonly baseUrl: string;
  /** Only for those that need one. */
  readonly accountId: string | null;
  /** The deployment's AI binding, for the provider that can use it; null where there is none. */
  readonly ai: AiBinding | null;
}

/** How a provider comes to be: one line of the registry. */
export interface ProviderEntry {
  readonly id: string;
  readonly title: string;
  /** What its settings are called in the environment: `${prefix}_API_KEY`, `${prefix}_BASE_URL`. */
  readonly prefix: string;
  readonly defaultBaseUrl: string;
  /** The vendor's own page. */
  readonly documentation: string;
  readonly capability: Capability;
  /** Whether the deployment's AI binding does instead of a key. */
  readonly takesAiBinding?: boolean;
  create(settings: ProviderSettings): Provider;
}
