import type { FaultRecord } from '../core/fault';
import type { Candidate, Grant, Report } from '../core/gate';
import type { ImageRequest } from '../core/image-request';
import type { Offer } from '../core/market';
import type { WebhookMoment, WebhookOrder } from '../core/order';
import type { Provider, ProviderContext } from '../core/provider';
import type { Budgets, Spending } from '../core/spending';
import type { TaskHandle } from '../core/task-id';
import type { PictureFacts } from '../storage/recipe';
import type { Buyer, Ending, Joiner, Plan, Purse, RenderRecord } from './render-record';
import type { RenderView } from './render-view';

/** A webhook that a task asked for, kept until it was delivered or given up. */
export interface WebhookRecord {
  readonly taskId: string;
  readonly generation: number;
  readonly nonce: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly origin: string;
  readonly webhook: WebhookOrder;
  readonly moment: WebhookMoment;
  /** Names the message: the same at every try. */
  readonly messageId: string;
  readonly tries: number;
  readonly nextAt: number;
}

/** What settles a render: everything that the ledger and the provenance record need. */
export interface Settlement {
  readonly record: RenderRecord;
  readonly ending: Ending;
  /** Tasks that joined and did not leave: thousands perhaps, so that they are read one after the other, once. */
  readonly joiners: Iterable<Joiner>;
}

/** Places, circuits and latencies of providers, shared by all renders. */
export interface Gate {
  acquire(render: string, candidates: readonly Candidate[]): Promise<Grant>;
  report(provider: string, report: Report): Promise<void>;
}

/** Everything that a Render object may touch outside itself. */
export interface RenderPorts {
  /** What each provider could do about a request, in the order in which they would be asked. */
  offers(request: ImageRequest, plan: Plan): readonly Offer[];
  /** A provider by its id, with the caller's own key where there is one; null when it is not configured (any more). */
  provider(id: string, plan: Plan): Promise<Provider | null>;
  readonly gate: Gate;
  readonly context: ProviderContext;
  readonly deadlineMs: number;
  /** Whether to buy again what may have been bought already. */
  readonly rebuysUnknown: boolean;
  readonly draw: () => number;
  /** Sets the money for it aside in the buyer's account. A fault: it may not begin. Safe to repeat. */
  reserve(record: RenderRecord, spending: Spending): Promise<FaultRecord | null>;
  /**
   * Has a joiner's account set aside what joining costs, for as many of `atMost` as it has the money for, besides what it
   * keeps for those who joined before. A fault: for none.
   */
  hold(record: RenderRecord, asked: JoinHold): Promise<{ readonly count: number } | { readonly fault: FaultRecord }>;
  /** Gives back what is set aside beyond `keptMicros`. */
  giveBack(record: RenderRecord, held: Purse & Pick<JoinHold, 'keptMicros'>): Promise<void>;
  /** What stands beside the picture where it is stored already, perhaps by a render that was cleaned up a moment ago. */
  storedFacts(fingerprint: string): Promise<PictureFacts | null>;
  /** What stands beside the picture that this attempt made, though its storing was cut off: its recipe is written now. Safe to repeat. */
  salvage(record: RenderRecord): Promise<PictureFacts | null>;
  /** Checks, stores once, and tells what is stored: an earlier picture of that fingerprint wins. Safe to repeat. */
  store(picture: {
    record: RenderRecord;
    provider: Provider;
    charge: number | null;
    bytes: Uint8Array<ArrayBuffer>;
  }): Promise<PictureFacts>;
  /** Takes what it cost from the accounts and writes the ledger's rows, each once however often it is called. */
  settle(settlement: Settlement): Promise<void>;
  /** One try to deliver a webhook; `view` is null where only the store knows the picture. True: delivered, or not wanted. */
  tell(webhook: WebhookRecord, view: RenderView | null): Promise<boolean>;
  /** An error is what the operator is to mend: a warning, which is what it is unless said, is not shown everywhere. */
  log(event: string, facts: Readonly<Record<string, unknown>>, level?: 'warning' | 'error'): void;
}

/** Money to be set aside for joiners of one account, within the same allowances. */
export interface JoinHold extends Budgets {
  readonly accountId: string;
  readonly keptMicros: number;
  readonly eachMicros: number;
  readonly atMost: number;
  /** Orders, by the ids of their shares, that keep room for what they now join. */
  readonly joining?: readonly string[];
}

/** Asks a Render object to make its picture, or joins the making. */
export interface JoinRequest {
  readonly fingerprint: string;
  readonly request: ImageRequest;
  readonly buyer: Buyer;
  readonly plan: Plan;
  /** What buying it has to fit into. */
  readonly spending: Spending;
  /** The buyer's task, as far as it is known before the attempt has a name. */
  readonly handle: TaskHandle;
  /** Whether the client says that it sends the order again. */
  readonly isRetry: boolean;
  /** For how long after a failure of the buyer's account no new attempt begins; absent: one begins at once. */
  readonly restAfterFailureMs?: number;
  /** What it costs to join, once the picture is there. */
  readonly joinPriceMicros: number;
  /** SHA-256 of the stored picture that this one is to take the place of: it is made although it is stored. */
  readonly replaces?: string;
}

/**
 * `stored`: it was finished before this call arrived. `refused`: nobody was making it, and the account may not have it
 * made. `unpaid`: it is being made, and the account cannot pay for joining. `failed`: the same order was paid for, or may have been, and came to nothing: it does not buy again by itself; or
 * the last attempt failed so little ago that none is to begin yet.
 * Otherwise the attempt that the caller is now part of.
 */
export type JoinAnswer =
  | { readonly kind: 'stored' }
  | { readonly kind: 'refused' | 'unpaid' | 'failed'; readonly fault: FaultRecord }
  | { readonly kind: 'bought' | 'joined'; readonly generation: number };
