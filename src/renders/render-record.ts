import type { FaultRecord } from '../core/fault';
import type { ImageRequest } from '../core/image-request';
import type { Charge, Output, RefusalReason, Ticket } from '../core/provider';
import type { TaskHandle } from '../core/task-id';
import type { PictureFacts } from '../storage/recipe';

/** Who is to make the picture, where the caller said so. */
export interface Plan {
  /** The one provider to ask; null: any that can make exactly this. */
  readonly provider: string | null;
  /** The caller's own vendor key, encrypted; null: the operator's. */
  readonly sealedKey: string | null;
}

/** Who caused a purchase, and pays for it. */
export interface Buyer {
  readonly accountId: string;
  /** Which key of the account's; null for the development key. */
  readonly keyId: string | null;
  readonly dialect: string;
  /** What tells the buyer's task from others of the same render. */
  readonly nonce: string;
  readonly quotedMicros: number;
  /** What names the order across retries, hashed; absent or null: each is an order of its own. */
  readonly order?: string | null;
}

/** Of which account a joiner's money is, and within which allowances of it, by their names. */
export interface Purse {
  readonly accountId: string;
  /** Absent: none, or it joined in earlier days. */
  readonly allowances?: readonly string[];
}

/** A task that joined: what it saved, and what it costs, once the picture is there. */
export interface Joiner extends Purse {
  readonly dialect: string;
  readonly savedMicros: number;
  readonly chargedMicros: number;
  /** Whether its account has set that aside. Absent: nothing limits it, or it joined in earlier days. */
  readonly isHeld?: boolean;
  /** What names its order across retries, hashed, where that is charged once; absent: it is an order of its own. */
  readonly order?: string;
  /** It was cancelled, or refused for want of money: it neither saves nor costs anything. */
  readonly hasLeft?: boolean;
}

/** What a purchase came to. `unknown` and `unfinished` may have cost money without giving a picture. */
export type Outcome = 'ready' | 'failed' | 'moderated' | 'unknown' | 'unfinished' | 'lost' | 'cancelled' | 'refused';

/** How a render ended. `provider` is null when nothing was submitted. */
export interface Ending {
  readonly outcome: Outcome;
  readonly provider: string | null;
  /** By the provider's price list; what is presumed spent where the vendor does not say. */
  readonly priceMicros: number;
  readonly charge: Charge;
  /** Set where the picture was made and sold, and then kept back by moderation: its price is presumed spent. */
  readonly isSold?: boolean;
  readonly fault: FaultRecord | null;
  readonly endedAt: number;
  /** SHA-256 of the master's bytes, where there is a picture. */
  readonly sha256: string | null;
  /** What stands beside the picture in the store: those who wait for it need not read it there. */
  readonly facts?: PictureFacts;
}

/**
 * Where a render is.
 * - queued: nothing was sent yet; `refusals` are the providers that would not take it.
 * - submitting: the intent to buy is written. Found after a restart, nobody can tell whether it was bought.
 * - following: the vendor accepted; only that ticket is followed from here.
 * - collecting: the vendor is done; its picture is fetched and stored.
 * - settling: the end is known and goes into the ledger.
 * - ended: the ledger has it; kept for a while, so that tasks can learn how it ended.
 */
export type Phase =
  | {
      readonly name: 'queued';
      readonly refusals: readonly Refusal[];
      readonly notBefore: number;
      readonly waits: number;
    }
  | {
      readonly name: 'submitting';
      readonly provider: string;
      /** What the provider asks for it, by its price list. */
      readonly priceMicros: number;
      readonly since: number;
      readonly refusals: readonly Refusal[];
      readonly waits: number;
    }
  | ({ readonly name: 'following'; readonly ticket: Ticket; readonly polls: number; readonly errors: number } & Bought)
  | ({ readonly name: 'collecting'; readonly output: Output; readonly tries: number } & Bought)
  | { readonly name: 'settling'; readonly ending: Ending; readonly tries: number; readonly notBefore: number }
  | { readonly name: 'ended'; readonly ending: Ending };

/** A provider that refused: nothing was bought there. */
export interface Refusal {
  readonly provider: string;
  readonly reason: RefusalReason;
  readonly fault: FaultRecord;
  readonly at: number;
}

interface Bought {
  readonly provider: string;
  readonly priceMicros: number;
  readonly charge: Charge;
  readonly acceptedAt: number;
  readonly notBefore: number;
}

/** An attempt that ended without a picture, remembered for the tasks that were waiting for it. */
export interface PastEnding {
  readonly generation: number;
  readonly ending: Ending;
  /** Whose attempt it was; absent in records from before it was kept. */
  readonly buyer?: Buyer;
}

/** All that a Render object stores about itself: one row. Times are milliseconds since 1970. */
export interface RenderRecord {
  readonly fingerprint: string;
  readonly request: ImageRequest;
  readonly buyer: Buyer;
  readonly plan: Plan;
  /** The buyer's task. */
  readonly handle: TaskHandle;
  /** When this attempt began; names it. */
  readonly generation: number;
  readonly deadline: number;
  readonly phase: Phase;
  readonly progress: number;
  /** The nonce of the buyer's task, once that was cancelled. In records of earlier days those of joiners too. */
  readonly cancelled: readonly string[];
  readonly past: readonly PastEnding[];
  /** Submits of this attempt whose outcome nobody knows, where the operator rather buys again. */
  readonly losses: readonly Ending[];
  /** What a hit cost when it began; absent: nothing. */
  readonly hitPriceMicros?: number;
  /** SHA-256 of the stored picture that it takes the place of; absent: there is none. */
  readonly replaces?: string;
}
